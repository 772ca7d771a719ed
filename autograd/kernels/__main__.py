"""Compile all kernels ahead of time: ``python -m autograd.kernels``."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograd import caching, kernels, threads

Example = tuple[str, Callable[[], object]]


def modules() -> list[str]:
    """Return the names of the modules beside this one."""
    names = [module.name for module in pkgutil.iter_modules(kernels.__path__)]
    return sorted(name for name in names if name != "__main__")


def examples(names: Iterable[str]) -> Iterator[Example]:
    """Yield the examples of modules: each has a name, and compiles a kernel when it is called."""
    for name in names:
        module = importlib.import_module(f"{kernels.__name__}.{name}")
        for label, run in getattr(module, "examples", tuple)():
            yield f"{name}: {label}", run


def compile_all(found: list[Example]) -> list[str]:
    """Run examples, show how far it is, and return what failed."""
    return [f"{name}: {error}" for name, run in _progress(found) if (error := _error(run))]


def _error(run: Callable[[], object]) -> str:
    """Run an example and return what went wrong, "" for nothing."""
    from autograd.kernels import sharing

    try:
        run()
        if threads.get_num_threads() > 1:
            sharing.compile_shared()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _progress(found: list[Example]) -> Iterable[Example]:
    """Go through examples with tqdm's bar where it is installed, else with a line for each."""
    try:
        from tqdm import tqdm  # pyright: ignore[reportMissingModuleSource]
    except ImportError:
        return _lines(found)
    return _bar(tqdm(found, unit="kernel", dynamic_ncols=True))


def _bar(bar: Any) -> Iterator[Example]:
    for name, run in bar:
        bar.set_postfix_str(name)
        yield name, run


def _lines(found: list[Example]) -> Iterator[Example]:
    for number, (name, run) in enumerate(found, start=1):
        print(f"{number:3}/{len(found)} {name} ", end="", file=sys.stderr, flush=True)
        began = time.perf_counter()
        yield name, run
        print(f"{time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Compile all kernels, or list them; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m autograd.kernels",
        description="Compile all kernels and keep them, so that no program has to wait for them.",
    )
    parser.add_argument("--list", action="store_true", help="only list the kernels")
    options = parser.parse_args(arguments)
    from autograd.kernels.jit import COMPILED

    if not COMPILED:
        print("NUMBA_DISABLE_JIT is set: nothing is compiled")
        return 0
    found = list(examples(modules()))
    if options.list:
        print("\n".join(name for name, _ in found))
        return 0
    began = time.perf_counter()
    failed = compile_all(found)
    for line in failed:
        print(f"failed: {line}", file=sys.stderr)
    ready, seconds = len(found) - len(failed), time.perf_counter() - began
    place = "in memory only" if caching.keeps_nothing() else f"in {caching.cache_directory()}"
    print(f"{ready} of {len(found)} kernels are ready after {seconds:.1f} s, {place}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
