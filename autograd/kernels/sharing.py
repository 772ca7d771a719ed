"""Parts of a kernel on several threads: handed out, computed and reported in machine code, without the GIL.

A thread that asks for the GIL while another one holds it sleeps, and takes longer to wake up than
many kernels run.  So the caller announces a job in an array of 64-bit words, the board, and workers
that wait awake for it join, take parts and leave without any Python.

========== ===========================================================================================
word       meaning
========== ===========================================================================================
JOB        the job's number; whether it is open; how many workers have joined it.  It changes by
           compare-and-exchange, so that nobody joins a job that is closed.
NEXT       the part to be computed next
FAILED     not 0 when a part ran out of memory
FUNCTION   what computes a part: an address of ``int32 function(part, start, stop, arguments)``
ARGUMENTS  the address of its arguments, which are kept by the caller until the job is closed
INTERVALS  the address of (start, stop) of each part
COUNT      how many parts there are
CALL       counts what a worker must leave machine code for
========== ===========================================================================================
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from inspect import signature
from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof, types
from numba._dispatcher import compute_fingerprint
from numba.core import cgutils
from numba.np import arrayobj

from autograd.kernels.jit import COMPILED, inlined, instruction, kernel, made

_LINE = 16  # words: two cache lines, so that threads that write to one word do not disturb the readers of another
JOB, NEXT, FAILED, FUNCTION, CALL = (_LINE * i for i in range(5))
ARGUMENTS, INTERVALS, COUNT = FUNCTION + 1, FUNCTION + 2, FUNCTION + 3
WORDS = 5 * _LINE

_OPEN = 1 << 16  # in JOB, above the number of workers
_NUMBER = 17  # in JOB, the bits below the job's number

_WORD = ir.IntType(64)
_PART = ir.FunctionType(ir.IntType(32), [_WORD] * 4)


def _place(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Return the address of a word of an array: the first two arguments."""
    array = arrayobj.make_array(signature.args[0])(context, builder, arguments[0])
    return builder.gep(array.data, [arguments[1]])


@instruction
def _load(typing: Any, board: Any, word: Any) -> Any:
    """Read a word; what its writer wrote before is seen as well."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load_atomic(_place(context, builder, signature, arguments), "acquire", 8)

    return types.int64(board, types.intp), generate


@instruction
def _store(typing: Any, board: Any, word: Any, value: Any) -> Any:
    """Write a word, after all that was written before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store_atomic(arguments[2], _place(context, builder, signature, arguments), "release", 8)
        return context.get_dummy_value()

    return types.void(board, types.intp, types.int64), generate


@instruction
def _add(typing: Any, board: Any, word: Any, value: Any) -> Any:
    """Add to a word and return what it was before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.atomic_rmw("add", _place(context, builder, signature, arguments), arguments[2], "acq_rel")

    return types.int64(board, types.intp, types.int64), generate


@instruction
def _exchange(typing: Any, board: Any, word: Any, expected: Any, value: Any) -> Any:
    """Write a word if it is as expected; return whether it was."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature, arguments)
        both = builder.cmpxchg(place, arguments[2], arguments[3], "acq_rel", "acquire")
        return builder.extract_value(both, 1)

    return types.boolean(board, types.intp, types.int64, types.int64), generate


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


@instruction
def _give_way(typing: Any) -> Any:
    """Let another thread run on this core, where the system can be asked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if platform.system() != "Windows":
            kind = ir.FunctionType(ir.IntType(32), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "sched_yield"), [])
        return context.get_dummy_value()

    return types.void(), generate


@instruction
def _address(typing: Any, array: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ptrtoint(arrayobj.make_array(signature.args[0])(context, builder, arguments[0]).data, _WORD)

    return types.int64(array), generate


@instruction
def _interval(typing: Any, address: Any, part: Any) -> Any:
    """Read (start, stop) of a part."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        intervals = builder.inttoptr(arguments[0], _WORD.as_pointer())
        first = builder.shl(arguments[1], _WORD(1))
        both = [builder.load(builder.gep(intervals, [builder.add(first, _WORD(i))])) for i in range(2)]
        return context.make_tuple(builder, signature.return_type, both)

    return types.UniTuple(types.int64, 2)(types.int64, types.int64), generate


