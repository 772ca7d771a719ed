"""A browser and a JupyterLab for the tests of what is shown; an option for tests that passed elsewhere."""

import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import already_passed
import pytest
from stepper_screen import BROWSER, ROOT, Screen
from stepper_visit import Visit

import viz


def pytest_addoption(parser):
    parser.addoption("--passed-in", metavar="FILE", help="a JUnit report of this commit: leave out what passed there")


def pytest_collection_modifyitems(config, items):
    report = config.getoption("--passed-in")
    passed = already_passed.passed(report) if report else set()
    again = [item for item in items if already_passed.names(item.nodeid) in passed]
    if again:
        config.hook.pytest_deselected(items=again)
        items[:] = [item for item in items if already_passed.names(item.nodeid) not in passed]


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


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    """A server for JupyterLab and Notebook, without a token, in a folder of its own."""
    folder = tmp_path_factory.mktemp("jupyter")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run", "HOME": "home"}
    places = {name: str(folder / part) for name, part in names.items()}
    (folder / "work").mkdir()
    settings = folder / "config" / "lab" / "user-settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    every_cell = '{"windowingMode": "none"}'  # not only those that can be seen
    (settings / "tracker.jupyterlab-settings").write_text(every_cell, encoding="utf-8")
    options = {
        "ServerApp.root_dir": folder / "work",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "IdentityProvider.token": "",
        "LabApp.news_url": None,
        "LabApp.expose_app_in_browser": True,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", *arguments],
            env={**os.environ, **places, "PYTHONPATH": path},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            while True:
                assert server.poll() is None, (folder / "log").read_text()
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/api/status").close()
                    break
            yield address, folder
        finally:
            os.killpg(server.pid, signal.SIGTERM)  # with its kernels
            server.wait()
