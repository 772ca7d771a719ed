"""Compiled loops over numbers: arrays in, arrays out, no nodes.

Nothing here is imported before a problem is large enough to be worth compiling for; the rows of
the op table say what each kernel computes, in NumPy, and the tests compare the two.
"""
