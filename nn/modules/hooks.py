"""Backward hooks of modules: they see the gradients of all inputs and outputs together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import Tensor, cat
from autograd.creation import from_numpy


def watched_call(module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Run ``forward`` and let the module's backward hooks see the gradients on both sides.

    Examples
    --------
    >>> import nn
    >>> from autograd import ones
    >>> watched_call(nn.ReLU(), (ones(2),), {})
    tensor([1., 1.])
    """
    grad_output: list[Any] = []

    def leave(gradients: list[Any]) -> None:
        grad_output[:] = gradients
        if not watched:  # no input will ever be reached
            call([None] * len(inputs))

    def call(gradients: list[Any]) -> list[Any]:
        for hook in [*module._hooks["backward"].values()]:
            changed = hook(module, tuple(gradients), tuple(grad_output))
            if changed is not None:
                gradients = list(changed) if isinstance(changed, (tuple, list)) else [changed]
        return gradients

    watched = any(_differentiable(x) for x in inputs)
    inputs = tuple(_together(inputs, call))
    output = module.forward(*inputs, **named)
    several = isinstance(output, tuple)
    outputs = _together(output if several else (output,), leave)
    return tuple(outputs) if several else outputs[0]


def _differentiable(x: Any) -> bool:
    return isinstance(x, Tensor) and x.requires_grad


def _together(values: Sequence[Any], hook: Callable[[list[Any]], Any]) -> list[Any]:
    """Lead the tensors among the values through one node, where all their gradients are known at the same time."""
    tensors = [x for x in values if _differentiable(x)]
    if not tensors:
        return list(values)
    joined = cat([x.reshape(-1) for x in tensors])

    def cut(flat: Any) -> list[Any]:
        parts, start = [], 0
        for x in values:
            if not _differentiable(x):
                parts.append(None)
                continue
            part = flat[start : start + x.numel()].reshape(x.shape)
            parts.append(part if part.dtype == x.dtype else part.to(x.dtype))
            start += x.numel()
        return parts

    def seen(gradient: Tensor) -> Any:
        given = cut(gradient)
        changed = hook(given)
        if changed is None or all(x is y for x, y in zip(changed, given, strict=True)):
            return None
        kept = [x if isinstance(x, Tensor) else from_numpy(x) for x in changed if x is not None]
        return cat([x.reshape(-1) for x in kept])

    joined.register_hook(seen)
    return [x if part is None else part for x, part in zip(values, cut(joined), strict=True)]
