"""Programs: a scalar graph recorded once and replayed as machine code.

Read in this order: ``tape`` (the graph as columns), ``derivative`` (what a local derivative
reads), ``runs`` and ``schedule`` (which numbers lie side by side), ``plan`` (the instructions),
``machine``, ``source``, ``kernels`` and ``player`` (the op table as machine code), ``batch``
(many samples at once), ``program`` and ``recording`` (what users call).
"""
