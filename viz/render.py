"""Turn DOT into pictures with a Graphviz engine: the embedded one, or the system's ``dot``."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping

from viz.labels import markup
from viz.sides import HIDDEN
from viz.thumbnail import Thumbnail

ENGINE_VARIABLE = "CHAINRULE_DOT"
INSTALL = "install the embedded engine with 'pip install graphviz-pure', or Graphviz itself from https://graphviz.org/download/"
FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif"


class RenderError(RuntimeError):
    """No engine can make this picture; the message says what to install."""


@functools.cache
def _embedded_engine() -> str | None:
    import importlib.metadata

    try:
        files = importlib.metadata.files("graphviz-pure") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.stem == "graphviz-pure" and file.suffix in ("", ".exe"):
            path = str(file.locate())
            return path if os.access(path, os.X_OK) else None
    return None


def find_engine(kind: str, engine: str | None = None) -> str:
    """Return the program that makes a picture of this `kind` (``"svg"``, ``"png"``, ``"pdf"``).

    The order is: `engine`, the environment variable ``CHAINRULE_DOT``, the embedded engine
    (which writes no PDF), the system's ``dot``.

    Raises
    ------
    RenderError
        When there is none.
    """
    named = engine or os.environ.get(ENGINE_VARIABLE)
    if named:
        found = shutil.which(named)
        if not found:
            raise RenderError(f"the engine {named!r} is not a program that can be run; name another one, or {INSTALL}")
        return found
    found = (_embedded_engine() if kind != "pdf" else None) or shutil.which("dot")
    if found:
        return found
    if kind == "pdf":
        raise RenderError(
            "PDF needs Graphviz's own program 'dot', which is not on the PATH: install Graphviz from "
            "https://graphviz.org/download/ (for example 'apt install graphviz' or 'brew install graphviz'), "
            "or save as SVG"
        )
    raise RenderError(f"there is no Graphviz engine to draw with: {INSTALL}")


def render(source: str, kind: str, *, engine: str | None = None, dpi: int | None = None) -> bytes:
    """Run an engine on DOT `source` and return the picture's bytes.

    Raises
    ------
    RenderError
        When there is no engine for this kind, or it fails.
    """
    command = [find_engine(kind, engine), f"-T{kind}", *([f"-Gdpi={dpi}"] if dpi else [])]
    try:
        result = subprocess.run(command, input=source.encode("utf-8"), capture_output=True, check=False)
    except OSError as error:
        raise RenderError(f"the engine {command[0]} cannot be run: {error}; {INSTALL}") from error
    if result.returncode or not result.stdout:
        message = result.stderr.decode("utf-8", "replace").strip()[:500]
        raise RenderError(f"{command[0]} could not write {kind}: {message or 'it gave no reason'}")
    return result.stdout


def tidy_svg(
    picture: bytes,
    description: str,
    tooltips: Mapping[str, str],
    pictures: Mapping[str, Thumbnail] | None = None,
    named: bool = False,
) -> str:
    """Make an engine's SVG fit to stand in a page.

    It scales with the page, names fonts that exist elsewhere, describes itself to screen
    readers, and its ids do not collide with those of another picture.  When `named`, its parts
    have their names of the DOT text as ``data-name`` instead of an id, an edge that of its two ends.
    """
    svg = picture.decode("utf-8", "replace")
    head = re.search(r'<svg width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    if not head:
        raise RenderError(f"the engine wrote no SVG of Graphviz but {svg[:60]!r}; name another one, or {INSTALL}")
    # The engine lays out in points; a page counts in pixels of three quarters of a point.
    width, height = (float(points) * 4 / 3 for points in head.groups())
    prefix = "c" + hashlib.sha256(picture).hexdigest()[:8]
    body = re.sub(r"<!--.*?-->\n?", "", svg[head.end() :], flags=re.DOTALL)
    if named:
        body = re.sub(r'<g id="[^"]*"( class="(?:node|edge)">\n<title>)(.*?)(</title>)', _named, body)
        body = body.replace(' text-anchor="start"', "")  # that is the default; a page is sent
    body = re.sub(r"<title>(.*?)</title>\n?", lambda m: _title(tooltips.get(m[1])), body)
    body = _with_images(body, pictures) if pictures else body
    body = re.sub(r'\bid="', f'id="{prefix}-', body)
    body = re.sub(rf'<text [^>]*fill="{HIDDEN}"[^>]*>.*?</text>\n', "", body)  # not to be read aloud either
    body = re.sub(r' xml:space="preserve"| font-family="[^"]*"', "", body)
    body = re.sub(r'font-size="(\d+)\.00"', r'font-size="\1"', body)
    body = body.replace("&#45;", "-").replace("&#160;", "\N{NO-BREAK SPACE}")
    return (
        f'<svg role="img" aria-label="{markup(description)}" font-family="{FONTS}" '
        f'width="{width:.0f}" height="{height:.0f}" style="max-width:100%;height:auto"{body}'
    )


def _title(tooltip: str | None) -> str:
    return f"<title>{markup(tooltip)}</title>\n" if tooltip else ""


def _named(match: re.Match[str]) -> str:
    rest, title, end = match.groups()
    ends = [part.split(":")[0] for part in title.replace("&#45;", "-").replace("&gt;", ">").split("->")]
    return f'<g data-name="{">".join(ends)}"{rest}{title}{end}'


def _with_images(body: str, pictures: Mapping[str, Thumbnail]) -> str:
    """Replace the coloured cells of heat maps by images; an engine that does not name them leaves the cells."""

    def image(match: re.Match[str]) -> str:
        name, title, cells = match.groups()
        if name not in pictures:
            return match[0]
        corners = [point.split(",") for points in re.findall(r'points="([^"]*)"', cells) for point in points.split()]
        xs, ys = ([float(corner[axis]) for corner in corners] for axis in (0, 1))
        place = f'x="{min(xs):g}" y="{min(ys):g}" width="{max(xs) - min(xs):g}" height="{max(ys) - min(ys):g}"'
        return (
            f'<g id="{name}"><title>{title}</title>\n<image {place} preserveAspectRatio="none" '
            f'style="image-rendering:pixelated" xlink:href="{pictures[name].data_uri()}"/>\n</g>\n'
        )

    return re.sub(r'<g id="a_(\w+)"><a xlink:title="([^"]*)">\n(.*?)</a>\n</g>\n', image, body, flags=re.DOTALL)
