"""Diagrams as files and in notebooks, the engines that draw them, and labels that try to break out."""

import base64
import importlib.metadata
import os
import re
import shutil
import struct
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import viz
from autograd import Gate, Value
from viz.render import ENGINE_VARIABLE, find_engine, render

ROOT = Path(viz.__file__).parents[1]
needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="needs Graphviz's program dot: apt install graphviz")


def example_graph():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    f = (x + y) * z
    f.backward()
    return f


@pytest.fixture
def diagram():
    return viz.draw(example_graph())


@pytest.fixture
def real_engine():
    return find_engine("svg")


@pytest.fixture
def _no_system_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(ENGINE_VARIABLE, raising=False)


@pytest.fixture
def _no_engine(_no_system_engine, monkeypatch):
    def nothing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "files", nothing)
    viz.render._embedded_engine.cache_clear()
    yield
    viz.render._embedded_engine.cache_clear()


# SVG


def test_the_svg_is_an_element_that_can_stand_in_a_page(diagram):
    svg = diagram.svg()
    assert svg.startswith("<svg ")
    assert "<?xml" not in svg
    assert "<!" not in svg
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "3 inputs, 2 gates, result -12.00"
    assert "max-width:100%" in root.get("style")
    assert "height:auto" in root.get("style")
    assert len(root.get("viewBox").split()) == 4
    _, _, width, height = map(float, root.get("viewBox").split())  # in points; as an image it has this size in pixels
    assert (float(root.get("width")), float(root.get("height"))) == pytest.approx(
        (width * 4 / 3, height * 4 / 3), abs=1
    )


def ids(svg):
    return [element.get("id") for element in ET.fromstring(svg).iter() if element.get("id")]


def test_ids_do_not_collide_with_those_of_another_picture(diagram):
    other = viz.draw(Value(1.0, "x") * 2).svg()
    mine, others = ids(diagram.svg()), ids(other)
    assert len(set(mine)) == len(mine) > 5
    assert not set(mine) & set(others)
    assert len({name.split("-")[0] for name in mine}) == 1
    assert not re.search(r'(href="|url\()#', diagram.svg())


@pytest.mark.parametrize("theme", viz.THEMES)
def test_the_background_is_opaque(theme):
    root = ET.fromstring(viz.draw(example_graph(), theme=theme).svg())
    first = next(root.iter("{http://www.w3.org/2000/svg}polygon"))
    assert first.get("fill") == viz.THEMES[theme].background
    corners = [tuple(map(float, pair.split(","))) for pair in first.get("points").split()]
    _, _, width, height = map(float, root.get("viewBox").split())
    assert max(x for x, _ in corners) - min(x for x, _ in corners) >= width - 1
    assert max(y for _, y in corners) - min(y for _, y in corners) >= height - 1


def test_gates_have_tooltips_with_the_exact_numbers(diagram):
    titles = [title.text for title in ET.fromstring(diagram.svg()).iter("{http://www.w3.org/2000/svg}title")]
    assert "add, value 3.0, gradient -4.0" in titles
    assert "mul, value -12.0, gradient 1.0" in titles


def test_a_picture_does_not_change_with_the_graph():
    f = example_graph()
    x = f.parents[0].parents[0]
    diagram = viz.draw(f)
    before = (diagram.source, diagram.svg(), diagram.text(), repr(diagram))
    x.data, x.grad, x.label = 100.0, 7.0, "changed"
    f.zero_grad()
    assert (diagram.source, diagram.svg(), diagram.text(), repr(diagram)) == before


def test_the_same_graph_gives_the_same_picture_everywhere():
    code = (
        "import viz; from autograd import Value; x, y, z = Value(-2.0, 'x'), Value(5.0, 'y'), Value(-4.0, 'z');"
        "f = (x + y) * z; f.backward(); print(viz.draw(f).svg(), end='')"
    )
    pictures = {viz.draw(example_graph()).svg(), viz.draw(example_graph()).svg()}
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        pictures.add(result.stdout.decode("utf-8").replace("\r\n", "\n"))
    assert len(pictures) == 1


# Other kinds


