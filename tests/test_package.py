"""What holds for the packages as a whole: imports, stubs, docstrings and their examples."""

import ast
import doctest
import importlib
import importlib.util
import inspect
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
import viz
from autograd.stubs import stubs

AUTOGRAD = Path(autograd.__file__).parent
ROOT = AUTOGRAD.parent


def run_python(code, folder, *first_on_path):
    """Run code in a fresh interpreter, in an empty folder, that finds the same packages as this one."""
    path = os.pathsep.join(map(str, [*first_on_path, ROOT]))
    environment = os.environ | {"PYTHONPATH": path}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def modules(package):
    found = [package.__name__]
    found += [info.name for info in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
    return [importlib.import_module(name) for name in found]


MODULES = modules(autograd) + modules(nn) + modules(viz)
every_module = pytest.mark.parametrize("module", MODULES, ids=[module.__name__ for module in MODULES])

# Imports


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_importing_is_cheap(tmp_path, package):
    result = run_python(f"import sys, {package}; print(*sys.modules)", tmp_path)
    assert result.returncode == 0, result.stderr
    loaded = set(result.stdout.split())
    assert package in loaded
    assert not loaded & {"numba", "graphviz", "matplotlib", "torch", "sklearn", "IPython"}


def imported_packages(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield path.relative_to(ROOT).parts[0] if node.level else node.module.split(".")[0]


@pytest.mark.parametrize(("package", "forbidden"), [("autograd", {"nn", "viz"}), ("nn", {"viz"}), ("viz", {"nn"})])
def test_imports_run_one_way(package, forbidden):
    # A __main__.py is a program, which may put the packages together; nothing imports it.
    paths = sorted(path for path in (ROOT / package).rglob("*.py") if path.name != "__main__.py")
    assert paths, f"the package {package} has no modules"
    wrong = [(path.name, name) for path in paths for name in imported_packages(path) if name in forbidden]
    assert wrong == []


@pytest.mark.parametrize("package", ["nn", "viz"])
def test_another_package_called_autograd_is_noticed(tmp_path, package):
    foreign = tmp_path / "site" / "autograd"
    foreign.mkdir(parents=True)
    (foreign / "__init__.py").write_text("def grad(f): return f\n", encoding="utf-8")
    result = run_python(f"import {package}", tmp_path, foreign.parent)
    assert result.returncode != 0
    last_line = result.stderr.strip().splitlines()[-1]
    assert last_line.startswith("ImportError: ")
    assert str(foreign) in last_line
    for remedy in ("separate environments", "pip uninstall autograd", "chainrule"):
        assert remedy in last_line


# Names


def test_star_import_replaces_nothing_of_python():
    namespace = {}
    exec("from autograd import *", namespace)
    assert {"Value", "grad", "exp", "maximum", "dot"} <= set(namespace)
    assert not {"abs", "sum", "round", "pow"} & set(namespace)
    assert autograd.sum([1, 2]).data == 3.0


@pytest.mark.parametrize("package", [autograd, nn], ids=["autograd", "nn"])
def test_the_public_names_exist_once(package):
    assert len(set(package.__all__)) == len(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


# Type stubs


@pytest.mark.parametrize("name", ["methods.pyi", "functions.pyi"])
def test_the_type_stubs_are_up_to_date(name):
    assert set(stubs()) == {path.name for path in AUTOGRAD.glob("*.pyi")}
    on_disk = (AUTOGRAD / name).read_text(encoding="utf-8")
    assert on_disk == stubs()[name], "run `python -m autograd.stubs`"


def functions_in(tree):
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_type_stubs_are_python_and_name_every_row():
    classes = {
        node.name: functions_in(node)
        for node in ast.parse(stubs()["methods.pyi"]).body
        if isinstance(node, ast.ClassDef)
    }
    functions = functions_in(ast.parse(stubs()["functions.pyi"]))
    for row in autograd.OPERATIONS.values():
        assert set(row.names) <= functions
        if row.arity is not None:
            for methods in classes.values():
                assert set(row.names) <= methods
                assert not row.operator or row.operator in methods
                assert not row.comparison or row.comparison in methods
            assert {f"{name}_" for name in row.names} <= classes["TensorMethods"]
    for row in autograd.ARRAY_OPERATIONS.values():
        assert row.name in functions
        assert not row.method or row.name in classes["TensorMethods"]
    assert all(hasattr(autograd.Tensor, name) for name in classes["TensorMethods"])
    assert all(hasattr(autograd.Value, name) for name in classes["Methods"])


# Docstrings


@every_module
def test_every_module_has_a_docstring(module):
    assert inspect.getdoc(module)


def public_objects():
    """Public functions and classes of every module, with the public members that the classes define."""
    for module in MODULES:
        for name, thing in vars(module).items():
            if name.startswith("_") or not (inspect.isfunction(thing) or inspect.isclass(thing)):
                continue
            if (thing.__module__, thing.__name__) != (module.__name__, name):
                continue  # defined elsewhere
            yield f"{module.__name__}.{name}", thing
            if inspect.isclass(thing):
                for member, value in vars(thing).items():
                    if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                        yield f"{module.__name__}.{name}.{member}", value


def test_every_public_object_has_a_docstring():
    objects = dict(public_objects())
    assert "autograd.value.Value.backward" in objects
    assert [name for name, thing in objects.items() if not inspect.getdoc(thing)] == []


# The methods that come from the op table have the row's example: those of the element-wise rows are run by
# test_operations.py, those of the rows for arrays below, as the functions of `autograd.functions`.
FROM_ROWS = {f"autograd.value.Value.{name}" for row in autograd.OPERATIONS.values() for name in row.names}
FROM_ROWS |= {f"autograd.tensor.Tensor.{name.rsplit('.')[-1]}" for name in FROM_ROWS}
FROM_ROWS |= {f"autograd.tensor.Tensor.{name}" for name in autograd.ARRAY_OPERATIONS}
EXAMPLES = {test.name: test for module in MODULES for test in doctest.DocTestFinder().find(module) if test.examples}
EXAMPLES = {name: test for name, test in EXAMPLES.items() if name not in FROM_ROWS}
NAMES = {name: getattr(autograd, name) for name in autograd.__all__} | {"np": np}


EXTRAS = {"data": ["sklearn"], "files": ["safetensors", "onnx"], "plots": ["matplotlib"], "search": ["joblib"]}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_in_docstrings_run(name):
    report = []
    test = EXAMPLES[name]
    test.globs = NAMES | test.globs  # an example may use every public name
    results = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    text = "".join(report)
    missing = re.search(r'ImportError: (.*pip install "chainrule\[(\w+)\]")', text)
    if missing and not all(map(importlib.util.find_spec, EXTRAS[missing[2]])):
        pytest.skip(missing[1])
    assert results.failed == 0, text


PUBLIC = [
    (f"{package.__name__}.{name}", getattr(package, name))
    for package in (autograd, nn)
    for name in package.__all__
    if callable(getattr(package, name))
]


@pytest.mark.parametrize(("name", "thing"), PUBLIC, ids=[name for name, _ in PUBLIC])
def test_every_public_name_has_a_docstring_with_an_example(name, thing):
    assert thing.__doc__
    if thing not in (autograd.Node, autograd.Operation, autograd.operation, nn.ScalarModule):
        assert ">>>" in thing.__doc__
