"""Lessons, forms, training loops and convolutions in a real browser: what can be read at each step."""

import shutil

import numpy as np
import pytest

import viz
from autograd import Value

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if BROWSER is None:
    pytest.skip("needs a browser: chromium or google-chrome on the PATH", allow_module_level=True)

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def show(browser, tmp_path):
    """Open what was made as a page; at the end nothing may have been asked of the network, or complained about."""
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def open_page(made):
        page.goto(made.save_html(tmp_path / "page.html").as_uri())
        page.wait_for_selector(".stepper.alive")
        return page

    yield open_page
    assert complaints == []
    assert all(url.startswith("file:") for url in asked)
    page.close()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def number_at(page, wire, kind="gradient", picture=0):
    """The number on a wire that can be seen, or nothing."""
    colour = getattr(viz.THEMES["default"], kind)
    text = page.locator(".stepper .picture").nth(picture).locator(f'[data-name="{wire}"] text[fill="{colour}"]').first
    return text.text_content() if text.is_visible() else ""


def twice_used():
    x, y = Value(3.0, "x"), Value(2.0, "y")
    return x * x + x * y


def test_a_lesson_has_one_slider_for_both_pictures(show):
    page = show(viz.mistake(twice_used(), "assign"))
    assert page.locator(".controls:visible").count() == 1
    press(page, "End")
    assert page.locator(".counter:visible").text_content() == "7 / 7"
    assert [number_at(page, "n0wire", picture=i) for i in (0, 1)] == ["8.00", "3.00"]
    assert "x: right 8.00, wrong 3.00" in page.locator(".summary").inner_text()
    assert page.locator(".remark").all_text_contents() == ["✗ right: 8.00"]
    press(page, "ArrowLeft")
    assert [number_at(page, "n0wire", picture=i) for i in (0, 1)] == ["2.00", "2.00"]
    assert page.locator(".summary").inner_text() == "Both agree so far."
    assert page.locator(".remark").count() == 0


def test_a_longer_wrong_pass_leads(show):
    a = Value(2.0, "a")
    b = a * 3.0
    lesson = viz.mistake((b + b.tanh()) * a, "no_order")
    page = show(lesson)
    press(page, "End")
    assert page.locator(".counter:visible").text_content() == f"{len(lesson.wrong.steps)} / {len(lesson.wrong.steps)}"
    assert [number_at(page, "n0wire", picture=i) for i in (0, 1)] == ["13.00", "19.00"]
    assert "Again: it did so before" in page.locator(".card").nth(1).inner_text()


def test_clearing_takes_the_gradients_out_of_the_picture(show):
    page = show(viz.mistake(twice_used(), "no_zero"))
    press(page, "Home", *["ArrowRight"] * 8)
    assert [number_at(page, "n0wire", picture=i) for i in (0, 1)] == ["", "8.00"]
    assert page.locator(".card").nth(1).inner_text().count("are not cleared") == 1


def test_the_sigmoid_folds_in_place_at_the_same_step(show):
    x = Value(1.0, "x")
    page = show(viz.step(1 / (1 + (-x).exp())))
    assert page.locator(".stepper:visible").count() == 1
    press(page, "End")
    page.locator("select[aria-label='Form of the graph']:visible").select_option(label="Folded")
    assert page.locator(".stepper:visible").count() == 1
    assert page.locator(".counter:visible").text_content() == "3 / 3"
    assert page.locator(".picture:visible .node text", has_text="σ").count() == 1
    page.locator(".counter:visible").click()  # away from the choice, which has keys of its own
    press(page, "Home")
    page.locator("select[aria-label='Form of the graph']:visible").select_option(label="As computed")
    assert page.locator(".counter:visible").text_content() == "0 / 9"
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Form of the graph"


def test_the_numbers_change_with_the_steps_of_the_training(show):
    w, records = Value(-1.0, "w"), []
    for _ in range(3):
        loss = (w * 2.0 - 6.0) ** 2
        loss.zero_grad()
        loss.backward()
        records.append(viz.frames(loss))
        w.data -= 0.0625 * w.grad
    page = show(viz.training(records))
    seen = []
    for record in records:
        seen.append((number_at(page, "n0wire", "value"), number_at(page, "n0wire")))
        assert record.steps
        press(page, "ArrowRight")
    assert seen == [("-1.00", "-32.00"), ("1.00", "-16.00"), ("2.00", "-8.00")]
    press(page, "Home")
    assert "−1.00 − 0.0625 × (−32.00) = 1.00" in page.locator(".card").inner_text()


def test_numbers_are_rounded_as_python_rounds_them(show):
    numbers = [n / 8 for n in range(-20, 21)] + [n / 1000 for n in range(-50, 50)]
    page = show(viz.step(Value(1.0, "x") * 2.0))
    sent = page.evaluate("() => document.querySelector('script[type=module]').textContent").split("const rules")[0]
    found = page.evaluate(f"(numbers) => {{ {sent}; return numbers.map((x) => numberText(x, 2)); }}", numbers)
    assert found == [viz.labels.number_text(number, 2) for number in numbers]


def test_the_window_slides_and_the_gradient_flows_back(show):
    steps = viz.convolution_steps(np.arange(9.0).reshape(3, 3), [[1.0, 2.0], [3.0, 4.0]])
    page = show(steps)
    assert page.locator(".cell.now").count() == 0
    assert number_at(page, "y0", "value") == ""
    press(page, "ArrowRight", "ArrowRight")
    assert (number_at(page, "y0", "value"), number_at(page, "y1", "value")) == ("27.00", "37.00")
    marked = page.locator(".cell.now").evaluate_all("cells => cells.map(cell => cell.dataset.name).sort()")
    assert marked == ["w0", "w1", "w2", "w3", "x1", "x2", "x4", "x5", "y1"]
    assert number_at(page, "x4") == ""
    press(page, "End")
    for i, gradient in enumerate(steps.input_gradient.ravel()):
        assert float(number_at(page, f"x{i}")) == gradient
    press(page, "ArrowLeft")
    assert float(number_at(page, "x8")) == 0.0
