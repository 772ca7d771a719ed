"""The static pages of the notebooks in a real browser: no network, formulas, pictures, steppers and links."""

import importlib.util
from pathlib import Path

import pytest
from stepper_screen import LECTURES, Screen, check_controls, check_numbers, lecture_g1
from stepper_visit import Visit, frames_of, notebook_of, written

pytestmark = pytest.mark.xdist_group("browser")

FOLDER = Path(__file__).parent.parent / "notebooks"

for package in ("nbformat", "nbconvert", "math_core"):
    if importlib.util.find_spec(package) is None:
        pytest.skip("needs nbconvert and math-core: pip install -e '.[pages]'", allow_module_level=True)

_spec = importlib.util.spec_from_file_location("notebooks_pages", FOLDER / "pages.py")
pages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pages)

STORED = pages.notebooks()
SOME = ("02_graph", "04_gates", "06_vectors_and_jacobians")


def notebook(*markdown, text=None):
    """A notebook of cells of Markdown, followed by the cells of another one, given as text."""
    import nbformat

    cells = [nbformat.v4.new_markdown_cell(source) for source in markdown]
    whole = nbformat.reads(text or written([]), as_version=4)
    whole.cells = cells + whole.cells
    return whole


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The pages of three notebooks."""
    made = tmp_path_factory.mktemp("pages")
    pages.write(made, {name: STORED[name] for name in SOME})
    return made


# Elements with text of their own, and how their colour stands out from the nearest background.
CONTRASTS = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return numbers(colour)[3] === 0 ? behind(element.parentElement) : colour;
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((element) => {
      const [low, high] = [getComputedStyle(element).color, behind(element)].map(light).sort((a, b) => a - b);
      return [(high + 0.05) / (low + 0.05), element.outerHTML.slice(0, 80)];
    });
}"""

# The text that a reader sees, without code.
PROSE = """() => {
  const copy = document.querySelector("main").cloneNode(true);
  for (const code of copy.querySelectorAll("pre, code, script, style")) code.remove();
  return copy.textContent;
}"""

SIZES = "elements => elements.map(element => element.getBoundingClientRect()).map(box => [box.width, box.height])"


