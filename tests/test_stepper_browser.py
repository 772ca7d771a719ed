"""The saved page of the stepper in a real browser."""

from pathlib import Path

import pytest
from stepper_screen import LECTURES, MODULES, SCREENSHOTS, check_controls, check_numbers, lecture_g1
from stepper_visit import needs_module

import autograd
import viz
from autograd import Value

pytestmark = pytest.mark.xdist_group("browser")


# The saved page.


@pytest.mark.parametrize("name", LECTURES)
def test_a_saved_page_shows_the_lectures_numbers(name, page_of, visit):
    node, inputs, steps = LECTURES[name]
    screen = page_of(node())
    check_numbers(screen, inputs, steps)
    check_controls(screen, len(steps))
    assert len(visit.requests) == 1  # the file


@pytest.mark.parametrize("theme", ["dark", "cs231n"])
def test_other_themes_show_the_same_numbers(theme, page_of):
    node, inputs, steps = LECTURES["G1"]
    check_numbers(page_of(node(), theme=theme), inputs, steps)


@pytest.mark.parametrize("direction", ["TB", "RL", "BT"])
def test_other_directions_show_the_same_numbers(direction, page_of):
    node, inputs, steps = LECTURES["G1"]
    check_numbers(page_of(node(), direction=direction), inputs, steps)


def test_the_page_of_the_neuron_is_small():
    html = viz.step(LECTURES["G2"][0]()).html()
    assert len(html.encode()) < 80_000


@pytest.mark.parametrize("visit", [{"java_script_enabled": False}], indirect=True, ids=["no scripts"])
def test_without_scripts_the_picture_is_finished(visit, tmp_path):
    page = visit.open(viz.step(lecture_g1()).save_html(tmp_path / "steps.html"))
    svg = page.locator("svg[role=img]")
    assert svg.is_visible()
    for number in ("-2.00", "5.00", "3.00", "-12.00", "1.00"):
        assert svg.locator(f"text={number}").first.is_visible()
    assert page.locator("button").count() == 0


def test_a_value_used_twice_adds_up(page_of):
    x = Value(3.0, "x")
    screen = page_of(x * x)
    screen.click("last")
    assert "g x 6.00" in screen.shown()
    assert "3.00 + 3.00 = 6.00 added up over its wires" in screen.card.replace("\u2062", "")
    texts = screen.frame.locator("text:visible").all_text_contents()
    assert texts.count("3.00") == 5  # the trunk's value, and on both branches the value and the part of the gradient


MARKUP = """<script>document.title='taken'</script><!-- "'&</style></script> \N{PARTY POPPER} \u202eabc \u0634"""


def test_a_label_full_of_markup_stays_text(page_of):
    x = Value(2.0, MARKUP)
    screen = page_of(x * x.exp())
    for _ in range(5):
        screen.click("next")
    assert screen.frame.title() == "Backprop, step by step"
    assert "<script>" in screen.title
    screen.mode("check")
    screen.mode("nudge")
    screen.mode("predict")
    screen.press("ArrowRight")
    assert screen.frame.locator("script").count() == 2
    assert screen.frame.locator(".card form label").count() == 2


# Modes.


def test_predict_judges_hints_and_counts(page_of):
    screen = page_of(lecture_g1(), mode="predict")
    assert screen.step == 3
    screen.press("ArrowRight")
    fields = screen.frame.locator(".card input")
    assert fields.count() == 2
    fields.nth(0).fill("−4,0")  # as one types it elsewhere
    fields.nth(1).fill("12")
    fields.nth(1).press("Enter")
    answers = screen.frame.locator(".answer").all_text_contents()
    assert answers[0] == "✓ right"
    assert answers[1].startswith("✗ no: upstream 1.00 × local 3.00 = 3.00, the local rule is")
    assert screen.frame.locator(".score").text_content() == "Score: 1 of 2"
    assert screen.step == 3
    screen.frame.page.keyboard.press("Enter")  # "Go on" has the focus
    assert screen.step == 4
    assert {"g q -4.00", "g z 3.00"} <= screen.shown()
    screen.press("ArrowRight")
    for field in screen.frame.locator(".card input").all():
        field.fill("-4")
    screen.frame.locator("text=Check >> visible=true").last.click()
    assert screen.frame.locator(".score").text_content() == "Score: 3 of 4"


