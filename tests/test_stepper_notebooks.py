"""The stepper in notebooks: exported as a page and as slides, in JupyterLab and in Notebook, trusted and not."""

import pytest
from stepper_screen import LECTURES, MODULES, Screen, check_controls, check_numbers, lecture_g1
from stepper_visit import IMAGE, Visit, frames_of, needs, needs_module, notebook_of, open_notebook, written

import viz
from autograd import Value

pytestmark = pytest.mark.xdist_group("browser")  # one browser and one server for all


# Exported notebooks.


def exported(exporter, text, path):
    import nbformat

    body, _ = exporter.from_notebook_node(nbformat.reads(text, as_version=4))
    path.write_text(body, encoding="utf-8")
    return path


NOTHING = "data:text/javascript,"
OFFLINE = {"require_js_url": NOTHING, "jquery_url": NOTHING, "mathjax_url": NOTHING}


@needs("nbconvert")
def test_an_exported_notebook_with_two_steppers_works_offline(visit, tmp_path):
    from nbconvert import HTMLExporter

    text = notebook_of(*(node() for node, _, _ in LECTURES.values()))
    page = visit.open(exported(HTMLExporter(**OFFLINE), text, tmp_path / "notebook.html"))
    frames = frames_of(page, 2)
    for frame, (_, inputs, steps) in zip(frames, LECTURES.values(), strict=True):
        screen = Screen(frame)
        check_numbers(screen, inputs, steps)
    check_controls(screen, len(steps))
    assert {url.split(":")[0] for url in visit.requests} <= {"file", "data", "about"}
    assert page.locator(IMAGE).evaluate_all("images => images.map(image => image.style.display)") == ["none"] * 2


@needs("nbconvert")
@pytest.mark.parametrize("theme", ["default", "dark"])
def test_lessons_training_and_convolution_work_in_an_exported_notebook(theme, visit, tmp_path):
    from nbconvert import HTMLExporter

    w = Value(2.0, "w")
    loss = w * w
    loss.backward()
    shown = [
        viz.mistake(loss, "assign", theme=theme),
        viz.training([viz.frames(loss)] * 2, rate=0.1, theme=theme),
        viz.convolution_steps([[1.0, 2.0], [3.0, 4.0]], [[1.0, -1.0]], theme=theme),
    ]
    page = visit.open(exported(HTMLExporter(**OFFLINE), notebook_of(*shown), tmp_path / "notebook.html"))
    for frame in frames_of(page, 3):
        screen = Screen(frame)
        frame.frame_element().scroll_into_view_if_needed()
        screen.press("End")
        assert frame.locator(".counter:visible").text_content() in {"3 / 3", "2 / 2", "5 / 5"}
        height = frame.evaluate("document.documentElement.getBoundingClientRect().height")
        page.wait_for_function("([it, height]) => it.clientHeight >= height", arg=[frame.frame_element(), height])
    assert {url.split(":")[0] for url in visit.requests} <= {"file", "data", "about"}


@needs("nbconvert")
@needs_module("reveal.js")
def test_slides_work_offline(visit, tmp_path):
    from nbconvert import SlidesExporter

    script = "data:text/javascript,"
    exporter = SlidesExporter(
        reveal_theme="white",
        reveal_url_prefix=(MODULES / "reveal.js").as_uri(),
        require_js_url=(MODULES / "requirejs" / "require.js").as_uri(),
        jquery_url=NOTHING,
        mathjax_url=f"{script}window.MathJax={{Hub:{{getAllJax(){{}}}}}}",
        mermaid_js_url=f"{script}export default {{initialize(){{}}}}",
        font_awesome_url="data:text/css,",
    )
    text = notebook_of(*(node() for node, _, _ in LECTURES.values()))
    page = visit.open(exported(exporter, text, tmp_path / "slides.html"))
    page.set_viewport_size({"width": 1000, "height": 760})  # slides drawn at their own size, 960 by 700
    page.wait_for_function("window.Reveal?.isReady?.() || document.querySelector('.reveal.ready')")
    first, second = frames_of(page, 2)
    _, inputs, steps = LECTURES["G1"]
    check_numbers(Screen(first), inputs, steps)
    check_controls(Screen(first), len(steps))
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.locator(".navigate-right").click()  # the next slide, which was not shown when its stepper was made
    _, inputs, steps = LECTURES["G2"]
    screen = Screen(second)
    screen.frame.wait_for_selector(".sheet", state="visible")
    check_numbers(screen, inputs, steps)
    assert screen.frame.locator(".picture svg").first.bounding_box()["width"] > 300