@pytest.mark.parametrize("visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
@pytest.mark.parametrize("name", ["index", *SOME])
def test_a_page_is_whole_without_a_network(visit, folder, name):
    page = visit.open(folder / f"{name}.html")
    assert [url for url in visit.requests if not url.startswith("data:")] == [(folder / f"{name}.html").as_uri()]
    assert page.locator("img").evaluate_all("images => images.every(image => image.complete && image.naturalWidth)")
    # Where a stepper is alive, its frame stands in the place of its picture.
    pictures = page.locator("img:not([data-chainrule]), iframe").evaluate_all(SIZES)
    assert len(pictures) >= 3
    assert min(min(size) for size in pictures) > 40
    assert "$" not in page.evaluate(PROSE)
    assert page.locator("merror").count() == 0
    formulas = page.locator("math").evaluate_all(SIZES)
    assert formulas or name == "index"
    assert all(width > 3 and height > 3 for width, height in formulas)
    faint = [text for contrast, text in page.evaluate(CONTRASTS) if contrast < 4.5]
    assert faint == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_light_and_dark_differ(browser, folder):
    colours = []
    for scheme in ("light", "dark"):
        with browser.new_context(color_scheme=scheme) as context:
            page = Visit(context).open(folder / "02_graph.html")
            colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            # Pictures are drawn on white in both.
            assert page.evaluate("getComputedStyle(document.querySelector('img')).backgroundColor") == (
                "rgb(255, 255, 255)"
            )
    assert len(set(colours)) == 2


def test_a_narrow_page_scrolls_code_and_not_itself(browser, folder):
    with browser.new_context(viewport={"width": 400, "height": 800}) as context:
        page = Visit(context).open(folder / "06_vectors_and_jacobians.html")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_one_can_walk_through_all_pages(visit, folder):
    page = visit.open(folder / "index.html")
    assert page.locator("ol a").count() == len(SOME)
    page.locator("ol a").first.click()
    for name in SOME:
        page.wait_for_url(f"**/{name}.html")
        assert page.locator("h1").inner_text().startswith(pages.title(STORED[name]))
        if name != SOME[-1]:
            page.locator("a[rel=next]").first.click()
    assert page.locator("a[rel=next]").count() == 0
    page.locator("a[rel=prev]").first.click()
    page.wait_for_url(f"**/{SOME[1]}.html")
    page.locator("nav a[href='index.html']").first.click()
    page.wait_for_url("**/index.html")


def test_answers_are_folded(visit, folder):
    page = visit.open(folder / "04_gates.html")
    folds = page.locator("details").all()
    assert len(folds) == page.locator("summary").count() > 0
    for fold in folds:
        answer = fold.locator("pre").first
        assert not answer.is_visible()
        fold.locator("summary").click()
        assert answer.is_visible()
    assert any("class SquaredDistanceGate" in fold.inner_text() for fold in folds)


def test_steppers_step(visit, tmp_path):
    text = notebook_of(*(node() for node, _, _ in LECTURES.values()))
    pages.write(tmp_path, {"01_steps": notebook("# 1. Steps", text=text)})
    page = visit.open(tmp_path / "01_steps.html")
    for frame, (_, inputs, steps) in zip(frames_of(page, 2), LECTURES.values(), strict=True):
        screen = Screen(frame)
        check_numbers(screen, inputs, steps)
        check_controls(screen, len(steps))
        assert frame.frame_element().bounding_box()["width"] > 800


def test_without_scripts_a_stepper_is_a_picture(browser, tmp_path):
    pages.write(tmp_path, {"01_steps": notebook("# 1. Steps", text=notebook_of(lecture_g1()))})
    with browser.new_context(java_script_enabled=False) as context:
        assert Visit(context).open(tmp_path / "01_steps.html").locator("img").bounding_box()["width"] > 200


def test_a_page_cannot_ask_for_anything(browser, tmp_path):
    outside = '# 1. Outside\n\n<img src="https://example.org/a.png"><script src="https://example.org/a.js"></script>'
    pages.write(tmp_path, {"01_outside": notebook(outside)})
    with browser.new_context() as context:
        visit = Visit(context)
        visit.open(tmp_path / "01_outside.html")
        assert [url for url in visit.requests if url.startswith("http")] == []
        assert any("Content Security Policy" in error for error in visit.errors)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("# 1. A\n\nOne. **What is\n$f$?** Is it?", "What is\n$f$?"),
        ("# 1. A\n\n**Look!** It\nmoves. Which way\ndoes it go? Up?", "Which way\ndoes it go?"),
        ("# 1. A\n\nNothing.", ""),
    ],
)
def test_the_question_is_the_bold_one_or_the_first(text, question):
    assert pages.question(notebook(text)) == question


def test_links_to_notebooks_lead_to_their_pages():
    html = pages.html("[a](04_gates.ipynb), [b](04_gates.ipynb#Pooling), [c](https://example.org/d.ipynb), [e](f.md)")
    for address in ("04_gates.html", "04_gates.html#Pooling", "https://example.org/d.ipynb", "f.md"):
        assert f'href="{address}"' in html


def test_formulas_become_mathml():
    html = pages.html("$x^2$ and\n\n$$ \\frac{a}{b} $$\n\n| $c$ |\n|---|\n| $d$ |\n\n`$e$`")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in html
    assert html.count("<math") == 4
    assert html.count('display="block"') == 1
    assert "<code>$e$</code>" in html


def test_a_wrong_formula_is_named():
    with pytest.raises(ValueError, match=r"01_wrong has a formula that cannot be converted: .*nosuchthing"):
        pages.notebook_page("01_wrong", {"01_wrong": notebook("# 1. Wrong\n\n$\\nosuchthing$")})


@pytest.mark.parametrize("name", STORED)
def test_every_notebook_has_a_title_a_question_a_picture_and_a_page(name):
    notebook = STORED[name]
    assert pages.title(notebook).startswith(f"{int(name[:2])}. ")
    assert pages.question(notebook)
    assert pages.picture(notebook)
    assert len(pages.notebook_page(name, STORED)) > 10_000


def test_the_command_writes_all_pages(tmp_path, monkeypatch, capsys):
    for name in SOME:
        (tmp_path / f"{name}.ipynb").write_bytes((FOLDER / f"{name}.ipynb").read_bytes())
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    made = tmp_path / "pages"
    assert pages.main([str(made)]) == 0
    assert sorted(path.stem for path in made.iterdir()) == [*SOME, "index"]
    assert capsys.readouterr().out.startswith("4 pages, ")