def test_what_if_compares_the_predicted_with_the_true_change(page_of):
    screen = page_of(lecture_g1(), mode="nudge")
    slider = screen.frame.locator("input[aria-label=Nudge]")
    slider.fill("0.5")
    assert "-4.0000 × 0.5000 = -2.0000" in screen.card
    assert "true change -2.0000" in screen.card
    assert "v f -14.00" in screen.shown()
    slider.press("ArrowRight")  # the slider's own key, no step
    assert slider.input_value() == "0.51"


def test_gradient_check_agrees_on_every_wire(page_of):
    screen = page_of(LECTURES["G2"][0](), mode="check")
    verdicts = screen.frame.locator(".card tr td:last-child").all_text_contents()
    assert verdicts == ["✓ agrees"] * 12
    assert screen.frame.locator(".remark").all_text_contents() == ["✓"] * 12


def test_a_long_gradient_check_comes_in_slices(page_of):
    chain = Value(1.0, "x")
    for _ in range(250):
        chain = chain + 1.0
    screen = page_of(chain, mode="check")
    remarks = screen.frame.locator(".remark")
    screen.frame.wait_for_function("document.querySelectorAll('.remark').length === 250")
    assert set(remarks.all_text_contents()) == {"✓"}
    assert screen.frame.locator(".card tr").count() == 251
    screen.frame.evaluate("""() => {
      const modes = document.querySelector("select[aria-label=Mode]");
      for (modes.value of ["check", "explain"]) modes.dispatchEvent(new Event("change"));
    }""")
    screen.frame.wait_for_timeout(100)
    assert remarks.count() == 0


def test_flow_draws_wide_wires_and_marks_what_vanishes(page_of):
    x, y = Value(1.0, "x"), Value(1.0, "y")
    screen = page_of(x * 1e-6 + y * 1e6, mode="flow")
    assert sorted(screen.frame.locator(".remark").all_text_contents()) == ["exploding", "vanishing"]
    widths = screen.frame.evaluate(
        "[...document.querySelectorAll('.edge path')].map(path => parseFloat(path.style.strokeWidth))"
    )
    assert min(widths) == 0.6
    assert max(widths) == 6
    screen.mode("explain")
    assert screen.frame.locator(".remark").count() == 0


# A large graph.

# How many pixels a part is away from where Graphviz put it, at most.
MOST_MOVED = """() => {
  const sheet = document.querySelector(".sheet").getBoundingClientRect();
  const svg = document.querySelector(".sheet > svg");
  const { e, f } = svg.querySelector("g").transform.baseVal.consolidate().matrix;
  const scale = sheet.width / svg.viewBox.baseVal.width;
  const moved = [...document.querySelectorAll(".node")].flatMap((part) => {
    const [drawn, seen] = [part.getBBox(), part.getBoundingClientRect()];
    return [seen.left - sheet.left - scale * (drawn.x + e), seen.top - sheet.top - scale * (drawn.y + f)];
  });
  return Math.max(...moved.map(Math.abs));
}"""


def test_a_graph_too_large_for_the_page_is_seen_from_near(page_of):
    chain = Value(1.0, "x")
    for _ in range(1200):
        chain = chain + 1.0
    screen = page_of(chain)
    inside = """name => {
      const bounds = (it) => document.querySelector(it).getBoundingClientRect();
      const [part, box] = [`[data-name="${name}"]`, ".picture"].map(bounds);
      return part.left >= box.left && part.right <= box.right && part.height > 20;
    }"""
    gates = screen.frame.evaluate(
        "JSON.parse(document.querySelector('#steps').textContent).pass.steps.map(s => s.node)"
    )
    assert screen.frame.evaluate(inside, f"n{gates[0]}")
    slider = screen.frame.locator("input[aria-label=Step]")
    slider.fill("1000")
    assert screen.frame.evaluate(inside, f"n{gates[999]}")
    assert screen.frame.locator(".sheet > svg").count() > 1  # laid in layers
    assert screen.frame.evaluate(MOST_MOVED) < 1
    screen.click("whole")
    assert not screen.frame.evaluate("document.querySelector('.picture').classList.contains('near')")
    gate = screen.frame.locator(f'[data-name="n{gates[500]}"]')
    gate.focus()
    screen.frame.page.keyboard.press("Enter")
    assert screen.step == 501


# For everybody.


