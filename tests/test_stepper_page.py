"""The stepper's page without a browser: its JavaScript under node's own test runner, its lint, and its text."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import viz
from autograd import Value

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "viz" / "page"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node on the PATH, version 18 or newer")
def test_the_modules_of_the_page():
    tests = sorted(map(str, (ROOT / "tests" / "page").glob("*.test.js")))
    environment = {"PYTHON": sys.executable, "PATH": str(Path(shutil.which("node") or "").parent)}
    command = ["node", "--test", "--test-reporter=tap", *tests]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^# pass [1-9]", run.stdout, re.M), run.stdout


@pytest.mark.skipif(not (ROOT / "node_modules" / "eslint").is_dir(), reason="needs eslint: run npm install")
def test_the_page_is_lint_free():
    command = ["node", "node_modules/eslint/bin/eslint.js", "viz/page", "tests/page"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_page_names_no_other_file():
    html = viz.step(Value(2.0, "x").exp()).html()
    found = set(re.findall(r"https?://[^\s\"'<>)]+", html))
    assert found <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # names, not addresses
    assert not re.search(r"\b(import|fetch|XMLHttpRequest|localStorage)\b *[({\"']", html)
    assert not re.search(r"<(link|script|img|iframe)[^>]+(src|href)=", html)


def test_a_label_cannot_end_the_data_or_the_script():
    label = "</script><script>alert(1)</script><!--"
    stepper = viz.step(Value(2.0, label) * 3.0)
    for text in (stepper.html(), stepper._repr_mimebundle_()["text/html"]):
        assert "alert(1)</script>" not in text
        assert "<!--" not in text


def test_only_a_page_is_written(tmp_path):
    stepper = viz.step(Value(2.0, "x") * 3.0)
    with pytest.raises(ValueError, match=r"ends in \.html"):
        stepper.save_html(tmp_path / "steps.svg")
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_gets_an_image_and_text_and_no_widget():
    bundle = viz.step(Value(2.0, "x") * 3.0)._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"].startswith("1. v1 = x * 3 = 6.00.")
    assert bundle["text/html"].count("data:image/svg+xml;base64,") == 1


def test_without_an_engine_a_notebook_gets_the_steps_as_text():
    stepper = viz.step(Value(2.0, "x") * 3.0, engine="no-such-program")
    bundle = stepper._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert "no-such-program" in bundle["text/plain"]
    with pytest.raises(viz.RenderError):
        stepper.html()


def test_options_are_checked():
    x = Value(2.0, "x")
    with pytest.raises(ValueError, match=r"no mode 'exam'.*'explain'"):
        viz.step(x, mode="exam")
    with pytest.raises(ValueError, match="direction"):
        viz.step(x, direction="up")
    with pytest.raises(ValueError, match="numbers"):
        viz.step(x, numbers=-1)
    with pytest.raises(TypeError, match="step"):
        viz.step(2.0)


def test_comments_are_not_sent():
    html = viz.step(Value(1.0, "x").exp()).html()
    assert not [line for line in html.splitlines() if re.search(r"(^|\s)//\s|^\s*/\*", line)]
