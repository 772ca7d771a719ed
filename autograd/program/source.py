"""Write the source of a player: one kernel for each rule in use, and a loop over instructions.

A kernel receives one row of the table of instructions, which says where its numbers lie.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd.operation import Operation
from autograd.program.derivative import OUT, Derivative, derivatives

INDENT = "    "

SWEEP = """\
def sweep(
    forward, backward, table, values, gradients, rows, first, places, chosen, outputs, results, seeds, start, sums
):
    samples = rows.shape[1]
    for batch in range(rows.shape[0]):
        for sample in range(samples):
            for i in range(rows.shape[2]):
                values[first + i * samples + sample] = rows[batch, sample, i]
        for i in range(seeds.size):
            gradients[seeds[i]] = -0.0
        for i in range(seeds.size):
            gradients[seeds[i]] += start[i]
        play(forward, backward, table, values, gradients)
        for i in range(places.size):
            chosen[batch, i] = values[places[i]]
        for i in range(outputs.size):
            results[batch, i] = values[outputs[i]]
        for i in range(sums.shape[1]):
            sums[batch, i] = gradients[i]
"""
"""Plays batch after batch without Python in between, so that threads do not wait for each other."""


def forward_name(op: Operation) -> str:
    """Return the name of the kernel that computes results of a row."""
    return f"{op.name}_forward"


def backward_name(op: Operation, slot: int) -> str:
    """Return the name of the kernel that pulls gradient through an operand slot of a row."""
    return f"{op.name}_backward_{slot}"


def forward_source(op: Operation) -> str:
    """Write the kernel that computes a run of results of one row.

    Its instruction: code, n, out, then a start and a stride for each operand.
    """
    name = forward_name(op)
    if op.arity is None:
        return _forward_of_many(name)
    if op.arity > 32:
        raise TypeError(f"compile: {op.name} has {op.arity} operands; programs hold rows of up to 32, or of any number")
    places = [f"x{j}" for j in range(op.arity)]
    lines = [f"def {name}(row, values):", "    n, out = row[1], row[2]"]
    lines += [f"    {x}, d{x} = row[{3 + 2 * j}], row[{4 + 2 * j}]" for j, x in enumerate(places)]
    one_by_one = ", ".join(f"values[{x} + k * d{x}]" for x in places)
    lines += [
        "    if n < SHORT:",
        "        for k in range(n):",
        f"            values[out + k] = rule({one_by_one})",
        "        return",
    ]
    # An operand that all nodes of the run share is read once.
    for shared in [*places, ""] if op.arity == 2 else [""]:
        indent = INDENT
        if shared:
            lines.append(f"    if d{shared} == ZERO:")
            indent += INDENT
            lines.append(f"{indent}number = values[{shared}]")
        lines += [f"{indent}{x} = place(values, {x}, d{x}, n, ROOM[{j}])" for j, x in enumerate(places) if x != shared]
        arguments = ", ".join("number" if x == shared else f"values[{x} + k]" for x in places)
        lines += [f"{indent}for k in range(n):", f"{indent}    values[out + k] = rule({arguments})"]
        if shared:
            lines.append(f"{indent}return")
    return "\n".join(lines)


def _forward_of_many(name: str) -> str:
    # The operands are gathered side by side, where the derivative finds them too.
    return f"""\