def violations(screen):
    """What axe-core has to say against a page."""
    screen.frame.evaluate((MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = screen.frame.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(v["id"], [(n["html"][:160], n["failureSummary"]) for n in v["nodes"]]) for v in found["violations"]]


@needs_module("axe-core")
@pytest.mark.parametrize("theme", ["default", "dark"])
@pytest.mark.parametrize("mode", viz.stepper.MODES)
def test_assistive_technology_finds_names_and_roles(theme, mode, page_of):
    screen = page_of(LECTURES["G2"][0](), theme=theme, mode=mode)
    screen.click("next" if mode == "predict" else "last")
    assert violations(screen) == []


def a_training(theme):
    w, records = Value(-1.0, "w"), []
    for _ in range(3):
        loss = (w * 2.0 - 6.0) ** 2
        loss.zero_grad()
        loss.backward()
        records.append(viz.frames(loss))
        w.data -= 0.0625 * w.grad
    return viz.training(records, theme=theme)


def used_twice():
    a = Value(2.0, "a")
    b = a * 3.0
    return (b + b.tanh()) * a


OTHERS = {
    "lesson": lambda theme: viz.mistake(lecture_g1() * Value(2.0, "a"), "assign", theme=theme),
    "order": lambda theme: viz.mistake(used_twice(), "no_order", theme=theme),
    "training": a_training,
    "convolution": lambda theme: viz.convolution_steps([[1.0, 2.0], [3.0, 4.0]], [[1.0, -1.0]], theme=theme),
    "forms": lambda theme: viz.step(Value(1.0, "x").sigmoid(), theme=theme),
    "arrays": lambda theme: viz.step(autograd.tensor([1.0, 2.0], requires_grad=True, label="x").exp(), theme=theme),
}


@needs_module("axe-core")
@pytest.mark.parametrize("theme", ["default", "dark"])
@pytest.mark.parametrize("name", OTHERS)
def test_assistive_technology_finds_its_way_in_other_pages(name, theme, page_of):
    screen = page_of(OTHERS[name](theme))
    for width in (1600, 800):
        screen.frame.page.set_viewport_size({"width": width, "height": 700})
        screen.press("End")
        screen.press("ArrowLeft")
        assert violations(screen) == [], width
        assert screen.frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("visit", [{"reduced_motion": "reduce"}], indirect=True, ids=["reduced"])
def test_everything_is_reached_by_keyboard_with_a_visible_focus(page_of):
    screen = page_of(lecture_g1())
    keyboard = screen.frame.page.keyboard
    seen = []
    while True:
        keyboard.press("Tab")
        focus = screen.frame.evaluate("""() => {
          const it = document.activeElement;
          if (it === document.body) return null;
          const shape = it.matches(".gate") ? it.querySelector("ellipse,path,polygon") : it;
          const style = getComputedStyle(shape);
          const width = parseFloat(it.matches(".gate") ? style.strokeWidth : style.outlineWidth);
          return [it.getAttribute("aria-label"), width >= 3];
        }""")
        if focus is None or focus in seen:
            break
        seen.append(focus)
    assert all(visible for _, visible in seen), seen
    names = {name for name, _ in seen}
    assert {"First step", "Previous step", "Play", "Next step", "Last step", "Step", "Speed", "Mode"} <= names
    assert {"Zoom in", "Zoom out", "Whole picture"} <= names
    assert any("go to the step of" in name for name in names)


def test_each_step_is_read_aloud(page_of):
    screen = page_of(lecture_g1())
    screen.click("next")
    live = screen.frame.locator("[aria-live=polite]")
    assert live.text_content() == "q = x + y = 3.00."


@pytest.mark.parametrize("visit", [{"reduced_motion": "reduce"}], indirect=True, ids=["reduced"])
def test_nothing_moves_for_those_who_asked_for_that(page_of):
    screen = page_of(lecture_g1())
    moving = """[...document.querySelectorAll("*")].filter((it) => {
      const style = getComputedStyle(it);
      return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
    }).length"""
    assert screen.frame.evaluate(moving) == 0


@pytest.mark.skipif(not SCREENSHOTS, reason="set CHAINRULE_SCREENSHOTS to a folder to keep pictures of the pages")
@pytest.mark.parametrize("width", [800, 1600])
@pytest.mark.parametrize("theme", ["default", "dark"])
def test_screenshots(width, theme, page_of):
    for name, (node, _, _) in LECTURES.items():
        for mode in viz.stepper.MODES:
            screen = page_of(node(), theme=theme, mode=mode)
            page = screen.frame.page
            page.set_viewport_size({"width": width, "height": 700})
            screen.click("next" if mode == "predict" else "last")
            page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{mode}-{theme}-{width}.png", full_page=True)
            page.close()
    for name, make in OTHERS.items():
        screen = page_of(make(theme))
        page = screen.frame.page
        page.set_viewport_size({"width": width, "height": 700})
        screen.press("End")
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{theme}-{width}.png", full_page=True)
        page.close()