def png_size(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def test_png(diagram):
    width, height = png_size(diagram.png())
    assert width > height > 50
    double, _ = png_size(diagram.png(dpi=288))
    assert double == pytest.approx(2 * width, abs=3)


def test_dot_is_the_source_of_the_picture(diagram):
    assert diagram.dot() == diagram.source
    assert diagram.source.startswith("digraph")
    redrawn = ET.fromstring(render(diagram.dot(), "svg"))
    shown = ET.fromstring(diagram.svg())
    texts = [[t.text for t in root.iter("{http://www.w3.org/2000/svg}text")] for root in (redrawn, shown)]
    assert texts[0] == texts[1]
    assert "-12.00" in texts[0]


def test_text_is_the_trace(diagram):
    assert diagram.text() == viz.trace(example_graph())


@needs_dot
def test_pdf(diagram, monkeypatch):
    monkeypatch.delenv(ENGINE_VARIABLE, raising=False)
    assert diagram.pdf().startswith(b"%PDF")


@pytest.mark.usefixtures("_no_system_engine")
def test_pdf_without_dot_says_what_to_install(diagram, tmp_path):
    path = tmp_path / "graph.pdf"
    with pytest.raises(viz.RenderError, match=r"PDF.*'dot'.*https://graphviz\.org/download/.*SVG"):
        diagram.save(path)
    assert not path.exists()


# Files


@pytest.mark.parametrize(
    ("suffix", "start"),
    [
        (".svg", b"<svg "),
        (".png", b"\x89PNG"),
        (".dot", b"digraph"),
        (".gv", b"digraph"),
        (".txt", b"forward"),
        (".SVG", b"<svg "),
    ],
)
def test_save(diagram, tmp_path, suffix, start):
    for path in (tmp_path / f"graph{suffix}", str(tmp_path / f"again{suffix}")):
        assert diagram.save(path) == Path(path)
        assert Path(path).read_bytes().startswith(start)


def test_a_saved_file_holds_the_same_text(tmp_path):
    f = Value(2.0, "größe ↑") * 3
    diagram = viz.draw(f)
    assert diagram.save(tmp_path / "a.svg").read_bytes().decode("utf-8") == diagram.svg()
    assert diagram.save(tmp_path / "a.dot").read_bytes().decode("utf-8") == diagram.source
    assert diagram.save(tmp_path / "a.txt").read_bytes().decode("utf-8") == diagram.text()


@pytest.mark.parametrize("name", ["graph.jpg", "graph", "graph.svg.zip", ".svg"])
def test_an_unknown_suffix_names_those_there_are(diagram, tmp_path, name):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.pdf, \.dot, \.gv, \.txt"):
        diagram.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_an_error(diagram, tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        diagram.save(tmp_path / "nowhere" / "graph.svg")
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(OSError, match=r"folder\.svg"):
        diagram.save(tmp_path / "folder.svg")
    assert [path.name for path in tmp_path.rglob("*")] == ["folder.svg"]


@pytest.mark.usefixtures("_no_engine")
def test_a_failed_picture_leaves_the_old_file(diagram, tmp_path):
    old = tmp_path / "graph.png"
    old.write_bytes(b"old")
    with pytest.raises(viz.RenderError):
        diagram.save(old)
    assert old.read_bytes() == b"old"


# Notebooks


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def image_in(html):
    """The one element of a picture's html; there must be nothing else."""
    parsed = Elements(html)
    ((tag, attributes),) = parsed.found
    assert tag == "img"
    assert set(attributes) == {"alt", "style", "src"}
    assert parsed.text.strip() == ""
    kind, _, data = attributes["src"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    return attributes["alt"], base64.b64decode(data).decode("utf-8")


def test_a_notebook_gets_html_svg_png_and_text(diagram):
    bundle = diagram._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml", "image/png", "text/plain"}
    assert bundle["image/svg+xml"] == diagram.svg()
    assert image_in(bundle["text/html"]) == ("3 inputs, 2 gates, result -12.00", diagram.svg())
    assert base64.b64decode(bundle["image/png"]) == diagram.png()
    assert bundle["text/plain"] == viz.trace(example_graph())
    assert repr(diagram) == "<Diagram of 3 inputs, 2 gates, result -12.00>"


@pytest.mark.usefixtures("_no_engine")
def test_without_an_engine_a_notebook_gets_the_dot_text_and_what_to_install(diagram):
    bundle = diagram._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert diagram.source in bundle["text/plain"]
    assert "pip install graphviz-pure" in bundle["text/plain"]
    assert diagram.dot().startswith("digraph")
    for make in (diagram.svg, diagram.png):
        with pytest.raises(viz.RenderError, match="pip install graphviz-pure"):
            make()
    with pytest.raises(viz.RenderError, match="dot"):
        diagram.pdf()


def program(path, output, status=0):
    """Write a program that prints something and ends with a status."""
    path.write_text(f"#!{sys.executable}\nimport sys\nsys.stdout.buffer.write({output!r})\nsys.exit({status})\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="needs a system that runs scripts by their first line")
@pytest.mark.parametrize("output", [b"", b"no picture", b"\xff\xfe<svg>", b"<svg", b"<svg></svg>"])
@pytest.mark.parametrize("status", [0, 1])
def test_a_repr_never_raises_whatever_the_engine_does(tmp_path, output, status):
    engine = program(tmp_path / "engine", output, status)
    bundle = viz.draw(example_graph(), engine=engine)._repr_mimebundle_()
    assert bundle["text/plain"]


# Engines


def test_the_embedded_engine_comes_before_the_systems(monkeypatch):
    monkeypatch.delenv(ENGINE_VARIABLE, raising=False)
    assert "graphviz-pure" in Path(find_engine("svg")).name
    assert find_engine("png") == find_engine("svg")


@pytest.mark.skipif(os.name == "nt", reason="needs a system that runs scripts by their first line")
@pytest.mark.usefixtures("_no_engine")
def test_the_systems_dot_is_used_where_the_embedded_engine_is_missing(tmp_path):
    system = program(tmp_path / "dot", b"")
    assert [find_engine(kind) for kind in ("svg", "png", "pdf")] == [system] * 3


@pytest.mark.usefixtures("_no_system_engine")
def test_the_environment_names_an_engine(monkeypatch, real_engine, tmp_path, diagram):
    expected = diagram.svg()
    monkeypatch.setattr(viz.render, "_embedded_engine", lambda: None)
    with pytest.raises(viz.RenderError, match="no Graphviz engine"):
        diagram.svg()
    monkeypatch.setenv("CHAINRULE_DOT", real_engine)
    assert diagram.svg() == expected


def test_an_engine_in_the_environment_that_does_not_exist(monkeypatch, real_engine):
    monkeypatch.setenv("CHAINRULE_DOT", "no-such-engine")
    with pytest.raises(viz.RenderError, match=r"'no-such-engine'.*graphviz-pure"):
        viz.draw(example_graph()).svg()
    assert viz.draw(example_graph(), engine=real_engine).svg().startswith("<svg ")


@pytest.mark.parametrize("kind", ["missing", "folder", "no program"])
def test_an_engine_that_cannot_be_run(tmp_path, kind):
    engine = tmp_path / "engine"
    if kind == "folder":
        engine.mkdir()
    elif kind == "no program":
        engine.write_text("")
        engine.chmod(0o644)
    with pytest.raises(viz.RenderError, match=r"engine.*graphviz-pure"):
        viz.draw(example_graph(), engine=str(engine)).svg()


def test_an_engine_that_fails_is_named_with_its_reason():
    with pytest.raises(viz.RenderError) as error:
        viz.draw(example_graph(), engine=sys.executable).svg()
    assert sys.executable in str(error.value)
    assert "svg" in str(error.value)


@pytest.mark.parametrize("source", ["digraph {", "no dot at all", "digraph { a [label=<<b>x>] }"])
def test_dot_that_is_broken_is_an_error(source):
    with pytest.raises(viz.RenderError, match="could not write svg"):
        render(source, "svg")


# Labels

PLAIN = [
    "<script>alert(1)</script>",
    "\"double\" and 'single'",
    "{a|b} [c] <d>",
    "\\N",
    "\\G \\E \\T \\H \\L",
    "\\lambda \\nabla \\Gamma",
    "\\",
    "\\\\N",
    "ends in a backslash\\",
    "<BR/>",
    "<b>bold</b>",
    "<<b>x</b>>",
    "&amp; &lt;script&gt; &#92;N",
    "&unknown; & alone",
    "]]>",
    "<![CDATA[x]]>",
    "<!-- -->",
    '" onload="alert(1)',
    "'; alert(1); //",
    "<title>x</title>",
    'id="x" font-family="y"',
    "a;b -> c",
    "%s {0} {x} %d",
    "${x} `y`",
    "emoji 😀 👍🏽",
    "مرحبا بالعالم",
    "שלום עולם",
    "重みの初期値",
    "e\u0301",
]
ODD = [
    "x" * 10_000,
    "<" * 10_000,
    "\\" * 10_000,
    "😀" * 10_000,
    "two\nlines\r\nthree\u2028four\ttab",
    "\x00",
    "a\x00b\x01c\x1b[31md\x7fe\x85f\x9f",
    "\ud800",
    "lone \udfff surrogate \ud83d",
    "\u202eevil\u202c \u2066x\u2069 \u202ax",
    "\ufffe\uffff\ufdd0",
    "\ufeff\u200b\u2060",
    " ",
    "\n",
    "",
    "\\\n",
]


class OddGate(Gate):
    def forward(self, x):
        return x

    def backward(self, dz):
        return dz


def labelled(label):
    """A graph with a label on a leaf, on a result, on a branching value and as the symbol of a gate."""
    leaf = Value(1.0, label)
    gate = OddGate()
    gate.symbol = label
    inner = gate(leaf + 1)
    inner.label = label
    f = inner * inner
    f.label = label
    f.backward()
    return f


def tags(svg):
    return {element.tag for element in ET.fromstring(svg).iter()}


def attributes(svg):
    return {name for element in ET.fromstring(svg).iter() for name in element.attrib}


def classes(svg):
    return sorted(filter(None, (element.get("class") for element in ET.fromstring(svg).iter())))


HARMLESS = viz.draw(labelled("name")).svg()


def check_harmless(label):
    diagram = viz.draw(labelled(label))
    svg = diagram.svg()
    assert tags(svg) <= tags(HARMLESS)
    assert attributes(svg) <= attributes(HARMLESS)
    assert classes(svg) == classes(HARMLESS)
    assert not [c for c in svg if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", svg + diagram.source + diagram.text())
    alt, image = image_in(diagram._repr_mimebundle_()["text/html"])
    assert image == svg
    assert alt == "1 input, 3 gates, result 4.00"
    table = viz.trace(labelled("name")).splitlines()
    assert len(diagram.text().splitlines()) == len(table)
    return svg, diagram


def test_the_numbers_of_things_in_a_labelled_graph():
    check_harmless("name")


@pytest.mark.parametrize("label", PLAIN)
def test_a_label_is_shown_as_it_is(label):
    svg, diagram = check_harmless(label)
    texts = [text.text for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count(label) == 2  # the leaf and the gate's symbol
    assert [text.strip() for text in texts].count(f"{label} =") == 2  # the results
    titles = [title.text for title in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}title")]
    assert any(title.startswith(f"{label}, ") for title in titles)
    assert label in diagram.text()


@pytest.mark.parametrize("label", ODD, ids=lambda label: ascii(label[:20]))
def test_odd_labels_break_nothing(label):
    check_harmless(label)


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
@example("<")
@example("\\N\\G")
@example("&#0;")
def test_no_label_breaks_a_picture(label):
    check_harmless(label)


@settings(deadline=None, max_examples=40)
@given(st.text("<>&\"'\\/!-[]{}|;#=NGELTHx \n", max_size=12))
def test_no_markup_breaks_a_picture(label):
    check_harmless(label)


def test_a_long_name_is_shortened_in_the_picture_and_whole_in_its_tooltip():
    name = "".join(f"part{i}_" for i in range(40))
    svg = viz.draw(Value(1.0, name) * 2).svg()
    root = ET.fromstring(svg)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    (shown,) = [text for text in texts if text.startswith("part0_")]
    assert len(shown) <= 40
    assert shown.endswith("…")
    assert name in [title.text.split(",")[0] for title in root.iter("{http://www.w3.org/2000/svg}title")]


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "\\N\\G", "{a|b}", "\ud800\x00", "x" * 10_000])
def test_labels_break_no_collapsed_picture(label):
    svg = viz.draw(labelled(label), collapse=True).svg()
    assert tags(svg) <= tags(HARMLESS)
