"""Waiting awake for another thread: loops over a flag, without the GIL.

A flag is a 64-bit number that only grows; the loops end when it is large enough, or after a
number of rounds.  Reads acquire and writes release: what a thread wrote before it raised a flag
is seen by the thread that waited for it.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.np import arrayobj

from autograd.kernels.jit import COMPILED, instruction, kernel


@instruction
def _load(typing: Any, array: Any, index: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        flags = arrayobj.make_array(signature.args[0])(context, builder, arguments[0])
        return builder.load_atomic(builder.gep(flags.data, [arguments[1]]), "acquire", 8)

    return types.int64(array, types.intp), generate


@instruction
def _store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        flags = arrayobj.make_array(signature.args[0])(context, builder, arguments[0])
        builder.store_atomic(arguments[2], builder.gep(flags.data, [arguments[1]]), "release", 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.int64), generate


@instruction
def _pause(typing: Any) -> Any:
    """Tell the core that this is a waiting loop: it saves power, and leaves its units to the sibling thread."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        void, number = ir.VoidType(), ir.IntType(32)
        if platform.machine().lower() in ("x86_64", "amd64"):
            hint = builder.module.declare_intrinsic("llvm.x86.sse2.pause", (), ir.FunctionType(void, []))
            builder.call(hint, [])
        elif platform.machine().lower() in ("aarch64", "arm64"):
            hint = builder.module.declare_intrinsic("llvm.aarch64.hint", (), ir.FunctionType(void, [number]))
            builder.call(hint, [number(1)])
        return context.get_dummy_value()

    return types.void(), generate


@kernel
def serve(flags, report, finished, announced, ticket, limit, stagger):
    """Raise flag `report` to `finished`; wait until flag `announced` passes `ticket`, and `stagger` rounds more."""
    _store(flags, report, finished)
    for _ in range(limit):
        if _load(flags, announced) > ticket:
            for _ in range(stagger):
                _pause()
            return
        _pause()


@kernel
def wait(flags, flag, value, limit):
    """Wait until a flag has reached a value."""
    for _ in range(limit):
        if _load(flags, flag) >= value:
            return
        _pause()


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what compiles every kernel of this module."""
    if COMPILED:
        yield "serve", lambda: serve(np.zeros(32, np.int64), 1, 0, 0, 0, 0, 0)
        yield "wait", lambda: wait(np.zeros(32, np.int64), 0, 1, 1)
