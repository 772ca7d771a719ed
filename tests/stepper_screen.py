"""What the browser tests of the stepper share: the lecture's examples, and a screen on which one is shown."""

import os
import re
import shutil
from pathlib import Path

from autograd import Value

ROOT = Path(__file__).parent.parent
MODULES = ROOT / "node_modules"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SCREENSHOTS = os.environ.get("CHAINRULE_SCREENSHOTS")

# In words of the lecture: which numbers appear at each step, the value (v) or the gradient (g) of a wire.
G1 = [
    "v q 3.00",
    "v f -12.00",
    "g f 1.00",
    "g q -4.00, g z 3.00",
    "g x -4.00, g y -4.00",
]
G1_INPUTS = "v x -2.00, v y 5.00, v z -4.00"

G2 = [
    "v a -2.00",
    "v b 6.00",
    "v c 4.00",
    "v d 1.00",
    "v e -1.00",
    "v h 0.37",
    "v i 1.37",
    "v s 0.73",
    "g s 1.00",
    "g i -0.53",
    "g h -0.53",
    "g e -0.20",
    "g d 0.20",
    "g c 0.20, g w2 0.20",
    "g a 0.20, g b 0.20",
    "g w1 -0.39, g x1 -0.59",
    "g w0 -0.20, g x0 0.39",
]
G2_INPUTS = "v w0 2.00, v x0 -1.00, v w1 -3.00, v x1 -2.00, v w2 -3.00"


def lecture_g1():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    q = x + y
    q.label = "q"
    f = q * z
    f.label = "f"
    return f


def lecture_g2():
    numbers = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
    w0, x0, w1, x1, w2 = (Value(number, name) for name, number in numbers.items())
    a, b = w0 * x0, w1 * x1
    c = a + b
    d = c + w2
    e = -d
    h = e.exp()
    i = 1 + h
    s = 1 / i
    for name, node in {"a": a, "b": b, "c": c, "d": d, "e": e, "h": h, "i": i, "s": s}.items():
        node.label = name
    return s


LECTURES = {"G1": (lecture_g1, G1_INPUTS, G1), "G2": (lecture_g2, G2_INPUTS, G2)}

# The numbers that can be seen, by the name of their wire and by their colour.
SHOWN = """(control) => {
  if (control) document.querySelector(`[data-control="${control}"]`).click();
  const pass = JSON.parse(document.querySelector("#steps").textContent);
  const seen = [];
  pass.pass.nodes.forEach((node, i) => {
    for (const [kind, colour] of [["v", pass.theme.value], ["g", pass.theme.gradient]]) {
      const wire = document.querySelector(`[data-name="n${i}wire"]`);
      for (const text of wire?.querySelectorAll(`text[fill="${colour}"]`) ?? []) {
        const box = text.getBoundingClientRect();
        const shown = getComputedStyle(text).visibility === "visible" && box.width > 0;
        if (shown) seen.push(`${kind} ${node.name} ${text.textContent}`);
      }
    }
  });
  return seen;
}"""


class Screen:
    """A stepper in a page or in a frame of one."""

    def __init__(self, frame):
        self.frame = frame
        frame.wait_for_selector(".stepper.alive")

    def shown(self, control=""):
        """The numbers in the picture, such as ``v x -2.00``, after a click on a control."""
        return set(self.frame.evaluate(SHOWN, control))

    def control(self, name):
        return self.frame.locator(f'[data-control="{name}"]')

    def click(self, name):
        self.control(name).click()

    def press(self, key):
        """Press a key with nothing particular focused but the stepper."""
        self.frame.locator(".counter:visible").click()
        self.frame.page.keyboard.press(key)

    @property
    def step(self):
        """How many steps are done."""
        return int(self.frame.locator(".counter").text_content().split("/")[0])

    @property
    def title(self):
        return self.frame.locator(".card h2").text_content()

    @property
    def card(self):
        return re.sub(r"\s+", " ", self.frame.locator(".card").inner_text())

    def mode(self, name):
        self.frame.locator("select[aria-label=Mode]").select_option(name)

    def gate(self, symbol):
        return self.frame.locator(".gate", has=self.frame.locator(f"text={symbol}")).first

    def wait_for_step(self, number):
        self.frame.wait_for_function(
            "number => document.querySelector('.counter').textContent.startsWith(`${number} /`)", arg=number
        )