@instruction
def _packed(typing: Any, kernel: Any, arguments: Any) -> Any:
    """Return the addresses of a function that computes a part, and of what it needs, as words."""
    kinds = (types.int64, types.int64, types.int64, *arguments)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        record = ir.LiteralStructType([_WORD, *(context.get_value_type(kind) for kind in arguments)])
        kept = cgutils.alloca_once(builder, record)
        values = [builder.extract_value(given[1], i) for i in range(len(arguments))]
        for i, kind in enumerate(arguments):
            if isinstance(kind, types.Array):  # counting references would let all threads wait for one word
                array = context.make_array(kind)(context, builder, value=values[i])
                array.meminfo = array.meminfo.type(None)
                values[i] = array._getvalue()
        for i, value in enumerate([given[0], *values]):
            builder.store(value, cgutils.gep_inbounds(builder, kept, 0, i))

        function = ir.Function(builder.module, _PART, f"{builder.function.name}.part")
        function.linkage = "internal"
        inside = ir.IRBuilder(function.append_basic_block())
        part, start, stop, address = function.args
        fields = inside.inttoptr(address, record.as_pointer())
        word, *values = [inside.load(cgutils.gep_inbounds(inside, fields, 0, i)) for i in range(len(values) + 1)]
        callee = inside.inttoptr(word, context.call_conv.get_function_type(types.none, kinds).as_pointer())
        status, _ = context.call_conv.call_function(inside, callee, types.none, kinds, [part, start, stop, *values])
        inside.ret(status.code)
        words = [builder.ptrtoint(function, _WORD), builder.ptrtoint(kept, _WORD)]
        return context.make_tuple(builder, signature.return_type, words)

    return types.UniTuple(types.int64, 2)(kernel, arguments), generate


@instruction
def _compute(typing: Any, function: Any, part: Any, start: Any, stop: Any, arguments: Any) -> Any:
    """Call a function by its address; return 0 when it did what it should."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.call(builder.inttoptr(given[0], _PART.as_pointer()), given[1:])

    return types.int32(*[types.int64] * 5), generate


@inlined
def _work(board):
    """Compute parts until all have been begun."""
    function, arguments = board[FUNCTION], board[ARGUMENTS]
    intervals, count = board[INTERVALS], board[COUNT]
    part = _add(board, NEXT, 1)
    while part < count:
        start, stop = _interval(intervals, part)
        if _compute(function, part, start, stop, arguments):
            _store(board, FAILED, 1)
        part = _add(board, NEXT, 1)


@kernel
def share(board, number, intervals, patience, address, *arguments):
    """Compute all parts of a job together with the workers that join.

    Parameters
    ----------
    board : array of int64
    number : int
        The job's.
    intervals : array of int64, shape (parts, 2)
        Start and stop of each part.
    patience : int
        Rounds to wait awake for workers that have begun the last parts.
    address : int
        Of the kernel, compiled for just these arguments: see `address_of`.
    *arguments
        What the kernel gets besides the part, its start and its stop.

    Returns
    -------
    int
        Not 0 when a part failed.
    """
    function, kept = _packed(address, arguments)
    board[FUNCTION], board[ARGUMENTS] = function, kept
    board[INTERVALS], board[COUNT] = _address(intervals), len(intervals)
    _store(board, NEXT, 0)
    _store(board, FAILED, 0)
    _store(board, JOB, number << _NUMBER | _OPEN)
    _work(board)
    rounds = 0
    while not _exchange(board, JOB, number << _NUMBER | _OPEN, number << _NUMBER):  # workers are still in it
        rounds += 1
        if rounds < patience:
            _pause()
        else:
            _give_way()
    return _load(board, FAILED)


_addresses: dict[tuple[Any, bytes], int] = {}


def address_of(part: Any, arguments: tuple[Any, ...]) -> int:
    """Return where the machine code of a kernel for these arguments is; compile it if need be.

    Parameters
    ----------
    part : kernel
        With the parameters (part, start, stop, ...).
    arguments : tuple
        Those after the first three.
    """
    key = part, compute_fingerprint(arguments)
    if key not in _addresses:
        kinds = (types.int64, types.int64, types.int64, *map(typeof, arguments))
        part.compile(kinds)
        compiled = part.overloads[kinds]
        _addresses[key] = compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name)
    return _addresses[key]


def compile_shared() -> None:
    """Compile `share` for the arguments that the kernels of this process are compiled for by now."""
    board, intervals = typeof(np.zeros(WORDS, np.int64)), typeof(np.zeros((2, 2), np.int64))
    for part in list(made):
        if list(signature(part.py_func).parameters)[:3] == ["part", "start", "stop"]:
            for kinds in part.signatures:
                share.get_call_template((board, types.int64, intervals, types.int64, types.int64, *kinds[3:]), {})


@kernel
def serve(board, call, done, limit):
    """Work on every job that is announced; return after a call, or after so many rounds without a job.

    Parameters
    ----------
    board : array of int64
    call : int
        The last call that the worker has followed.
    done : int
        The number of the last job that the worker has joined.
    limit : int
        Rounds to wait awake.

    Returns
    -------
    int
        The number of the last job that the worker has joined.
    """
    rounds = 0
    while rounds < limit:
        job = _load(board, JOB)
        if job & _OPEN and job >> _NUMBER != done and _exchange(board, JOB, job, job + 1):
            _work(board)
            _add(board, JOB, -1)
            done = job >> _NUMBER
            rounds = 0
        if _load(board, CALL) != call:
            break
        _pause()
        rounds += 1
    return done


def examples() -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what compiles every kernel of this module."""
    if COMPILED:
        yield "serve", lambda: serve(np.zeros(WORDS, np.int64), 0, 0, 1)
