"""The command that compiles all kernels, and the folder that it fills."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograd import kernels
from autograd.kernels import __main__ as command
from autograd.kernels import jit


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={**os.environ, "NUMBA_DISABLE_JIT": "0", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_list():
    done = run("-m", "autograd.kernels", "--list")
    assert done.returncode == 0, done.stderr
    assert "sharing: serve" in done.stdout.splitlines()
    assert "matmul: products float32" in done.stdout.splitlines()


def test_every_module_of_kernels_has_examples_or_serves_one_that_has():
    texts = {name: Path(kernels.__path__[0], f"{name}.py").read_text(encoding="utf-8") for name in command.modules()}
    ready = {name for name, text in texts.items() if "def examples(" in text}
    for _ in texts:  # what a module with examples imports is compiled by them
        imports = "\n".join(line for name in ready for line in texts[name].splitlines() if "import" in line)
        ready |= {name for name in texts if re.search(rf"\b{name}\b", imports)}
    missing = [name for name, text in texts.items() if "\n@kernel" in text and name not in ready and name != "jit"]
    assert missing == []


def test_kernels_are_kept_where_the_environment_says(tmp_path):
    code = """
import sys
from autograd.kernels import __main__ as command
command.modules = lambda: ["sharing"]
sys.exit(command.main([]))
"""
    done = run("-c", code, CHAINRULE_CACHE_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert f"1 of 1 kernels are ready after {done.stdout.split()[7]} s, in {tmp_path}\n" == done.stdout
    kept = {path.name.split(".")[1].split("-")[0] for path in tmp_path.glob("kernels/*/*/*.nbc")}
    assert kept == {"serve"}


def test_what_runs_on_several_threads_is_compiled_too(tmp_path):
    code = """
import sys
from autograd.kernels import __main__ as command
first = next(iter(command.examples(["scans"])))
command.examples = lambda names: [first]
sys.exit(command.main([]))
"""
    done = run("-c", code, CHAINRULE_CACHE_DIR=str(tmp_path), OMP_NUM_THREADS="2")
    assert done.returncode == 0, done.stderr
    assert any("sharing.share-" in path.name for path in tmp_path.glob("kernels/*/*/*.nbc"))


def test_nothing_is_kept_where_the_environment_is_empty(tmp_path):
    code = """
import numpy as np
from autograd.kernels import jit, sharing
sharing.serve(np.zeros(sharing.WORDS, np.int64), 0, 0, 1)
assert type(sharing.serve._cache).__name__ == "NullCache"
"""
    done = run("-c", code, CHAINRULE_CACHE_DIR="", HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_a_folder_that_cannot_be_made_does_no_harm(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    code = """
import numpy as np
from autograd.kernels import sharing
sharing.serve(np.zeros(sharing.WORDS, np.int64), 0, 0, 1)
"""
    done = run("-c", code, CHAINRULE_CACHE_DIR=str(file))
    assert done.returncode == 0, done.stderr


def test_the_folder_changes_with_the_files_that_a_kernel_uses(tmp_path, monkeypatch):
    for name, text in {
        "jit": "",
        "low": "x = 1",
        "high": "from autograd.kernels.low import x",
        "other": "from autograd.kernels import jit",
    }.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(jit, "__file__", str(tmp_path / "jit.py"))
    before = {name: jit.folder(tmp_path / f"{name}.py") for name in ("low", "high", "other")}
    (tmp_path / "low.py").write_text("x = 2")
    after = {name: jit.folder(tmp_path / f"{name}.py") for name in ("low", "high", "other")}
    assert [before[name] == after[name] for name in ("low", "high", "other")] == [False, False, True]


def test_numbas_own_setting_is_left_as_it_was():
    before = jit.config.CACHE_DIR
    jit.kernel(test_list)
    assert before == jit.config.CACHE_DIR


@pytest.mark.parametrize("bar", [False, True])
def test_a_broken_example_is_named_and_fails_the_command(monkeypatch, capsys, bar):
    def broken():
        raise TypeError("no such loop")

    ran = []
    found = [("a: good", lambda: ran.append(1)), ("a: bad", broken), ("b: good", lambda: ran.append(2))]
    monkeypatch.setattr(command, "examples", lambda names: iter(found))
    monkeypatch.setattr(jit, "COMPILED", True)
    monkeypatch.setitem(sys.modules, "tqdm", Bars if bar else None)
    assert command.main([]) == 1
    assert ran == [1, 2]
    output = capsys.readouterr()
    assert "failed: a: bad: TypeError: no such loop\n" in output.err
    assert "2 of 3 kernels are ready" in output.out
    assert ("3/3 b: good" in output.err) != bar


class Bars:
    """Stands for the package tqdm."""

    class tqdm:
        def __init__(self, found, **options):
            self.found = found

        def __iter__(self):
            return iter(self.found)

        def set_postfix_str(self, text):
            assert text[:2] in ("a:", "b:")


def test_nothing_to_do_without_a_compiler():
    done = run("-m", "autograd.kernels", NUMBA_DISABLE_JIT="1")
    assert (done.returncode, done.stdout) == (0, "NUMBA_DISABLE_JIT is set: nothing is compiled\n")
