"""Winograd's transforms for 3x3 kernels and tiles of 2x2 outputs, on vectors of channels.

A tile of 2x2 outputs y depends on 4x4 inputs d and the 3x3 kernel g:

    y = A^T [ (G g G^T) * (B^T d B) ] A

with 16 products where the plain sum needs 36.  Summing over channels makes 16 matrix products of it.  The gradient of
the weights runs the same way backwards.  These matrices use halves and ones only, so they cost no accuracy.
"""

from __future__ import annotations

from typing import Any

from numba import types

from autograd.kernels.vectors import INTEGER, Emitter, intrinsic

INPUT = ((1, 0, -1, 0), (0, 1, 1, 0), (0, -1, 1, 0), (0, 1, 0, -1))  # B^T
WEIGHT = ((1, 0, 0), (0.5, 0.5, 0.5), (0.5, -0.5, 0.5), (0, 0, 1))  # G
OUTPUT = ((1, 1, 1, 0), (0, 1, -1, -1))  # A^T


def _combination(e: Emitter, coefficients: tuple[float, ...], values: list[Any]) -> Any:
    """The sum of coefficient * value; values whose coefficients share a magnitude are added before it is applied."""
    result = None
    for magnitude in sorted({abs(c) for c in coefficients if c}):
        total, negative = None, False
        for coefficient, value in zip(coefficients, values, strict=True):
            if abs(coefficient) != magnitude:
                continue
            if total is None:
                total, negative = value, coefficient < 0
            else:
                total = (e.builder.fsub if (coefficient < 0) != negative else e.builder.fadd)(total, value)
        if magnitude != 1 or (negative and result is None):
            total, negative = e.builder.fmul(total, e.constant(-magnitude if negative else magnitude)), False
        add = e.builder.fsub if negative else e.builder.fadd
        result = total if result is None else add(result, total)
    return result if result is not None else e.zero()


def _sandwich(matrix: tuple[tuple[float, ...], ...]) -> Any:
    """An intrinsic that writes ``matrix @ square @ matrix.T``, where every entry is a vector of channels."""

    @intrinsic
    def sandwich(typing_context, target, target_at, target_row, target_column, source, source_at, row, column):
        def generate(context, builder, signature, arguments):
            e = Emitter(context, builder, signature, arguments, 0)
            size = len(matrix[0])

            def place(base: Any, i: int, j: int, row: Any, column: Any) -> Any:
                return e.at(base, builder.mul(row, INTEGER(i)), builder.mul(column, INTEGER(j)))

            source = e.array(4, arguments[5])
            square = [
                [e.load(place(source, i, j, arguments[6], arguments[7])) for j in range(size)] for i in range(size)
            ]
            columns = [[_combination(e, line, [row[j] for row in square]) for line in matrix] for j in range(size)]
            target = e.array(0, arguments[1])
            for i in range(len(matrix)):
                values = [columns[j][i] for j in range(size)]
                for j, line in enumerate(matrix):
                    e.store(_combination(e, line, values), place(target, i, j, arguments[2], arguments[3]))
            return context.get_dummy_value()

        integer = types.int64
        return types.void(target, integer, integer, integer, source, integer, integer, integer), generate

    return sandwich


def _transposed(matrix: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
    return tuple(zip(*matrix, strict=True))


transform_input = _sandwich(INPUT)
transform_weight = _sandwich(WEIGHT)
transform_output = _sandwich(OUTPUT)
transform_gradient = _sandwich(_transposed(OUTPUT))
transform_back = _sandwich(_transposed(WEIGHT))
