"""Pages made of pictures, their data and the scripts of ``viz/page/``; and the output of a notebook's cell."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from viz.javascript import rules
from viz.labels import markup

PAGES = (".html", ".htm")
"""The suffixes of a page."""

FOLDER = Path(__file__).parent / "page"
SCRIPTS = ("arithmetic.js", "core.js", "view.js", "picture.js", "page.js")


class Shown(Protocol):
    """What a page shows, such as a figure."""

    title: str

    @property
    def is_dark(self) -> bool:
        """Whether the page is a dark one."""
        ...

    def data(self) -> dict[str, Any]:
        """Return what the script reads."""
        ...

    def operations(self) -> set[tuple[str, int]]:
        """Return the rows of the op table that the script computes with, each with its number of operands."""
        ...


def page(svgs: Sequence[str], figures: Sequence[Shown], script: str = "", data: dict[str, Any] | None = None) -> str:
    """Return a page that needs nothing else: no other file, no network.

    Parameters
    ----------
    svgs : sequence of str
        The pictures, or a mark that is replaced later.
    figures : sequence of Shown
        What is shown of each.
    script : str
        The name of a script and a style sheet for the whole page; by default each figure is a stepper of its own.
    data : dict, optional
        What that script reads beside what it is told of the first picture and, as ``others``, of the others.
    """
    parts = [
        f'<section class="stepper" aria-label="{markup(figure.title)}"'
        f"{' hidden' if i and script == 'forms' else ''}>\n"
        f"{f'<h2>{markup(figure.title)}</h2>' if script else ''}"
        f'<div class="picture">{svg}</div>\n</section>\n'
        for i, (svg, figure) in enumerate(zip(svgs, figures, strict=True))
    ]
    dark = ' class="dark"' if figures[0].is_dark else ""
    record = {**figures[0].data(), "others": [figure.data() for figure in figures[1:]], **(data or {})}
    # "<" may not stand in a script, where "</script>" would end it.
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return (
        f'<!DOCTYPE html>\n<html lang="en"{dark}>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>Backprop, step by step</title>\n"
        f"<style>{_shorter(asset('page.css') + (asset(f'{script}.css') if script else ''))}</style>\n"
        f'<main class="page {script}">\n<h1 class="spoken">Backprop, step by step</h1>\n{"".join(parts)}</main>\n'
        f'<script type="application/json" id="steps">{text}</script>\n'
        f'<script type="module">\n{_code(figures, script)}</script>\n</html>\n'
    )


def write_page(path: str | os.PathLike[str], html: Callable[[], str]) -> Path:
    """Write a page to a file.

    Raises
    ------
    ValueError
        When the suffix is not ``.html`` or ``.htm``.
    """
    path = Path(path)
    if path.suffix.lower() not in PAGES:
        raise ValueError(f"save_html writes a page, got {str(path)!r}; give a name that ends in .html")
    path.write_text(html(), encoding="utf-8")
    return path


def bundle(svg: str, page: str, description: str, text: str) -> dict[str, Any]:
    """Return a notebook's output: an image that a script replaces by a frame with the page.

    Parameters
    ----------
    svg : str
        The picture.
    page : str
        The page with ``PICTURE`` where the picture stands.
    description : str
        What the picture is.
    text : str
        What a terminal shows.
    """
    image = base64.b64encode(svg.encode()).decode()
    # A script ends at "</script", and "<!--" would change where; all else may stand as it is.
    content = json.dumps(page, ensure_ascii=False)[1:-1].replace("</", "<\\/").replace("<!--", "\\u003c!--")
    content = "'" + content.replace('\\"', '"').replace("'", "\\'") + "'"  # a page has many double quotes
    name = "c" + hashlib.sha256(f"{image}{content}".encode()).hexdigest()[:12]
    script = _shorter(asset("embed.js")).replace("NAME", name).replace('"PAGE"', content)
    picture = (
        f'<img data-chainrule="{name}" alt="{markup(description)}" style="max-width:100%;height:auto" '
        f'src="data:image/svg+xml;base64,{image}">'
    )
    return {"text/html": f"<div>{picture}<script>{script}</script></div>", "text/plain": text}


def _code(figures: Sequence[Shown], script: str) -> str:
    """The scripts of a page, with the forward rules that its graphs need."""
    wanted: set[tuple[str, int]] = set().union(*(figure.operations() for figure in figures))
    functions = "".join(f"  {json.dumps(name)}: {text},\n" for name, text in rules(wanted).items())
    start = f"start{script.capitalize()}" if script else "startPage"
    return (
        f"{modules((*SCRIPTS, f'{script}.js') if script else SCRIPTS)}\nconst rules = {{\n{functions}}};\n"
        "for (const name of Object.keys(rules)) m[name] ??= rules[name];\n"
        "const data = JSON.parse(document.querySelector('#steps').textContent);\n"
        f"{start}(document.querySelector('.page'), data, rules);\n"
        f"{_shorter(asset('resize.js'))}"
    )


@cache
def asset(name: str) -> str:
    """Return the text of a file of the page."""
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def modules(names: tuple[str, ...]) -> str:
    """Return modules of the page as one: without imports, which have nothing to find, and exports."""
    texts = [re.sub(r"^import .*\n", "", asset(name), flags=re.MULTILINE) for name in names]
    joined = "\n".join(re.sub(r"^export ", "", text, flags=re.MULTILINE) for text in texts)
    return _shorter(re.sub(r"\bcore\.", "", joined))


def _shorter(text: str) -> str:
    """Leave out comments and indentation: a page is sent, the files are read."""
    return re.sub(r"^\s*(?:(?://.*|/\*.*\*/)$)?| // .*$", "", text, flags=re.MULTILINE)