@needs("nbconvert")
def test_an_exported_notebook_without_scripts_has_the_image(browser, tmp_path):
    from nbconvert import HTMLExporter

    path = exported(HTMLExporter(**OFFLINE), notebook_of(lecture_g1()), tmp_path / "notebook.html")
    with browser.new_context(java_script_enabled=False) as context:
        page = Visit(context).open(path)
        assert page.locator(IMAGE).is_visible()
        assert page.locator(IMAGE).bounding_box()["width"] > 200
        assert page.locator("iframe").count() == 0


# Jupyter.


INTERFACES = pytest.mark.parametrize("interface", ["lab/tree", "notebooks"], ids=["JupyterLab", "Notebook"])


@needs("jupyterlab", "notebook")
@INTERFACES
def test_a_trusted_notebook_steps(browser, jupyter, interface):
    text = notebook_of(*(node() for node, _, _ in LECTURES.values()), sign_in=jupyter[1] / "data")
    visit, page = open_notebook(browser, jupyter, interface, text)
    with visit.context:
        for frame, (_, inputs, steps) in zip(frames_of(page, 2), LECTURES.values(), strict=True):
            screen = Screen(frame)
            check_numbers(screen, inputs, steps)
            assert "srcdoc" in frame.url
            height = frame.evaluate("document.documentElement.getBoundingClientRect().height")
            assert abs(frame.frame_element().bounding_box()["height"] - height) < 2
        check_controls(screen, len(steps))
        assert visit.refused == []


@needs("jupyterlab", "notebook")
@INTERFACES
def test_an_untrusted_notebook_has_the_image_and_runs_no_script(browser, jupyter, interface):
    visit, page = open_notebook(browser, jupyter, interface, notebook_of(lecture_g1()))
    with visit.context:
        image = page.locator(".jp-OutputArea-output img")
        image.wait_for()
        assert image.evaluate("image => image.complete && image.naturalWidth") > 200
        assert page.locator(".jp-OutputArea-output iframe").count() == 0
        assert page.locator(".jp-OutputArea-output script").count() == 0
        assert visit.refused == []


@needs("jupyterlab", "ipykernel")
def test_a_cell_run_ten_times_shows_one_stepper(browser, jupyter):
    from nbformat.v4 import new_code_cell

    source = "import viz\nfrom autograd import Value\nviz.step(Value(2.0, 'x') * Value(3.0, 'y'))"
    address, folder = jupyter
    (folder / "work" / "again.ipynb").write_text(written([new_code_cell(source)]), encoding="utf-8")
    visit = Visit(browser.new_context(), (address, "ws:", "data:", "blob:"))
    with visit.context:
        page = visit.open(f"{address}/lab/tree/again.ipynb?reset")
        page.wait_for_selector(".jp-Notebook .cm-content", timeout=60_000)
        page.wait_for_selector(".jp-StatusBar-TextItem:has-text('| Idle')", timeout=60_000)  # the kernel is there
        page.locator(".jp-Notebook .cm-content").click()
        for count in range(1, 11):
            page.keyboard.press("Control+Enter")
            prompt = f".jp-InputPrompt:has-text('[{count}]')"
            page.wait_for_selector(prompt, timeout=60_000)
        (frame,) = frames_of(page)
        screen = Screen(frame)
        screen.click("last")
        assert {"g x 3.00", "g y 2.00"} <= screen.shown()
        assert page.locator(IMAGE).count() == 1
        assert visit.refused == []
