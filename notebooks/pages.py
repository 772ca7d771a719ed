"""Make static pages of the stored notebooks: one for each, and an index.

``python notebooks/pages.py FOLDER`` writes them.  They open without a network: formulas become MathML, which browsers
draw themselves, pictures are inside the page, and steppers step.  Nothing is executed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from math_core import LatexError, LatexToMathML
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

FOLDER = Path(__file__).resolve().parent
STYLE = (FOLDER / "pages.css").read_text(encoding="utf-8")

# The page may ask for nothing outside of itself; browsers hold it to that.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{style}</style>
<body class="{kind}">
{body}
</body>
</html>
"""


class _Renderer(IPythonRenderer):
    """Writes formulas as MathML, and links to notebooks as links to their pages."""

    def __init__(self) -> None:
        super().__init__(escape=False)
        self.converter = LatexToMathML(fancy_error=False)

    def block_math(self, body: str) -> str:
        return self.converter.convert_with_local_state(body.strip(), displaystyle=True)

    def inline_math(self, body: str) -> str:
        return self.converter.convert_with_local_state(body.strip(), displaystyle=False)

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, re.sub(r"^([\w-]+)\.ipynb(?=$|#)", r"\1.html", url), title)


def html(markdown: str) -> str:
    """Turn Markdown with formulas into HTML.

    Raises
    ------
    math_core.LatexError
        When a formula has something that cannot be converted.
    """
    return MarkdownWithMath(renderer=_Renderer()).render(markdown)


def notebooks() -> dict[str, Any]:
    """Return the stored notebooks by name, in the reader's order."""
    paths = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
    return {path.stem: nbformat.read(path, as_version=4) for path in paths}


def title(notebook: Any) -> str:
    """Return the first heading."""
    return re.search(r"^# (.+)", notebook.cells[0].source, re.M)[1]


def question(notebook: Any) -> str:
    """Return the question that a notebook begins with, in Markdown."""
    text = notebook.cells[0].source
    asked = re.search(r"\*\*([^*]+\?)\*\*", text) or re.search(r"([A-Z](?:[^.!?#\n]|\n(?!\n))*\?)", text)
    return asked[1] if asked else ""


def picture(notebook: Any) -> str:
    """Return the first picture of a notebook as an image, or nothing."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if png := output.get("data", {}).get("image/png"):
                return f'<img alt="" src="data:image/png;base64,{"".join(png.split())}">'
    return ""


def notebook_page(name: str, every: Mapping[str, Any]) -> str:
    """Return the page of a notebook, with links to the ones before and after it.

    Raises
    ------
    ValueError
        When a formula cannot be converted.
    """
    names = list(every)
    place = names.index(name)
    before, after = (names[i] if 0 <= i < len(names) else None for i in (place - 1, place + 1))
    links = [
        _link(before, every, "← ", "", "prev"),
        '<a href="index.html">All notebooks</a>',
        _link(after, every, "", " →", "next"),
    ]
    navigation = f"<nav>\n{chr(10).join(links)}\n</nav>"
    exporter = HTMLExporter(template_name="basic")
    exporter.register_filter("markdown2html", html)
    try:
        body, _ = exporter.from_notebook_node(every[name])
    except LatexError as error:
        raise ValueError(f"{name} has a formula that cannot be converted: {error}") from None
    # Figures of Matplotlib bring no description; the text around them says what they show.
    body = body.replace('alt="No description has been provided for this image"', 'alt="figure"')
    return _page(title(every[name]), f"{navigation}\n<main>\n{body}\n</main>\n{navigation}", "notebook")


def index_page(every: Mapping[str, Any]) -> str:
    """Return the page that leads to all others."""
    entries = [
        f'<li><a href="{name}.html">{picture(notebook)}<h2>{escape(title(notebook))}</h2></a>{html(question(notebook))}'
        for name, notebook in every.items()
    ]
    start = "<h1>The notebooks</h1>\n<p>Each one is a question, and one idea that answers it.</p>"
    return _page("The notebooks", f"<main>\n{start}\n<ol>\n{chr(10).join(entries)}\n</ol>\n</main>", "index")


def _link(name: str | None, every: Mapping[str, Any], left: str, right: str, kind: str) -> str:
    if name is None:
        return "<span></span>"
    return f'<a rel="{kind}" href="{name}.html">{left}{escape(title(every[name]))}{right}</a>'


def _page(title: str, body: str, kind: str) -> str:
    return PAGE.format(policy=POLICY, title=escape(title), style=STYLE, body=body, kind=kind)


def write(folder: Path, every: Mapping[str, Any]) -> list[Path]:
    """Write the pages of notebooks, and their index, into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"index": index_page(every)} | {name: notebook_page(name, every) for name in every}
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return [folder / f"{name}.html" for name in pages]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write all pages."""
    parser = argparse.ArgumentParser(description="Make static pages of the notebooks, which need no network.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to write them; made when missing")
    options = parser.parse_args(arguments)
    files = write(options.folder, notebooks())
    print(f"{len(files)} pages, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB; open {files[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