def numbers(text):
    return set(text.split(", "))


def check_numbers(screen, inputs, steps):
    """Step through a whole pass: each step shows the lecture's numbers and nothing that is not computed yet."""
    expected = numbers(inputs)
    assert screen.shown("first") == expected
    for i, appears in enumerate(steps, 1):
        expected |= numbers(appears)
        assert screen.shown("next") == expected, i
    assert screen.step == len(steps)
    for i in range(len(steps), 0, -1):
        expected -= numbers(steps[i - 1])
        assert screen.shown("previous") == expected, i
    assert screen.step == 0


def check_controls(screen, last):
    """Every control does what it says."""
    for name, step in (("last", last), ("previous", last - 1), ("first", 0), ("next", 1)):
        screen.click(name)
        assert screen.step == step, name
    for key, step in (("End", last), ("ArrowLeft", last - 1), ("Home", 0), ("ArrowRight", 1)):
        screen.press(key)
        assert screen.step == step, key
    slider = screen.frame.locator("input[aria-label=Step]")
    slider.fill("3")
    assert screen.step == 3
    slider.press("ArrowRight")
    assert screen.step == 4
    check_play(screen, last)
    check_gates(screen)
    check_zoom(screen)
    check_modes(screen, last)


def check_play(screen, last):
    screen.frame.locator("select[aria-label=Speed]").select_option("4×")
    screen.click("first")
    screen.click("play")
    assert screen.control("play").get_attribute("aria-label") == "Pause"
    screen.wait_for_step(2)
    screen.press("Space")  # pauses
    assert screen.control("play").get_attribute("aria-label") == "Play"
    screen.frame.locator("input[aria-label=Step]").fill(str(last - 1))
    screen.press("Space")
    screen.wait_for_step(last)
    screen.frame.wait_for_selector('[data-control="play"][aria-label="Play"]')


def check_gates(screen):
    gates = screen.frame.locator(".gate")
    screen.click("first")
    gates.last.click()
    forward = screen.step
    assert screen.title.startswith("Forward")
    screen.click("last")
    gates.last.click()
    assert screen.title.startswith("Backward")
    assert screen.step > forward
    screen.click("first")
    gates.first.focus()
    screen.frame.page.keyboard.press("ArrowDown")
    screen.frame.page.keyboard.press("Enter")
    assert screen.step == 2
    assert screen.frame.evaluate("document.activeElement.classList.contains('gate')")


def check_zoom(screen):
    width = "document.querySelector('.sheet').getBoundingClientRect().width"
    whole = screen.frame.evaluate(width)
    for closer, farther in (
        (lambda: screen.click("closer"), lambda: screen.click("farther")),
        (lambda: screen.press("+"), lambda: screen.press("-")),
    ):
        closer()
        near = screen.frame.evaluate(width)
        assert near > 1.3 * whole
        closer()
        farther()
        assert abs(screen.frame.evaluate(width) - near) < 1
        screen.click("whole")
        assert abs(screen.frame.evaluate(width) - whole) < 1
    screen.press("+")
    screen.press("0")
    assert abs(screen.frame.evaluate(width) - whole) < 1


def check_modes(screen, last):
    titles = {"predict": "Backward: start", "nudge": "What if", "check": "Gradient check", "flow": "Backward"}
    for mode, title in titles.items():
        screen.mode(mode)
        assert screen.title.startswith(title), mode
    screen.mode("explain")
    screen.click("last")
    assert screen.step == last
