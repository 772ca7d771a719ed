"""What an operation is: one row of the op table, read in several ways.

A row is declared once, with the decorator :func:`operation`.  The decorated function
receives the arithmetic ``m`` to compute with and returns the forward rule, followed by one
local derivative per operand.  Which ``m`` it receives decides how the row is read: on plain
floats, or on nodes, where applying a derivative builds the graph of that derivative.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from autograd import floats

Rule = Callable[..., Any]
Rules = Callable[[Any], tuple[Rule, ...]]
Interval = tuple[float, float]


class Operation:
    """One row of the op table; made by the decorator :func:`operation`.

    Attributes
    ----------
    name : str
        The name of the function and of the method.
    doc : str
        What the operation is, with an example.
    symbol : str
        What the gate shows in a picture.
    arity : int or None
        The number of operands; ``None`` for any number.
    latex : str
        The formula, in the operands ``x``, ``y``, ``z``.
    gradient_latex : tuple of str
        The local derivative for each operand, in LaTeX.
    domain : tuple of (float, float)
        For each operand the interval from which checks sample it.
    operator : str
        The Python operator it is reached by (``"__mul__"``), or ``""``.
    comparison : str
        The comparison of Python that it is (``"__lt__"``), or ``""``: of tensors it is the row,
        of Values a plain bool.
    aliases : tuple of str
        Other names of the function and the method.
    composed : callable or None
        For a compound gate: the same function made of smaller gates, as the lectures draw it,
        called with the arithmetic and the operands.
    collect : callable or None
        For any number of operands: turns the arguments of a call into the operands, in order.
        The rules of such a row receive the operands as one sequence.
    selects : bool
        Whether the last operand is a whole number that selects one of the others, from 0 up.
    routes : bool
        Whether the local derivatives are constant piece by piece, as those of the max gate: an
        operand for which it is zero has no part in the result, and receives zero of any upstream
        gradient, also an infinite one.
    forward : callable
        The forward rule on floats.
    partials : tuple of callable
        The local derivatives on floats, each called with the operands and the output.  A row
        for any number of operands has one, called with the tuple of operands, the output and
        the place of the operand to differentiate for.
    node_partials : tuple of callable
        The same local derivatives on nodes.
    """

    def __init__(
        self,
        rules: Rules,
        *,
        symbol: str,
        latex: str,
        gradient_latex: Sequence[str],
        domain: Sequence[Interval],
        operator: str = "",
        comparison: str = "",
        aliases: Sequence[str] = (),
        composed: Rule | None = None,
        collect: Rule | None = None,
        selects: bool = False,
        routes: bool = False,
    ) -> None:
        self.name = rules.__name__
        self.doc = inspect.cleandoc(rules.__doc__ or "")
        self.symbol = symbol
        self.latex = latex
        self.gradient_latex = tuple(gradient_latex)
        self.domain = tuple(domain)
        self.operator = operator
        self.comparison = comparison
        self.aliases = tuple(aliases)
        self.composed = composed
        self.collect = collect
        self.selects = selects
        self.routes = routes
        self.rules = rules
        forward, *partials = rules(floats)
        self.forward = (lambda *operands: forward(operands)) if collect else forward
        self.partials = tuple(partials)

        code = forward.__code__
        self.arity = None if collect else code.co_argcount
        # For the loop over all nodes: the arity of rows whose operands receive a plain product, or 0.
        self.plain_arity = 0 if routes and self.arity != 1 else self.arity
        self.operand_names = code.co_varnames[: code.co_argcount]
        self.defaults: tuple[float, ...] = forward.__defaults__ or ()
        self._check()

    def _check(self) -> None:
        """Raise TypeError that lists everything the row still needs."""
        rules = 1 if self.arity is None else self.arity
        missing = [what for what in ("symbol", "latex", "doc") if not getattr(self, what)]
        if len(self.partials) != rules:
            missing.append(f"{rules} local derivatives, one per operand (it has {len(self.partials)})")
        if not all(self.gradient_latex) or len(self.gradient_latex) != len(self.partials):
            missing.append(f"{rules} entries of gradient_latex, one per local derivative")
        if len(self.domain) != rules or not all(low < high for low, high in self.domain):
            missing.append(f"{rules} intervals (low, high) of the domain, one per operand")
        if missing:
            raise TypeError(f"operation {self.name}: the row is incomplete, it needs {'; '.join(missing)}")

    @property
    def names(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases)

    @cached_property
    def on_arrays(self) -> tuple[Rule, ...]:
        """The forward rule and the local derivatives on NumPy arrays, when first needed."""
        from autograd import arrays

        forward, *partials = self.rules(arrays)
        return getattr(arrays, self.name, forward), *partials  # NumPy's own function where it has one

    @cached_property
    def node_partials(self) -> tuple[Rule, ...]:
        """The local derivatives read on nodes, when first needed: the functions need the finished table."""
        from autograd import functions

        return self.rules(functions)[1:]

    def __call__(self, *operands: Any, **named: Any) -> Any:
        """Run the operation on nodes and numbers and record it."""
        from autograd import value
        from autograd.recording import apply
        from autograd.tensor import ARRAYS

        bound = self.bind(operands, named)
        run = apply if any(isinstance(operand, ARRAYS) for operand in bound) else value.apply
        return run(self, *bound)

    def bind(self, operands: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """Put the operands of a call in order and fill in the defaults.

        Raises
        ------
        TypeError
            When operands are missing, or too many or unknown ones are given.
        """
        if self.collect:
            return self.collect(*operands, **named)
        names = self.operand_names
        bound = dict(zip(names[len(names) - len(self.defaults) :], self.defaults, strict=True))
        bound.update(zip(names, operands, strict=False))
        misplaced = set(named) - set(names[len(operands) :])
        if misplaced or len(operands) > len(names) or len(bound | named) < len(names):
            given = f"{len(operands)} in order" + "".join(f", {name}=" for name in named)
            raise TypeError(f"{self.name} takes the operands {', '.join(names)}; given were {given}")
        bound.update(named)
        return tuple(bound[name] for name in names)

    def contributions(self, node: Any, upstream: Any, on_nodes: bool) -> list[Any]:
        """Return what each operand of `node`, a scalar, receives: upstream gradient times local gradient."""
        m: Any = floats
        operands, out, partials = node.parents, node, self.partials
        if on_nodes:
            from autograd import functions as m

            partials = self.node_partials
        else:
            operands, out = [operand._data for operand in operands], node._data
        if self.arity is None:
            return [self._times(m, upstream, partials[0](operands, out, i)) for i in range(len(operands))]
        return [
            self._times(m, upstream, partial(*operands, out)) if operand.requires_grad else None
            for partial, operand in zip(partials, node.parents, strict=True)
        ]

    def _times(self, m: Any, upstream: Any, local: Any) -> Any:
        # The graph of a derivative is easier to read without gates that multiply by one.
        if isinstance(local, float) and local == 1.0:
            return upstream
        if isinstance(upstream, float) and upstream == 1.0:
            return local
        return routed(m, upstream, local) if self.routes else upstream * local

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # A row is pickled by its name, so that loading gives this process's own row.
        return lookup, (self.name,)


def routed(m: Any, upstream: Any, local: Any) -> Any:
    """Return upstream gradient times local gradient for a row that routes; `m` is the arithmetic they are in."""
    return m.where(local, upstream, 0.0) * local


OPERATIONS: dict[str, Operation] = {}
"""The op table: every row by its name, in the order of declaration."""


def lookup(name: str) -> Operation:
    """Return the row of the op table called `name`.

    Raises
    ------
    KeyError
        When the table has no such row.

    Examples
    --------
    >>> lookup("mul").symbol
    '*'
    """
    if name not in OPERATIONS:
        raise KeyError(f"the op table has no operation {name!r}; it has {', '.join(OPERATIONS)}")
    return OPERATIONS[name]


def operation(**row: Any) -> Callable[[Rules], Operation]:
    """Declare one row of the op table: the decorator of its rules.

    Parameters
    ----------
    **row
        The columns `symbol`, `latex`, `gradient_latex`, `domain`, and where they apply
        `operator`, `comparison`, `aliases`, `composed`, `routes`; see :class:`Operation`.

    Raises
    ------
    TypeError
        When the row is incomplete or a name is taken, at the import of the declaring module.
    """

    def declare(rules: Rules) -> Operation:
        declared = Operation(rules, **row)
        taken = {name for other in OPERATIONS.values() for name in (*other.names, other.operator, other.comparison)}
        for name in (*declared.names, declared.operator, declared.comparison):
            if name and name in taken:
                raise TypeError(f"operation {declared.name}: the op table already has {name!r}")
        OPERATIONS[declared.name] = declared
        if not hasattr(floats, declared.name):
            setattr(floats, declared.name, declared.forward)
        return declared

    return declare