def {name}(row, values, table):
    n, out, packed, first, count = row[1], row[2], row[3], row[5], row[7]
    for k in range(n):
        for j in range(count):
            values[packed + j] = values[table[first + j]]
        values[out + k] = rule(values[packed : packed + count])
        packed += count
        first += count"""


def backward_source(op: Operation, slot: int) -> str:
    """Write the kernel that pulls gradient to a run of targets through one derivative.

    Its instruction: code, assign, n targets, uses of each, first target, then three numbers
    for the upstream gradients and for everything that the derivative reads: the start, the
    stride from target to target, the stride from use to use.
    """
    name = backward_name(op, slot)
    if op.arity is None:
        return _backward_of_many(op, derivatives(op)[0])
    derivative = derivatives(op)[slot]
    reads = [f"r{j}" for j in range(len(derivative.reads))]
    by_place = dict(zip(derivative.reads, reads, strict=True))

    def local(written: str) -> str:
        arguments = [by_place.get(place) for place in (*range(op.arity or 0), OUT)]
        return f"rule({', '.join(written.format(r=r) if r else '0.0' for r in arguments)})"

    lines = [
        f"def {name}(row, values, gradients):",
        "    assign, n, uses, target = row[1], row[2], row[3], row[4]",
        "    u, du, ku = row[5], row[6], row[7]",
        *(f"    {r}, d{r}, k{r} = row[{8 + 3 * j}], row[{9 + 3 * j}], row[{10 + 3 * j}]" for j, r in enumerate(reads)),
        "    if assign:",
        "        for t in range(n):",
        "            gradients[target + t] = -0.0  # adding to minus zero changes no bit",
        "    if n >= SHORT and (uses == ONE or (" + " and ".join(f"d{r} <= ONE" for r in ["u", *reads]) + ")):",
    ]
    # All targets at once, use by use.
    for shared in [*reads, ""] if len(reads) == 1 else [""]:
        indent = INDENT * 2
        if shared:
            lines.append(f"{indent}if d{shared} == ZERO:")
            indent += INDENT
        lines += [
            f"{indent}for k in range(uses):",
            f"{indent}    uk = place(gradients, u + k * ku, du, n, ROOM[0])",
        ]
        if shared:
            lines.append(f"{indent}    local = {local('values[{r} + k * k{r}]')}")
        else:
            lines += [
                f"{indent}    {r}k = place(values, {r} + k * k{r}, d{r}, n, ROOM[{j}])" for j, r in enumerate(reads)
            ]
        factor = "local" if shared else local("values[{r}k + t]")
        lines += [
            f"{indent}    for t in range(n):",
            f"{indent}        gradients[target + t] += {_product(op, 'gradients[uk + t]', factor)}",
            f"{indent}return",
        ]
    # Sums in the order of the uses, four of them side by side: the processor adds to all at once.
    places = ["u", *reads]
    for width, word in ((4, "FOUR"), (1, "ONE")):
        offsets = ["", " + ONE", " + TWO", " + THREE"][:width]
        lines.append(f"    while n >= {word}:")
        for place in places:
            lines.append(f"        {place}_0 = {place}")
            lines += [f"        {place}_{j} = {place}_{j - 1} + d{place}" for j in range(1, width)]
            lines.append(f"        {place} = {place}_{width - 1} + d{place}")
        lines += [f"        sum_{j} = gradients[target{offset}]" for j, offset in enumerate(offsets)]
        lines.append("        for _ in range(uses):")
        for j in range(width):
            lines.append(f"            sum_{j} += {_product(op, f'gradients[u_{j}]', local(f'values[{{r}}_{j}]'))}")
            lines += [f"            {place}_{j} += k{place}" for place in places]
        lines += [f"        gradients[target{offset}] = sum_{j}" for j, offset in enumerate(offsets)]
        lines += [f"        target += {word}", f"        n -= {word}"]
    return "\n".join(lines)


def _product(op: Operation, upstream: str, local: str) -> str:
    return f"routed({upstream}, {local})" if op.routes else f"{upstream} * {local}"


def _backward_of_many(op: Operation, derivative: Derivative) -> str:
    operands = "values[packed : packed + count]" if derivative.reads else "values[:0]"
    local = f"rule({operands}, result, np.int64(slot + t * dslot + k * kslot))"
    return f"""\
def {backward_name(op, 0)}(row, values, gradients):
    assign, n, uses, target = row[1], row[2], row[3], row[4]
    u, du, ku = row[5], row[6], row[7]
    x, dx, kx = row[8], row[9], row[10]
    slot, dslot, kslot = row[11], row[12], row[13]
    count, out, dout, kout = row[14], row[17], row[18], row[19]
    for t in range(n):
        total = -0.0 if assign else gradients[target + t]
        for k in range(uses):
            packed = x + t * dx + k * kx
            upstream = gradients[u + t * du + k * ku]
            result = values[out + t * dout + k * kout]
            total += {_product(op, "upstream", local)}
        gradients[target + t] = total"""


def play_source(forward: Sequence[Operation], backward: Sequence[tuple[Operation, int]]) -> str:
    """Write the loop over instructions for these rows and these derivatives, in the order of their codes."""
    kernels, computes, pulls = [], [], []
    for code, op in enumerate(forward):
        name = forward_name(op)
        kernels.append(f'{name} = forward_kernel(lookup("{op.name}"))')
        computes.append(f"        {'elif' if code else 'if'} code == {code}:")
        computes.append(f"            {name}(forward[i], values{', table' if op.arity is None else ''})")
    for code, (op, slot) in enumerate(backward):
        name = backward_name(op, slot)
        kernels.append(f'{name} = backward_kernel(lookup("{op.name}"), {slot})')
        pulls.append(f"        {'elif' if code else 'if'} code == {code}:")
        pulls.append(f"            {name}(backward[i], values, gradients)")
    lines = [
        f'"""Player of {", ".join(op.name for op in forward)}: generated from the op table."""',
        "",
        "from autograd.operation import lookup",
        "from autograd.program.kernels import backward_kernel, bare, forward_kernel",
        "",
        *kernels,
        "",
        "",
        "def play(forward, backward, table, values, gradients):",
        "    forward, backward, table = bare(forward), bare(backward), bare(table)",
        "    values, gradients = bare(values), bare(gradients)",
        "    for i in range(forward.shape[0]):",
        "        code = forward[i, 0]",
        *computes,
        "    for i in range(backward.shape[0]):",
        "        code = backward[i, 0]",
        *pulls,
        "",
        "",
        SWEEP,
    ]
    return "\n".join(lines)
