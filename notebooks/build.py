"""Make the notebooks from their text form, and check that both agree.

``python notebooks/build.py`` converts every ``NN_name.py`` to ``NN_name.ipynb`` and executes it.
``python notebooks/build.py --check`` executes the stored notebooks in a clean kernel, changes no
file, and fails when sources or text outputs differ.  Names of notebooks may follow.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from PIL import Image

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
METADATA = {
    "jupytext": {"formats": "ipynb,py:percent"},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TIMEOUT = 300
"""Seconds that one cell may take."""
COLOURS = 256
"""How many a stored picture may have: more make its file three times as large, and are not seen."""


class _ThisPython(KernelSpecManager):
    """Starts the interpreter that runs this script, whatever kernels are installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=ERROR"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


class _Manager(AsyncKernelManager):
    def __init__(self, **options: Any) -> None:
        super().__init__(kernel_spec_manager=_ThisPython(), **options)


def names() -> list[str]:
    """Return the notebooks' names, in the reader's order."""
    return sorted(path.stem for path in FOLDER.glob("[0-9][0-9]_*.py"))


def convert(name: str) -> Any:
    """Read the text form of a notebook: cells without outputs, the same at every call."""
    notebook = jupytext.read(FOLDER / f"{name}.py")
    notebook.metadata = nbformat.from_dict(METADATA)
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i:02d}"
        cell.source = cell.source.strip("\n")  # the formatter sets blank lines around definitions
        cell.metadata = nbformat.from_dict({})
    return notebook


def stored(name: str) -> Any:
    """Read a notebook as it is stored, with outputs."""
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def execute(notebook: Any) -> Any:
    """Run every cell of a notebook in a clean kernel, and return the notebook.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        When a cell fails.
    """
    settings = {
        # A plain checkout works too: the packages need not be installed.
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        kernel_manager_class=_Manager,
        timeout=TIMEOUT,
        record_timing=False,
        resources={"metadata": {"path": str(FOLDER)}},
    )
    env = {key: text for key, text in os.environ.items() if key != "MPLBACKEND"}  # figures belong into the cells
    client.execute(env={**env, **settings})
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def sources(notebook: Any) -> list[tuple[str, str]]:
    """Return what a reader wrote: kind and text of every cell."""
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def texts(cell: Any) -> list[str]:
    """Return the text outputs of a cell; of a picture, its text form."""
    printed: list[str] = []
    stream = ""
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            # How the kernel cuts a stream into pieces depends on timing.
            if stream == output.name:
                printed[-1] += output.text
            else:
                printed.append(output.text)
            stream = output.name
            continue
        stream = ""
        printed.append(output.get("ename") or output["data"].get("text/plain", ""))
    return printed


def source_faults(name: str) -> list[str]:
    """Return how the stored notebook's cells differ from the text form."""
    if not (FOLDER / f"{name}.ipynb").exists():
        return [f"{name}.ipynb is missing"]
    ours, theirs = sources(convert(name)), sources(stored(name))
    if len(ours) != len(theirs):
        return [f"{name}: {len(ours)} cells in the .py, {len(theirs)} in the .ipynb"]
    pairs = enumerate(zip(ours, theirs, strict=True))
    return [f"{name}: cell {i} of .py and .ipynb differ" for i, (our, their) in pairs if our != their]


def output_faults(name: str, before: Any, after: Any) -> list[str]:
    """Return which text outputs changed between two runs."""
    return [
        f"{name}: cell {i} printed\n{new}\nbut stored is\n{old}"
        for i, (old, new) in enumerate(zip(map(texts, before.cells), map(texts, after.cells), strict=True))
        if old != new
    ]


def content_faults(name: str, notebook: Any) -> list[str]:
    """Return what must not be stored: errors, warnings, and paths of the machine that ran the notebook."""
    faults = []
    private = [re.escape(str(path)) for path in (ROOT, Path.home(), sys.prefix) if len(str(path)) > 3]
    paths = re.compile("|".join([*private, r"/tmp/ipykernel", r"[\\/](?:home|Users)[\\/]\w+", r"site-packages"]))
    for i, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error" or output.get("name") == "stderr":
                faults.append(f"{name}: cell {i} has an error or a warning")
            parts = output.get("data", {"text": output.get("text", "")})
            plain = re.sub(r"base64,[\w+/=]+", "", " ".join(t for kind, t in parts.items() if kind != "image/png"))
            if "Traceback" in plain:
                faults.append(f"{name}: cell {i} shows a traceback")
            if found := paths.search(plain):
                faults.append(f"{name}: cell {i} shows a path of this machine: {found[0]}")
    return faults


def smaller(png: str) -> str:
    """Return a picture with few colours, in base64 like the given one; that one when it is not the larger."""
    written = io.BytesIO()
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    flat.quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    found = base64.b64encode(written.getvalue()).decode()
    return min(png, found, key=len)


def shrink(notebook: Any) -> None:
    """Make a notebook's pictures small: an SVG goes when there is a page with it, a PNG gets few colours."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            kinds = output.get("data", {})
            if {"text/html", "image/png"} <= kinds.keys():
                kinds.pop("image/svg+xml", None)
            if "image/png" in kinds:
                kinds["image/png"] = smaller(kinds["image/png"])


def build(name: str) -> list[str]:
    """Convert, execute and write one notebook; return its faults."""
    notebook = execute(convert(name))
    shrink(notebook)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
    nbformat.write(notebook, FOLDER / f"{name}.ipynb")
    (FOLDER / f"{name}.py").touch()  # jupytext refuses to open a pair whose notebook is newer than its source
    return content_faults(name, notebook)


def check(name: str) -> list[str]:
    """Execute a stored notebook and return how it differs from what is stored."""
    faults = source_faults(name)
    if faults:
        return faults
    before = stored(name)
    return [*content_faults(name, before), *output_faults(name, before, execute(convert(name)))]


def main() -> int:
    """Build or check all notebooks, or those named."""
    parser = argparse.ArgumentParser(description="Convert and execute the notebooks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as 02_graph; all when left out")
    parser.add_argument("--check", action="store_true", help="change no file; fail when something differs")
    options = parser.parse_args()
    faults = []
    for name in [Path(given).stem for given in options.names] or names():
        start = time.perf_counter()
        found = (check if options.check else build)(name)
        size = (FOLDER / f"{name}.ipynb").stat().st_size / 1000 if not found else 0
        print(f"{name}: {'; '.join(found)}" if found else f"{name}: {time.perf_counter() - start:.1f} s, {size:.0f} kB")
        faults += found
    if faults:
        print(f"{len(faults)} faults; after a change run 'python notebooks/build.py'", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
