"""A browser for the tests of the stepper."""

import importlib.util

import pytest
from stepper_screen import BROWSER, Screen
from stepper_visit import Visit

import viz


@pytest.fixture(scope="module")
def browser():
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("needs playwright: pip install -e '.[browser]'")
    if BROWSER is None:
        pytest.skip("needs a browser: chromium or google-chrome on the PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def visit(browser, request):
    """What a test visits; at its end nothing may have been asked of the network, and nothing complained about."""
    with browser.new_context(viewport={"width": 1200, "height": 900}, **getattr(request, "param", {})) as context:
        visit = Visit(context)
        yield visit
        assert visit.refused == []
        assert visit.errors == []


@pytest.fixture
def page_of(visit, tmp_path):
    """Save a stepper, or what else has a page, and open it."""

    def open_page(shown, **options):
        made = shown if hasattr(shown, "save_html") else viz.step(shown, **options)
        return Screen(visit.open(made.save_html(tmp_path / "steps.html")).main_frame)

    return open_page
