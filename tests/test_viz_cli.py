"""``python -m viz``: what it prints and writes, and one clear line for everything it refuses."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import viz
from autograd import OPERATIONS, Value
from viz.__main__ import main

ROOT = Path(viz.__file__).parents[1]
G1 = ["(x + y) * z", "x=-2", "y=5", "z=-4"]


def texts(path):
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    return [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture
def run(capsys):
    """Run the command in this process; it must succeed without a word on stderr."""

    def run(*arguments):
        assert main([*map(str, arguments)]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return run


@pytest.fixture
def refuse(capsys):
    """Run the command in this process; it must fail with one line, which is returned."""

    def refuse(*arguments):
        status = main([*map(str, arguments)])
        err = capsys.readouterr().err
        assert status == 2
        assert err.startswith("error: ")
        assert err.endswith("\n")
        assert len(err.splitlines()) == 1
        assert len(err) < 2000
        return err

    return refuse


def run_python(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        check=False,
    )


# The first command of the README


def check_g1_file(path):
    found = texts(path)
    for number in ("-2.00", "5.00", "-4.00", "3.00", "-12.00", "1.00"):
        assert number in found
    assert found.count("-4.00") == 4  # the value of z, the gradients of x, y and x + y
    assert found.count("3.00") == 2
    assert {"x", "y", "z", "+", "*"} <= set(found)


def test_it_prints_the_trace_and_writes_the_picture(run, tmp_path):
    path = tmp_path / "graph.svg"
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    f = (x + y) * z
    f.backward()
    assert run(*G1, "-o", path) == f"{viz.trace(f)}\n\nwrote {path}\n"
    assert path.read_text(encoding="utf-8") == viz.draw(f).svg()
    check_g1_file(path)


def test_it_runs_as_a_program_without_a_dot_on_the_path(tmp_path):
    path = tmp_path / "graph.svg"
    result = run_python("-W", "error", "-m", "viz", *G1, "-o", path, PATH=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, b"")
    check_g1_file(path)


def test_an_error_of_the_program():
    result = run_python("-W", "always", "-m", "viz", "'\\d' + 1if x else 2", "x=1")
    assert result.returncode == 2
    assert result.stderr.startswith(b"error: ")
    assert len(result.stderr.splitlines()) == 1


def test_without_an_output_it_only_prints(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "v2 = v1 * z  -12.00" in run(*G1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("suffix", "start"),
    [
        ("svg", b"<svg "),
        ("png", b"\x89PNG\r\n"),
        ("dot", b"digraph"),
        ("gv", b"digraph"),
        ("txt", b"forward"),
        ("SVG", b"<svg "),
    ],
)
def test_other_kinds_of_files(run, tmp_path, suffix, start):
    path = tmp_path / f"graph.{suffix}"
    assert run(*G1, "--output", path).endswith(f"wrote {path}\n")
    assert path.read_bytes().startswith(start)


def test_options_reach_the_picture(run, tmp_path):
    path = tmp_path / "graph.svg"
    run("sigmoid(x)", "x=1", "-o", path, "--theme", "dark", "--precision", "4", "--unfold", "--direction=TB")
    assert {"*-1", "exp", "+1", "1/x", "0.7311", "0.1966"} <= set(texts(path))
    svg = path.read_text(encoding="utf-8")
    assert viz.THEMES["dark"].background in svg
    _, _, width, height = map(float, ET.fromstring(svg).get("viewBox").split())
    assert height > width
    assert "0.7311" in run("sigmoid(x)", "x=1", "--precision=4")


def test_help(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    out = capsys.readouterr().out
    for words in ("--theme", "--direction", "--precision", "--unfold", 'x=-2 y=5 z=-4 -o graph.svg"'[:-1]):
        assert words in out


# Expressions


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("x", 3),
        ("-x", -3),
        ("- x", -3),
        ("--x", 3),
        ("-x * y", -12),
        ("-1 * x", -3),
        ("-o * x", -15),
        ("-theme + x", -3),
        ("+x", 3),
        ("-x ** 2", -9),
        ("2 ** x ** 2", 512),
        ("x - y - 1", -2),
        ("x / y / 2", 0.375),
        ("x % 2", 1),
        ("(x + y) * (x - y)", -7),
        ("2 * 3 * x", 18),
        ("exp(0) * x", 3),
        ("1_000 * x", 3000),
        ("1.5e308 / 1e308 * x", 4.5),
        ("  x + 1  ", 4),
        ("maximum(x, 4) + minimum(x, y)", 7),
        ("clip(x, 0, 1)", 1),
        ("größe + x", 10),
    ],
)
def test_expressions(run, expression, result):
    values = {"x": 3, "y": 4, "o": 5, "theme": 6, "größe": 7}
    given = [f"{name}={value}" for name, value in values.items() if re.search(rf"\b{name}\b", expression)]
    last = run(expression, *given).split("\n\n")[0].splitlines()[-1]
    assert float(last.split()[-1]) == pytest.approx(result, abs=0.006)


def test_an_expression_may_follow_two_dashes(run):
    assert "v1 = -x" in run("--", "-x", "x=1")


def test_the_letter_an_expression_is_read_with(run):
    # Python reads the micro sign as the Greek letter mu.
    assert " 6.00" in run("µ * 2", "µ=3")


def test_a_name_may_be_that_of_a_function(run):
    assert " 12.00" in run("exp(x) + exp * y", "exp=1", "x=0", "y=11")


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e3", " 5 ", "-0.5"])
def test_values_are_any_floats(run, number):
    first = run("x * 1", f"x={number}").splitlines()[1]
    assert first.split() == ["x", viz.labels.number_text(float(number), 2)]


ROWS = [(row, name) for row in OPERATIONS.values() if row.arity is not None for name in row.names]


@pytest.mark.parametrize(("row", "name"), ROWS, ids=[name for _, name in ROWS])
def test_every_row_of_the_op_table_can_be_called(run, row, name):
    points = [round(low + 0.6 * (high - low), 3) for low, high in row.domain]
    names = "abcd"[: row.arity]
    given = [f"{letter}={point}" for letter, point in zip(names, points, strict=True)]
    forward = run(f"{name}({', '.join(names)})", *given, "--precision", "9").split("\n\n")[0]
    assert float(forward.split()[-1]) == pytest.approx(row.forward(*points), rel=1e-8, abs=1e-9)


# What it refuses


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os')",
        "__import__('os').system('true')",
        "().__class__.__bases__[0]",
        "x.__class__",
        "x.real",
        "exp.x",
        "x.exp()",
        "lambda: x",
        "(lambda: x)()",
        "'a'",
        "'a' * x",
        "b'a'",
        "f'{x}'",
        "x < 1",
        "x == 1",
        "x and x",
        "not x",
        "~x",
        "x // 2",
        "x @ x",
        "x << 2",
        "x & 1",
        "[x]",
        "(x, x)",
        "x,",
        "{x}",
        "{x: x}",
        "[x for x in y]",
        "sum(x for x in y)",
        "(x := 1)",
        "x if x else 1",
        "x[0]",
        "x[:]",
        "exp(x=1)",
        "exp(*x)",
        "exp(**x)",
        "exp(x)(x)",
        "True * x",
        "None",
        "...",
        "1j * x",
        "await x",
        "yield x",
        "print(x)",
        "eval(x)",
        "open(x)",
        "import os",
        "x = 1",
        "x; x",
        "x\nx",
        "x\n+1",
        "exp",
        "exp + x",
        "exp()",
        "exp(x, x)",
        "exp(x",
        "x +",
        "x x",
        "x!",
        "",
        "   ",
        "\n",
        "1",
        "1 + 1",
        "x\0",
        "\ud800 * x",
        "x \u202e+ 1",
        "10**10**10",
        "9**9**9**9",
        "x * 10**10**10",
        "1e400 * x",
        "1 / 0 * x",
        "log(0) * x",
        "9" * 400 + " * x",
        "9" * 5000 + " * x",
        "0x" + "f" * 9000 + " * x",
        "(" * 5000,
        "(" * 4000 + "x" + ")" * 4000,
        "(" * 50_000 + "x" + ")" * 50_000,
        "-" * 9000 + "x",
        "-" * 100_000 + "x",
        "1+" * 100_000 + "x",
        "not " * 2000 + "x",
        "x**" * 3000 + "x",
        "x." * 3000 + "x",
        "x[" * 190,
        "exp(" * 190 + "x" + ")" * 189,
        "lambda x:" * 1000 + "x",
        "x if x else " * 800 + "x",
        "x" * 9000,
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_it_refuses(refuse, expression):
    refuse(expression, "x=2")


@pytest.mark.parametrize(
    "expression", ["+".join(["x"] * 90), "+".join(["x"] * 2000), "-" * 80 + "x", "(" * 80 + "x" + ")" * 80], ids=len
)
def test_a_long_expression_works_or_is_refused_in_one_line(capsys, expression):
    status = main([expression, "x=1"])
    out, err = capsys.readouterr()
    if status == 0:
        assert err == ""
        assert out.startswith("forward")
    else:
        assert len(expression) > 500
        assert (status, len(err.splitlines())) == (2, 1)
        assert err.startswith("error: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["__import__('os')", "x=1"], ["__import__"]),
        (["x.real", "x=1"], ["x.real", "not allowed"]),
        (["10**10**10 * x", "x=1"], ["10 ** 10 ** 10", "finite"]),
        (["sigmod(x)", "x=1"], ["sigmod", "did you mean sigmoid?"]),
        (["foo(x)", "x=1"], ["foo", "function"]),
        (["x + y", "x=1"], ["y", "no value", "y=NUMBER"]),
        (["alpha * x", "alhpa=1", "x=1"], ["alpha", "did you mean alhpa?"]),
        (["x + y + z"], ["x=NUMBER y=NUMBER z=NUMBER"]),
        (["x", "x=1", "y=2"], ["y", "no such name"]),
        (["x", "x=abc"], ["'abc'", "x=-2"]),
        (["x", "x="], ["no number"]),
        (["x", "x==1"], ["no number"]),
        (["x", "x"], ["'x'", "NAME=NUMBER"]),
        (["x", "=1"], ["'=1'", "NAME=NUMBER"]),
        (["x", "1x=1"], ["'1x=1'", "NAME=NUMBER"]),
        (["x", "+", "y", "x=1"], ["quotes"]),
        (["x", "x=1", "x=2"], ["x", "two values"]),
        (["x", "x=1", "x=1"], ["x", "two values"]),
        (["exp + x", "x=1"], ["exp is a function", "exp(x)"]),
        (["exp(x, x)", "x=1"], ["exp", "operands"]),
        (["maxim(x, 1)", "x=1"], ["max", "maximum"]),
        (["1 + 1"], ["no names"]),
        (["x", "x=1", "--bogus"], ["--bogus"]),
    ],
    ids=lambda value: " ".join(value)[:40],
)
def test_errors_say_what_was_given_and_what_to_do(refuse, arguments, words):
    message = refuse(*arguments)
    for word in words:
        assert word in message


@pytest.mark.parametrize("arguments", [[], ["-o", "graph.svg"], ["x", "x=1", "--theme", "bright"], ["x", "-o"]])
def test_wrong_usage(capsys, arguments):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage: python -m viz" in capsys.readouterr().err


@pytest.mark.parametrize("precision", ["99", "18", "-1"])
@pytest.mark.parametrize("output", [[], ["-o", "graph.svg"]], ids=["printed", "written"])
def test_a_precision_out_of_range(refuse, tmp_path, monkeypatch, precision, output):
    monkeypatch.chdir(tmp_path)
    message = refuse("x", "x=1", "--precision", precision, *output)
    assert "0 to 17" in message
    assert precision in message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["graph.jpg", "graph", "graph.html.zip", "graph.svg.", "-"])
def test_a_suffix_that_nobody_writes(refuse, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    message = refuse("x", "x=1", "-o", name)
    assert ".svg, .png, .pdf, .dot, .gv, .txt" in message
    assert repr(name) in message
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written(refuse, tmp_path):
    (tmp_path / "folder.svg").mkdir()
    for path in (tmp_path / "nowhere" / "graph.svg", tmp_path / "folder.svg", tmp_path / f"{'a' * 300}.svg"):
        message = refuse("x", "x=1", "-o", path)
        assert f"cannot write {path}: " in message
    refuse("x", "x=1", "-o", f"{tmp_path}/a\0.svg")
    refuse("x", "x=1", "-o", "")
    assert [path.name for path in tmp_path.rglob("*")] == ["folder.svg"]


def test_a_pdf_without_dot(refuse, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHAINRULE_DOT", raising=False)
    message = refuse("x", "x=1", "-o", tmp_path / "graph.pdf")
    assert "https://graphviz.org/download/" in message
    assert list(tmp_path.iterdir()) == []


def test_an_engine_that_does_not_exist(refuse, tmp_path, monkeypatch):
    monkeypatch.setenv("CHAINRULE_DOT", "no-such-engine")
    assert "'no-such-engine'" in refuse("x", "x=1", "-o", tmp_path / "graph.svg")
    assert list(tmp_path.iterdir()) == []


# Terminals and pipes


def test_a_terminal_that_knows_only_ascii(tmp_path):
    result = run_python("-m", "viz", "sigmoid(x) + square(x)", "x=1", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"1.73" in result.stdout


def test_a_large_expression_is_collapsed_without_a_message_about_python(tmp_path):
    path = tmp_path / "graph.svg"
    expression = "+".join(["x"] * 320)
    result = run_python("-m", "viz", expression, "x=1", "-o", path)
    assert result.returncode == 0
    assert b"__main__.py" not in result.stderr
    assert b"collapse=" not in result.stderr
    assert len(result.stderr.splitlines()) <= 1
    assert any("×" in text for text in texts(path))
