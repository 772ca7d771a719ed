"""The stored notebooks as a newcomer sees them: opened in JupyterLab, untrusted, and some trusted too."""

import html
import re
from pathlib import Path

import pytest
from stepper_screen import G1, G1_INPUTS, SCREENSHOTS, Screen, check_numbers
from stepper_visit import Visit, needs, text_of

pytestmark = [pytest.mark.xdist_group("browser"), needs("jupyterlab", "ipykernel")]

FOLDER = Path(__file__).parent.parent / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("[0-9][0-9]_*.ipynb"))
TRUSTED = ["01_one_weight", "02_graph", "16_convolution_and_pooling"]
"""Together they have every kind of page to step through."""

OPEN = """async path => {
  const { commands, shell } = window.jupyterapp;
  for (const widget of [...shell.widgets("main")]) widget.dispose();
  const panel = await commands.execute("docmanager:open", { path });
  const session = panel.context.sessionContext;
  session.kernelPreference = { ...session.kernelPreference, shouldStart: false };  // nothing is run
  await panel.context.ready;
}"""

PICTURES = """() => [...document.querySelectorAll(".jp-OutputArea-output img")].map((image) => {
  const [page, box] = [image.closest(".jp-Cell"), image].map((element) => element.getBoundingClientRect());
  return {
    alt: image.alt,
    whole: image.complete && image.naturalWidth > 0,
    inside: box.width > 50 && box.left >= page.left && box.right <= page.right,
  };
})"""


def stored(name):
    import nbformat

    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def outputs_of(notebook):
    """What the cells show, a dict of kinds each; streams that follow each other are one."""
    shown = []
    for cell in notebook.cells:
        stream = False
        for output in cell.get("outputs", []):
            if not (stream and output.output_type == "stream"):
                shown.append(output.get("data", {"text/plain": ""}))
            stream = output.output_type == "stream"
    return shown


@pytest.fixture(scope="module")
def lab(browser, jupyter):
    """One JupyterLab for all notebooks."""
    address, _ = jupyter
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    visit = Visit(context, (address, "ws:", "data:", "blob:"))
    context.on("console", lambda message: note(message.type == "error", message.location["url"], message.text))
    context.on("weberror", lambda error: note(True, error.error.stack or "", str(error.error)))

    def note(is_error, place, text):
        if is_error and "/static/lab/" not in place:  # those are JupyterLab's own
            visit.ours.append(f"{text} ({place})")

    visit.ours = []
    with context:
        page = visit.open(f"{address}/lab?reset")
        page.wait_for_function("window.jupyterapp", timeout=120_000)
        page.evaluate("window.jupyterapp.restored.then(() => true)")
        yield visit, page


def opened(lab, jupyter, name, sign=False):
    """Open a notebook in the place of the one before; return the notebook and the page."""
    visit, page = lab
    visit.ours.clear()
    _, folder = jupyter
    notebook = stored(name)
    path = f"{name}-{'signed' if sign else 'unsigned'}.ipynb"
    text = text_of(notebook, folder / "data" if sign else None)
    (folder / "work" / path).write_text(text, encoding="utf-8")
    page.evaluate(OPEN, path)
    count = len(outputs_of(notebook))
    page.wait_for_function(f"document.querySelectorAll('.jp-OutputArea-output').length === {count}", timeout=120_000)
    page.wait_for_function("document.querySelectorAll('.jp-MarkdownCell:not(.jp-mod-rendered)').length === 0")
    page.wait_for_function("document.querySelector('mjx-container')")
    page.wait_for_function("[...document.querySelectorAll('.jp-OutputArea-output img')].every(image => image.complete)")
    return notebook, page


def keep(page, name):
    """Keep pictures of the whole notebook where the environment asks for them."""
    if not SCREENSHOTS:
        return
    cells = page.locator(".jp-Cell")
    first, last = cells.first.bounding_box(), cells.last.bounding_box()
    height = int(last["y"] + last["height"] - first["y"])
    page.set_viewport_size({"width": 1400, "height": height + 300})  # JupyterLab scrolls inside the window
    cells.first.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    first = cells.first.bounding_box()
    for i, top in enumerate(range(0, height, 1400)):
        clip = {"x": first["x"], "y": first["y"] + top, "width": first["width"], "height": min(1400, height - top)}
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{i:02}.png", clip=clip)
    page.set_viewport_size({"width": 1400, "height": 1000})


def check_nothing_broken(lab, page):
    visit, _ = lab
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0  # formulas
    outputs = "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())
    assert not re.search(r"Traceback|Error:|Warning:", outputs)
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert visit.ours == []
    assert visit.refused == []


@pytest.mark.parametrize("name", NAMES)
def test_untrusted_every_picture_is_there(lab, jupyter, name):
    notebook, page = opened(lab, jupyter, name)
    keep(page, name)
    shown = outputs_of(notebook)
    drawn = sum("image/png" in kinds or "<img" in kinds.get("text/html", "") for kinds in shown)
    described = [alt for kinds in shown for alt in re.findall(r'<img[^>]*alt="([^"]*)"', kinds.get("text/html", ""))]
    pictures = page.evaluate(PICTURES)
    assert len(pictures) == drawn
    assert all(picture["whole"] and picture["inside"] for picture in pictures), pictures
    alts = [picture["alt"] for picture in pictures if picture["alt"]]
    assert alts == list(map(html.unescape, described))  # those of steppers are among them
    assert page.locator(".jp-OutputArea-output iframe, .jp-OutputArea-output script").count() == 0
    folded = page.locator(".jp-MarkdownCell details")
    assert folded.count() >= 2
    assert not any(fold.get_attribute("open") for fold in folded.all())
    check_nothing_broken(lab, page)


@pytest.mark.parametrize("name", TRUSTED)
def test_trusted_every_stepper_is_alive(lab, jupyter, name):
    notebook, page = opened(lab, jupyter, name, sign=True)
    frames = page.locator(".jp-OutputArea-output iframe")
    alive = sum("data-chainrule" in kinds.get("text/html", "") for kinds in outputs_of(notebook))
    assert frames.count() == alive > 0
    assert not any(image.is_visible() for image in page.locator("img[data-chainrule]").all())
    for frame in frames.all():
        screen = Screen(frame.element_handle().content_frame())
        counter = screen.frame.locator(".counter:visible")
        screen.frame.locator('[data-control="first"]:visible').click()
        start, last = map(int, counter.text_content().split("/"))
        assert last >= 5
        for step in range(start + 1, last + 1):
            screen.frame.locator('[data-control="next"]:visible').click()
            assert counter.text_content() == f"{step} / {last}"
        height = screen.frame.evaluate("document.documentElement.getBoundingClientRect().height")
        page.wait_for_function(
            "([frame, height]) => Math.abs(frame.getBoundingClientRect().height - height) < 2",  # nothing is cut off
            arg=[frame.element_handle(), height],
        )
    keep(page, f"{name}-trusted")
    if name == "02_graph":
        check_numbers(Screen(frames.first.element_handle().content_frame()), G1_INPUTS, G1)
    check_nothing_broken(lab, page)
