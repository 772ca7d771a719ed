"""The second half of the op table: operations that change shapes, so they exist for arrays only.

A row is declared once, with the decorator :func:`array_operation`.  The decorated function is the
forward rule on NumPy arrays: first its operands, then its options.  Beside it stands one
vector-Jacobian product per operand: the rule that turns the upstream gradient into the operand's.
It receives the arithmetic ``m``: on arrays it gives numbers, on nodes it builds the graph of the
derivative, which gives gradients of any order.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

Rule = Callable[..., Any]


class ArrayOperation:
    """One row of the op table for arrays; made by the decorator :func:`array_operation`.

    Attributes
    ----------
    name : str
        The name of the function and of the method.
    doc : str
        What the operation is, with an example.
    symbol : str
        What the gate shows in a picture.
    latex : str
        The formula.
    forward : callable
        ``forward(*operands, **options)`` on NumPy arrays; for any number of operands its first
        argument is the list of them.
    products : tuple of callable
        For each operand the vector-Jacobian product
        ``(m, upstream, out, *operands, **options)``; for any number of operands one,
        ``(m, upstream, out, operands, i, **options)`` for operand `i`.
    saves : bool
        Whether forward returns a pair: the result, and what the products receive as ``saved``.
    method : bool
        Whether it is a method of ``Tensor`` too.
    arity : int or None
        The number of operands; ``None`` for any number.
    """

    composed = None
    operator = ""
    gradient_latex = ()
    apply: Callable[..., Any]
    """Runs a row on tensors; `autograd.recording`, which needs this module, puts it here."""

    def __init__(
        self,
        forward: Rule,
        *,
        symbol: str,
        latex: str,
        products: Sequence[Rule],
        several: bool = False,
        saves: bool = False,
        method: bool = True,
    ) -> None:
        self.name = forward.__name__
        self.doc = inspect.cleandoc(forward.__doc__ or "")
        self.symbol = symbol
        self.latex = latex
        self.forward = forward
        self.products = tuple(products)
        self.saves = saves
        self.method = method
        self.several = several
        self.arity = None if several else len(self.products)
        parameters = list(inspect.signature(forward).parameters.values())
        self.operand_names = tuple(parameter.name for parameter in parameters[: len(self.products)])
        self.option_names = tuple(parameter.name for parameter in parameters[len(self.products) :])
        self._options = set(self.option_names)
        self.defaults = {
            parameter.name: parameter.default
            for parameter in parameters[len(self.products) :]
            if parameter.default is not parameter.empty
        }
        optional = [p for p in parameters[: len(self.products)] if p.default is None]
        self.required = len(self.products) - len(optional)
        if not (symbol and latex and self.doc and products):
            raise TypeError(f"operation {self.name}: the row needs a symbol, latex, products and a docstring")

    def on_arrays(self, *operands: Any, **options: Any) -> Any:
        """Run the forward rule on arrays and return the result alone."""
        result = self.forward(*operands, **options)
        return result[0] if self.saves else result

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run the operation on tensors and record it."""
        operands, options = self.bind(arguments, named)
        return self.apply(self, operands, options)

    def bind(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Divide the arguments of a call into operands and options, and fill in the defaults.

        Raises
        ------
        TypeError
            When arguments are missing, or too many or unknown ones are given.
        """
        count = len(self.operand_names)
        operands = list(arguments[:count])
        given = dict(zip(self.option_names, arguments[count:], strict=False)) if len(arguments) > count else {}
        options = given | named or self.defaults
        if options.keys() == self._options and len(arguments) - count + len(named) in (0, len(options)):
            for operand in operands:
                if operand is None:
                    break
            else:
                if len(operands) == count and not self.several:
                    return operands, options  # every option is given, or none: the common case, at once
        operands += [named.pop(name, None) for name in self.operand_names[len(operands) :]]
        options = {**self.defaults, **given, **named}
        if (
            len(arguments) > count + len(self.option_names)
            or len(options) != len(self.option_names)
            or not given.keys().isdisjoint(named)
            or any(operand is None for operand in operands[: self.required])
        ):
            for name, operand in zip(self.operand_names[: self.required], arguments, strict=False):
                if operand is None:
                    raise TypeError(f"{self.name}: {name} is None; does a function end without return?")
            options = [
                f"{name}={self.defaults[name]!r}" if name in self.defaults else name for name in self.option_names
            ]
            takes = ", ".join([*self.operand_names, *options])
            names = "".join(f", {name}=" for name in named)
            raise TypeError(f"{self.name} takes ({takes}); given were {len(arguments)} in order{names}")
        if self.several:
            operands = list(operands[0])
            if not operands:
                raise ValueError(f"{self.name}: there is nothing to compute with, give at least one tensor")
        while operands and operands[-1] is None:
            operands.pop()
        return operands, options

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # A row is pickled by its name, so that loading gives this process's own row.
        return lookup, (self.name,)


ARRAY_OPERATIONS: dict[str, ArrayOperation] = {}
"""The rows for arrays by their names, in the order of declaration."""


def lookup(name: str) -> ArrayOperation:
    """Return the row for arrays called `name`.

    Raises
    ------
    KeyError
        When there is no such row.
    """
    if name not in ARRAY_OPERATIONS:
        raise KeyError(f"there is no array operation {name!r}; there are {', '.join(ARRAY_OPERATIONS)}")
    return ARRAY_OPERATIONS[name]


def array_operation(**row: Any) -> Callable[[Rule], ArrayOperation]:
    """Declare one row of the op table for arrays: the decorator of its forward rule.

    Parameters
    ----------
    **row
        The columns `symbol`, `latex`, `products` and where they apply `several`, `saves`,
        `method`; see :class:`ArrayOperation`.

    Raises
    ------
    TypeError
        When the row is incomplete or its name is taken.
    """

    def declare(forward: Rule) -> ArrayOperation:
        declared = ArrayOperation(forward, **row)
        if declared.name in ARRAY_OPERATIONS:
            raise TypeError(f"operation {declared.name}: the op table already has {declared.name!r}")
        ARRAY_OPERATIONS[declared.name] = declared
        return declared

    return declare
