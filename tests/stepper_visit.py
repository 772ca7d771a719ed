"""How the browser tests of the stepper open pages: with the network blocked, noting down what is asked for."""

import importlib.util
from pathlib import Path

import pytest
from stepper_screen import MODULES

import viz

IMAGE = "img[data-chainrule]"


def needs(*packages):
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}: pip install -e '.[browser]'")


def needs_module(name):
    return pytest.mark.skipif(not (MODULES / name).is_dir(), reason=f"needs {name}: run npm install")


class Visit:
    """Opens pages and notes down what they ask for and what they complain about; the network is blocked."""

    def __init__(self, context, allowed="file:"):
        self.requests, self.refused, self.errors = [], [], []
        self.allowed = allowed
        self.context = context
        context.route("**/*", self._route)
        context.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _route(self, route):
        url = route.request.url
        self.requests.append(url)
        if url.startswith(self.allowed):
            return route.continue_()
        self.refused.append(url)
        return route.abort()

    def open(self, address):
        page = self.context.new_page()
        page.goto(address.as_uri() if isinstance(address, Path) else address)
        return page


def frames_of(page, count=1):
    """The frames of a page in which steppers live."""
    page.wait_for_function(f"document.querySelectorAll('iframe').length === {count}")
    return [handle.content_frame() for handle in page.query_selector_all("iframe")]


def notebook_of(*nodes, sign_in=None):
    """A notebook whose cells have shown steppers, or what is given; signed with the key in the folder `sign_in`."""
    from nbformat.v4 import new_code_cell, new_output

    cells = []
    for i, node in enumerate(nodes, 1):
        bundle = (node if hasattr(node, "save_html") else viz.step(node))._repr_mimebundle_()
        outputs = [new_output("execute_result", data=bundle, execution_count=i)]
        cells.append(new_code_cell("viz.step(f)", outputs=outputs, execution_count=i))
        cells[-1]["metadata"]["slideshow"] = {"slide_type": "slide"}
    return written(cells, sign_in)


def written(cells, sign_in=None):
    """The text of a notebook."""
    import nbformat

    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return text_of(nbformat.v4.new_notebook(cells=cells, metadata=metadata), sign_in)


def text_of(notebook, sign_in=None):
    """The text of a notebook; signed with the key in the folder `sign_in`."""
    import nbformat
    from nbformat.sign import NotebookNotary

    if sign_in is not None:
        NotebookNotary(data_dir=str(sign_in)).sign(notebook)
    return nbformat.writes(notebook)


def open_notebook(browser, jupyter, interface, text):
    """Open a notebook in the browser; the context is closed by the caller."""
    address, folder = jupyter
    name = f"{len(list((folder / 'work').iterdir()))}.ipynb"
    (folder / "work" / name).write_text(text, encoding="utf-8")
    visit = Visit(browser.new_context(viewport={"width": 1400, "height": 1000}), (address, "ws:", "data:", "blob:"))
    page = visit.open(f"{address}/{interface}/{name}?reset")  # JupyterLab opens nothing from before
    page.wait_for_selector(".jp-Notebook .jp-OutputArea-output", timeout=60_000)
    return visit, page
