"""The picture of a tensor graph: shapes, mean and norm on the wires, small matrices, heat maps, tables."""

import base64
import hashlib
import math
import re
import struct
import warnings
import xml.etree.ElementTree as ET
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

import autograd
import viz
from autograd import Value, float64, int64, tensor
from nn import functional as F
from viz.arrays import summary
from viz.gates import options
from viz.thumbnail import SIDE, thumbnail

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
THEME = viz.THEMES["default"]


# Reading a picture back: what stands at every node, by colour.


def nodes(diagram, theme="default"):
    """The texts of every node of the SVG from top to bottom: (names, values, gradients, gate texts)."""
    colours = viz.THEMES[theme]
    found = []
    for group in ET.fromstring(diagram.svg()).iter(f"{SVG}g"):
        if group.get("class") != "node":
            continue
        texts = [(t.get("fill"), (t.text or "").strip()) for t in group.iter(f"{SVG}text")]
        values = [text for colour, text in texts if colour == colours.value and text]
        gradients = [text for colour, text in texts if colour == colours.gradient and text]
        names = [text for colour, text in texts if colour not in (colours.value, colours.gradient) and text]
        if texts:
            found.append((names, values, gradients))
    return found


def wire(diagram, name):
    (found,) = [node for node in nodes(diagram) if any(text.removesuffix(" =") == name for text in node[0])]
    return found


def texts(diagram):
    return [t.text.strip() for t in ET.fromstring(diagram.svg()).iter(f"{SVG}text") if (t.text or "").strip()]


def titles(diagram):
    return [t.text for t in ET.fromstring(diagram.svg()).iter(f"{SVG}title")]


def images(diagram):
    return list(ET.fromstring(diagram.svg()).iter(f"{SVG}image"))


def leaf(array, label, dtype="float32"):
    return tensor(array, dtype, requires_grad=True, label=label)


def linear():
    numbers = np.random.default_rng(0)
    x = tensor(numbers.normal(size=(5, 4)).astype(np.float32), label="x")
    W, b = leaf(numbers.normal(size=(4, 3)), "W"), leaf([0.5, -1.0, 2.0], "b")
    scores = x @ W + b
    scores.label = "scores"
    loss = -scores.softmax(dim=1)[np.arange(5), [0, 1, 2, 0, 1]].log().mean()
    loss.label = "loss"
    loss.backward()
    return loss, x, W, b


# Pictures of Values


def g1():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    f = (x + y) * z
    f.backward()
    return f


def branching():
    x, y = Value(3.0, "x"), Value(2.0, "")
    s = x * x
    s.label = "s"
    f = autograd.dot([s, y, x], [x, s, 2.0]) + autograd.maximum(s, 0) * (1 - x) / y**2
    f.backward()
    return [f, s]


def chain():
    f = x = Value(0.5, "x")
    for _ in range(40):
        f = (f * 0.9 + x).tanh()
    f.backward()
    return f


def neuron():
    w0, x0, w1, x1, w2 = (
        Value(data, name) for data, name in [(2.0, "w0"), (-1.0, "x0"), (-3.0, "w1"), (-2.0, "x1"), (-3.0, "w2")]
    )
    f = (w0 * x0 + w1 * x1 + w2).sigmoid()
    f.backward()
    return f


# What the pictures and tables of Values were before tensors could be drawn.
PICTURES = [
    (g1, {}, "593153dc1beae19f", "bb9b271a4d1c85f8"),
    (g1, {"direction": "TB", "theme": "dark"}, "97bf6daddc29c2d5", "bb9b271a4d1c85f8"),
    (g1, {"direction": "BT", "precision": 4, "labels": False}, "9600c40602ac8a7d", "3e461db74c7468b8"),
    (g1, {"direction": "RL", "theme": "cs231n", "gradients": False}, "88c3addfb3b14655", "bb9b271a4d1c85f8"),
    (neuron, {}, "1b2b6006cc987145", "98376df297cc9532"),
    (neuron, {"unfold": True, "fold_constants": False}, "88f9229f48402f68", "4def073e4ea57517"),
    (branching, {}, "b80c885e9dcea099", "792d1b47fb7fefd4"),
    (branching, {"direction": "TB", "fold_constants": False}, "fbad21fdd9065130", "792d1b47fb7fefd4"),
    (chain, {}, "0cbfe92bb3203808", "bde0dbb297fd0686"),
    (chain, {"collapse": True}, "cacc948998c59249", "bde0dbb297fd0686"),
]


@pytest.mark.parametrize(("graph", "options", "source", "table"), PICTURES)
@pytest.mark.parametrize("more", [{}, {"numbers": 0, "thumbnails": True}], ids=["", "options of arrays"])
def test_pictures_of_values_have_not_changed(graph, options, source, table, more):
    diagram = viz.draw(graph(), **options, **more)
    sums = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in (diagram.source, diagram.text())]
    assert sums == [source, table]


# Single numbers


def test_a_graph_of_single_numbers_looks_like_one_of_values():
    x, y, z = (tensor(data, requires_grad=True, label=label) for data, label in ((-2.0, "x"), (5.0, "y"), (-4.0, "z")))
    f = (x + y) * z
    f.backward()
    drawn, expected = viz.draw(f), viz.draw(g1())
    assert drawn.source == expected.source
    assert drawn.text() == expected.text()
    assert repr(drawn) == repr(expected)
    assert "mul, float32, value -12.0, gradient 1.0" in titles(drawn)


def test_a_neuron_of_tensors_looks_like_one_of_values():
    w, x = tensor(2.0, requires_grad=True, label="w"), tensor([-1.0], requires_grad=True, label="x")
    v, y = Value(2.0, "w"), Value(-1.0, "x")
    f, g = ((1 - (w * x).sigmoid()) ** 2 / 2.0), ((1 - (v * y).sigmoid()) ** 2 / 2.0)
    f.backward()
    g.backward()
    assert viz.draw(f).source == viz.draw(g).source
    assert viz.draw(f, unfold=True).source == viz.draw(g, unfold=True).source


@pytest.mark.parametrize("data", [0.5, [0.5], [[0.5]], np.float64(0.5)], ids=repr)
def test_only_a_number_written_in_the_expression_is_folded(data):
    x = leaf([1.0, 2.0, 3.0], "x")
    assert "*0.5" in texts(viz.draw((x * 0.5).sum()))
    assert "*0.5" not in texts(viz.draw((x * tensor(data)).sum()))


def test_an_array_without_a_label_is_no_constant_of_a_gate():
    x = leaf(np.ones((3, 4)), "x")
    assert texts(viz.draw((x * np.ones((3, 4), np.float32)).sum())).count("3×4") == 3


# Wires


def test_a_linear_layer():
    loss, x, W, b = linear()
    diagram = viz.draw(loss)
    assert repr(diagram) == f"<Diagram of 2 inputs, 7 gates, result {loss.item():.2f}>"
    norm = np.linalg.norm
    assert wire(diagram, "x") == (["x", "5×4"], [f"mean {x.numpy().mean():.2f}", f"norm {norm(x.numpy()):.2f}"], [])
    assert wire(diagram, "W")[:2] == (["W", "4×3"], [f"mean {W.numpy().mean():.2f}", f"norm {norm(W.numpy()):.2f}"])
    assert wire(diagram, "W")[2] == ["mean 0.00", f"norm {norm(W.grad.numpy()):.2f}"]
    assert wire(diagram, "scores = 5×3")[1][0].startswith("mean ")
    names, values, gradients = wire(diagram, "b")
    assert names == ["b", "(3) → 5×3"]
    assert values == ["0.50", "-1.00", "2.00"]
    assert gradients == [f"{number:.2f}" for number in b.grad.tolist()]
    assert wire(diagram, "loss") == (["loss ="], [f"{loss.item():.2f}"], ["1.00"])
    assert {"@", "+", "softmax", "dim=1", "[i, i]", "ln", "mean", "*-1"} <= set(texts(diagram))


def test_numbers_says_how_many_are_written_out():
    x = leaf([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "x")
    f = (x * x).sum()
    f.backward()
    assert wire(viz.draw(f), "x")[1:] == (
        ["1.00", "2.00", "3.00", "4.00", "5.00", "6.00"],
        ["2.00", "4.00", "6.00", "8.00", "10.00", "12.00"],
    )
    assert wire(viz.draw(f, numbers=5), "x") == (["x", "2×3"], ["mean 3.50", "norm 9.54"], ["mean 7.00", "norm 19.08"])
    assert "91.00" in texts(viz.draw(f, numbers=0))
    assert "90.00" in texts(viz.draw(leaf(np.arange(100.0).reshape(10, 10), "x"), numbers=100))


@pytest.mark.parametrize("numbers", [-1, 401, 2.0, "all", None, True], ids=repr)
def test_numbers_is_checked(numbers):
    with pytest.raises(ValueError, match="0 to 400"):
        viz.draw(tensor([1.0]), numbers=numbers)


def test_the_dtype_is_shown_when_it_is_not_float32():
    x = leaf(np.ones((3, 4)), "x", float64)
    index, mask = tensor([[1, 2]] * 4, label="i"), tensor([True] * 8 + [False] * 2, label="mask")
    assert wire(viz.draw(x), "x")[0] == ["x", "3×4 float64"]
    assert wire(viz.draw(index), "i") == (["i", "4×2 int64"], ["mean 1.50", "norm 4.47"], [])
    assert wire(viz.draw(mask), "mask") == (["mask", "(10) bool"], ["mean 0.80"], [])
    assert wire(viz.draw(tensor([1, 2], int64, label="i")), "i") == (["i", "int64"], ["1", "2"], [])
    assert wire(viz.draw(tensor(7, label="n")), "n") == (["n"], ["7"], [])
    assert wire(viz.draw(tensor(True, label="t")), "t") == (["t"], ["True"], [])


def test_what_no_pass_reached_or_kept_has_no_gradient():
    x = leaf(np.ones((100, 100)), "x")
    y = x * 2.0
    y.label = "y"
    assert wire(viz.draw(y), "x")[2] == []
    y.sum().backward()
    diagram = viz.draw(y)
    assert wire(diagram, "x")[2] == ["mean 2.00", "norm 200.00"]
    assert wire(diagram, "y = 100×100")[2] == []
    assert "a gradient as large as this is kept after retain_grad() only" in "".join(titles(diagram))
    y.retain_grad()
    y.sum().backward()
    assert wire(viz.draw(y), "y = 100×100")[2] == ["mean 1.00", "norm 100.00"]


def test_a_branch_shows_what_arrives_through_it():
    x = leaf(np.full((3, 4), 2.0), "x")
    f = (x * x).sum() + (x * 5.0).sum()
    f.backward()
    branches = [node for node in nodes(viz.draw(f)) if node[0] == ["3×4"] and not node[1]]
    assert sorted(gradients[0] for _, _, gradients in branches) == ["mean 2.00", "mean 2.00", "mean 5.00"]
    assert wire(viz.draw(f), "x")[2][0] == "mean 9.00"


def test_a_branch_is_marked_where_it_is_broadcast():
    b = leaf(np.arange(7.0), "b")
    f = (tensor(np.ones((3, 7))) * b).sum() + (b * b).sum()
    f.backward()
    branches = [(names, gradients) for names, values, gradients in nodes(viz.draw(f)) if names and not values]
    assert (["(7) → 3×7"], ["mean 3.00", "norm 7.94"]) in branches


def test_hooks_are_not_called_for_a_picture():
    calls = []
    x = leaf([1.0, 2.0], "x")
    y = x * 3.0
    y.register_hook(calls.append)
    f = (y * y).sum()
    f.backward()
    assert len(calls) == 1
    viz.draw(f)
    assert len(calls) == 1


def test_an_operand_that_was_changed_since_shows_no_contribution():
    x = leaf(np.ones(8), "x")
    y = x * 1.0
    f = (y * y).sum() + y.sum()
    f.backward()
    with autograd.no_grad():
        y += 1.0
    branches = [gradients for names, values, gradients in nodes(viz.draw(f)) if names == ["(8)"] and not values]
    assert branches == [[], [], ["mean 1.00", "norm 2.83"]]
    assert "v2 = v1 * v1" in viz.trace(f)


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
@pytest.mark.parametrize("theme", viz.THEMES)
def test_the_edges_meet_the_rule(direction, theme):
    loss, *_ = linear()
    root = ET.fromstring(viz.draw(loss, direction=direction, theme=theme, thumbnails=True).svg())
    along, across = (0, 1) if direction in ("LR", "RL") else (1, 0)
    rules = []
    for polygon in root.iter(f"{SVG}polygon"):
        corners = [tuple(map(float, pair.split(","))) for pair in polygon.get("points").split()]
        ends = [sorted(corner[axis] for corner in corners) for axis in (along, across)]
        if ends[1][0] == ends[1][-1] and polygon.get("fill") == viz.THEMES[theme].line:
            rules.append((ends[0][0], ends[0][-1], ends[1][0]))
    met = 0
    for group in root.iter(f"{SVG}g"):
        if group.get("class") != "edge":
            continue
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", next(group.iter(f"{SVG}path")).get("d"))]
        for end in (numbers[:2], numbers[-2:]):
            offsets = [
                abs(end[across] - place)
                for first, last, place in rules
                if min(abs(end[along] - first), abs(end[along] - last)) < 3 and abs(end[across] - place) < 30
            ]
            if offsets:
                met += 1
                assert min(offsets) < 2
    assert met >= len(rules) > 8


# Gates


def test_gates_tell_their_options():
    x = leaf(np.ones((2, 3, 9, 9)), "x")
    w = leaf(np.ones((4, 3, 3, 3)), "w")
    y = F.conv2d(x, w, stride=2, padding=1, dilation=(1, 1))
    z = F.max_pool2d(y, 2).flatten(1)[:, 1:].sum(dim=1, keepdim=True)
    shown = texts(viz.draw(z.sum()))
    assert {"conv", "stride=2", "padding=1", "max pool", "kernel=2", "[:, 1:]", "dim=1", "reshape"} <= set(shown)
    assert not [text for text in shown if "dilation" in text or "groups" in text or "keepdim" in text]
    assert options(z) == {"dim": "1", "keepdim": "True"}
    assert any(title and "sum, dim=1, keepdim=True" in title for title in titles(viz.draw(z.sum())))


@pytest.mark.parametrize(
    ("index", "text"),
    [
        ((0,), "[0]"),
        ((slice(None), 1), "[:, 1]"),
        ((..., slice(None, None, 2)), "[…, ::2]"),
        ((None, slice(1, 3)), "[None, 1:3]"),
        (([0, 2],), "[i]"),
        ((np.array([True, False, True]),), "[mask]"),
    ],
    ids=repr,
)
def test_an_index_is_written_as_in_the_expression(index, text):
    x = leaf(np.ones((3, 4)), "x")
    assert text in texts(viz.draw(x[index].sum()))


def test_assigning_in_place_is_drawn():
    x = leaf([1.0, 2.0, 3.0], "x")
    y = x * 1.0
    y[0] = 5.0
    f = y.sum()
    f.backward()
    assert "[ ] = 5" in texts(viz.draw(f))
    assert wire(viz.draw(f), "x")[2] == ["0.00", "1.00", "1.00"]


def test_many_operands_arrive_at_one_gate():
    parts = [leaf(np.ones((2, 2)), f"x{i}") for i in range(8)]
    f = autograd.cat(parts).sum()
    f.backward()
    diagram = viz.draw(f)
    assert "cat" in texts(diagram)
    assert [name for names, _, _ in nodes(diagram) for name in names if name.startswith("x")] == [
        f"x{i}" for i in range(8)
    ]


def test_tooltips_have_all_digits_and_count_what_is_not_finite():
    x = leaf([1.0, math.nan, math.inf, 4.0, -2.5, math.nan, 0.0], "x")
    shown = "\n".join(filter(None, titles(viz.draw(x))))
    assert shown == (
        "x, input, shape (7), float32, value mean nan, norm nan, from -2.5 to inf, 2 nan, 1 infinite, "
        "no gradient computed yet"
    )
    assert "x, input, shape 2×1, float32, value [[0.25], [1.5]], no" in titles(viz.draw(leaf([[0.25], [1.5]], "x")))[-1]


# Unusual arrays


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((0,)),
        np.zeros((0, 3)),
        np.zeros((2, 0, 3)),
        np.full((3, 3), math.nan),
        np.full((3, 3), math.inf),
        np.array([math.inf, -math.inf] * 8),
        np.full(10, 1e200),
        np.full(10, 1e-200),
        np.full((3, 3), 3e38, np.float32),
        np.zeros((1,) * 7),
        np.ones((2,) * 7),
        np.ones((4, 5))[::-1, ::2],
        np.broadcast_to(np.ones(3), (5, 3)),
        np.arange(12, dtype=np.uint8).reshape(3, 4),
        np.ones((300, 2)),
        np.ones((2, 300)),
        np.ones(1000),
        np.ones((3, 70, 70)),
    ],
    ids=lambda array: f"{array.shape} {array.dtype} {array.flat[0] if array.size else ''}",
)
@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_unusual_arrays_are_drawn(array, direction):
    x = autograd.from_numpy(array)
    x.label = "x"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for node in (x, x.requires_grad_() * 2.0) if array.dtype.kind == "f" else (x,):
            diagram = viz.draw(node, thumbnails=True, numbers=0, direction=direction)
            assert diagram.svg().startswith("<svg")
            assert diagram.text()
            assert "<" in repr(diagram)
            viz.draw(node, numbers=400, direction=direction)


@given(arrays_of.arrays(st.sampled_from([np.float32, np.float64]), arrays_of.array_shapes(max_dims=3, max_side=4)))
@example(np.full(4, 4.49e307))
@settings(max_examples=50, deadline=None)
def test_the_summary_is_that_of_numpy(array):
    found = summary(array)
    finite = np.isfinite(array)
    assert (found.nans, found.infinite) == (np.isnan(array).sum(), np.isinf(array).sum())
    if finite.all():
        wide = array.astype(np.longdouble)
        np.testing.assert_allclose(found.norm, float(np.sqrt((wide**2).sum())), rtol=1e-6)
        np.testing.assert_allclose(found.mean, float(wide.mean()), rtol=1e-6, atol=float(np.abs(wide).max()) * 1e-12)
        assert (found.low, found.high) == (array.min(), array.max())


# Heat maps


def pixels(picture):
    """Read a PNG without filters back."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        kind, data = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", picture[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(kind + data)
        chunks[kind] = data
        place += 12 + length
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [8, 2, 0, 0, 0]
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + 3 * width)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, 3)


def test_the_colours_diverge_around_zero():
    colours = thumbnail(np.array([[-2.0, -1.0, 0.0, 1.0, 2.0, math.nan]]), THEME).colours[0].astype(int)
    assert colours[2].tolist() == [255, 255, 255]
    red, blue = colours[:, 0], colours[:, 2]
    assert blue[0] > red[0]
    assert red[4] > blue[4]
    assert (np.abs(colours[1] - (colours[0] + 255) / 2) <= 2).all()
    assert (np.abs(colours[3] - (colours[4] + 255) / 2) <= 2).all()
    assert colours[5].tolist() == [0x1A] * 3


@pytest.mark.parametrize("theme", viz.THEMES.values(), ids=viz.THEMES)
def test_both_colours_stand_out_from_the_page(theme):
    def luminance(colour):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (np.asarray(colour) / 255)]
        return float(np.dot(parts, (0.2126, 0.7152, 0.0722)))

    low, page, high = map(luminance, thumbnail(np.array([-1.0, 0.0, 1.0]), theme).colours[0])
    for colour in (low, high):
        light, dark = max(colour, page), min(colour, page)
        assert (light + 0.05) / (dark + 0.05) > 4.5


@pytest.mark.parametrize(
    ("shape", "cells", "words"),
    [
        ((3, 4), (3, 4), ""),
        ((5,), (1, 5), ""),
        ((28, 28), (28, 28), ""),
        ((2, 1, 28, 28), (28, 57), "2 matrices"),
        ((64, 1, 28, 28), (57, 57), "4 of 64 matrices"),
        ((4, 3, 5, 5), (23, 17), "12 matrices"),
        ((8, 3, 3), (11, 11), "8 matrices"),
        ((784, 10), (SIDE, 10), "mean of a block"),
        ((1000,), (1, SIDE), "mean of a block"),
        ((2, 100, 100), (SIDE, SIDE), "1 of 2 matrices"),
    ],
)
def test_the_cells_of_a_heat_map(shape, cells, words):
    picture = thumbnail(np.random.default_rng(0).normal(size=shape), THEME)
    assert picture.colours.shape == (*cells, 3)
    assert words in picture.words
    assert re.search(r"colours from -\d\.\d+ \(blue\) to \d\.\d+ \(orange\)", picture.words)
    assert 8 <= picture.width <= 100
    assert 8 <= picture.height <= 100
    image = pixels(picture.png())
    assert image.shape == (picture.height, picture.width, 3)
    np.testing.assert_array_equal(image[:: picture.cell[0], :: picture.cell[1]], picture.colours)


def test_the_blocks_of_a_large_matrix_are_means():
    matrix = np.repeat(np.repeat(np.diag(np.arange(1.0, SIDE + 1)), 3, axis=0), 2, axis=1)
    small = thumbnail(np.diag(np.arange(1.0, SIDE + 1)), THEME)
    np.testing.assert_array_equal(thumbnail(matrix, THEME).colours, small.colours)


def test_heat_maps_are_images_inside_the_svg():
    loss, x, *_ = linear()
    diagram = viz.draw(loss, thumbnails=True)
    shown = images(diagram)
    assert len(shown) == 9  # x; value and gradient of W, x @ W, scores and softmax; none for those with few numbers
    prefix = "data:image/png;base64,"
    found = [pixels(base64.b64decode(image.get(LINK).removeprefix(prefix))) for image in shown]
    expected = pixels(thumbnail(x.numpy(), THEME).png())
    assert any(np.array_equal(image, expected) for image in found if image.shape == expected.shape)
    for image, array in zip(shown, found, strict=True):
        size = float(image.get("height")), float(image.get("width"))
        assert size == pytest.approx(array.shape[:2], abs=0.1)
    assert sum("blue" in (title or "") for title in titles(diagram)) == len(shown)
    links = [
        value
        for element in ET.fromstring(diagram.svg()).iter()
        for name, value in element.attrib.items()
        if "href" in name
    ]
    assert all(link.startswith(prefix) for link in links)
    ids = [element.get("id") for element in ET.fromstring(diagram.svg()).iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_heat_maps_are_in_every_kind_of_picture():
    loss, *_ = linear()
    plain, diagram = viz.draw(loss), viz.draw(loss, thumbnails=True)
    assert len(diagram.png()) > len(plain.png())
    bundle = diagram._repr_mimebundle_()
    assert "<image" in bundle["image/svg+xml"]
    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain", "image/png"}
    colour = bytes(thumbnail(np.ones((3, 3)), THEME).colours[0, 0]).hex()
    assert f"#{colour}" in diagram.dot()  # engines draw the cells, so the text needs no files
    assert images(plain) == []


def test_an_engine_that_names_no_parts_draws_the_cells(monkeypatch):
    drawn = viz.diagram.render

    def render_without_names(source, kind, **options):
        return re.sub(rb'<g id="a_\w+"><a [^>]*>|</a>\n</g>', b"", drawn(source, kind, **options))

    diagram = viz.draw(leaf(np.eye(3), "x"), thumbnails=True)
    named = diagram.svg()
    monkeypatch.setattr(viz.diagram, "render", render_without_names)
    cells = diagram.svg()
    assert named.count("<image") == 1
    assert "<image" not in cells
    colour = thumbnail(np.eye(3), THEME).colours[0, 0].tobytes().hex()
    assert cells.count(f'<polygon fill="#{colour}"') == 3
    shown = [[text.text for text in ET.fromstring(svg).iter(f"{SVG}text")] for svg in (named, cells)]
    assert shown[0] == shown[1]


def test_the_image_covers_the_cells():
    from viz.render import render

    diagram = viz.draw(leaf(np.random.default_rng(0).normal(size=(7, 5)), "x"), thumbnails=True)
    (image,) = images(diagram)
    (cells,) = re.findall(r'<g id="a_\w+"><a [^>]*>(.*?)</a>', render(diagram.source, "svg").decode(), re.DOTALL)
    corners = [tuple(map(float, pair.split(","))) for pair in re.findall(r"-?[\d.]+,-?[\d.]+", cells)]
    left, top = (min(corner[axis] for corner in corners) for axis in (0, 1))
    right, bottom = (max(corner[axis] for corner in corners) for axis in (0, 1))
    place = [float(image.get(name)) for name in ("x", "y", "width", "height")]
    assert place == pytest.approx([left, top, right - left, bottom - top], abs=0.1)


# Other forms


def test_a_large_graph_collapses_to_boxes_with_ranges():
    f = leaf([[-1.0, 0.5], [2.0, 4.0]], "x")
    for _ in range(400):
        f = f * 1.0
    f = f.sum()
    f.backward()
    with pytest.warns(UserWarning, match="401 gates"):
        diagram = viz.draw(f)
    assert "-1.00 … 4.00" in texts(diagram)
    assert "5.50" in texts(diagram)
    assert "1 input" in texts(diagram)


def test_compound_gates_unfold_and_fold():
    x = leaf([[-1.0, 0.5], [2.0, 4.0]], "x")
    f = (x * 2.0).sigmoid().sum()
    f.backward()
    unfolded = viz.draw(f, unfold={"sigmoid"})
    assert {"*2", "*-1", "exp", "+1", "1/x", "Σ"} <= set(texts(unfolded))
    assert wire(unfolded, "x") == wire(viz.draw(f), "x")
    assert f.op.name == "sum"
    assert f.parents[0].op.name == "sigmoid"
    staged = (1 / (1 + (-(x * 2.0)).exp())).sum()
    staged.backward()
    shown = texts(viz.draw(staged, fold=True))
    assert "σ" in shown
    assert "exp" not in shown
    with pytest.raises(ValueError, match="no unfolded form of softmax"):
        viz.draw(f, unfold="softmax")


def test_a_constant_array_is_not_taken_for_the_one_of_a_sigmoid():
    x = leaf([1.0, 2.0], "x")
    f = np.ones(2, np.float32) / (1 + (-x).exp())
    assert "σ" not in texts(viz.draw(f, fold=True))


def test_labels_break_nothing():
    for label in ("<b>&\"'", "\\N \\G", "a\nb", "\x00\ud800", "x" * 500):
        x = leaf(np.ones((3, 4)), label)
        y = x * 2.0
        y.label = label
        f = (y * y).sum()
        f.backward()
        ET.fromstring(viz.draw(f, thumbnails=True).svg())
        assert len(viz.trace(f).splitlines()) == 17


def test_values_and_tensors_can_be_drawn_side_by_side():
    diagram = viz.draw([Value(2.0, "v") * 3.0, leaf(np.ones((3, 4)), "t") * 2.0])
    assert {"*3", "*2", "3×4", "6.00"} <= set(texts(diagram))
    assert repr(diagram) == "<Diagram of 2 inputs, 2 gates, results 6.00, of shape 3×4>"
    assert "6.00" in viz.trace([Value(2.0, "v") * 3.0, leaf(np.ones((3, 4)), "t") * 2.0])


def test_a_picture_changes_nothing_and_does_not_change():
    loss, _, W, _ = linear()
    before = W.numpy().copy(), W.grad.numpy().copy()
    diagram = viz.draw(loss, thumbnails=True, unfold=True)
    picture = diagram.svg(), diagram.text()
    np.testing.assert_array_equal(W.numpy(), before[0])
    np.testing.assert_array_equal(W.grad.numpy(), before[1])
    W.data = W.numpy() * 100
    W.grad = None
    assert (diagram.svg(), diagram.text()) == picture


@pytest.mark.parametrize("thing", [np.ones(3), [np.ones(3)], [tensor(1.0), 3.0]], ids=repr)
def test_arrays_are_not_nodes(thing):
    with pytest.raises(TypeError, match="takes a Value or a tensor"):
        viz.draw(thing)


# Tables


def test_the_table_of_a_graph_of_arrays():
    x, W = tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], label="x"), leaf([[1.0, 0.0, -1.0, 2.0]] * 2, "W")
    f = (x @ W)[1:, 0].sum(dim=0) * 0.5
    f.label = "f"
    f.backward()
    assert viz.trace(f).splitlines() == [
        "forward                shape   mean   norm",
        "  x                      3×2   3.50   9.54",
        "  W                      2×4   0.50   3.46",
        "  v1 = x @ W             3×4   3.50  32.77",
        "  v2 = v1[1:, 0]         (2)   9.00  13.04",
        "  v3 = sum(v2, dim=0)         18.00",
        "  f = v3 * 0.5                 9.00",
        "",
        "backward               shape  mean  norm",
        "  f = v3 * 0.5                1.00",
        "    v3                        0.50",
        "  v3 = sum(v2, dim=0)         0.50",
        "    v2                   (2)  0.50  0.71",
        "  v2 = v1[1:, 0]         (2)  0.50  0.71",
        "    v1                   3×4  0.08  0.71",
        "  v1 = x @ W             3×4  0.08  0.71",
        "    W                    2×4  1.12  6.40",
        "",
        "gradient  shape  mean  norm",
        "  W         2×4  1.12  6.40",
    ]


def test_the_table_of_single_numbers_multiplies():
    x = tensor([[3.0]], requires_grad=True, label="x")
    f = (x * x).sum()
    f.backward()
    rows = [line.split() for line in viz.trace(f).splitlines()]
    assert rows.count(["x", "1.00", "3.00", "3.00"]) == 2
    assert ["v1", "1.00", "1.00", "1.00"] in rows


def test_a_wide_gate_is_abbreviated_in_the_table():
    parts = [leaf([float(i)] * 2, f"x{i}") for i in range(9)]
    assert "v1 = cat(x0, x1, x2, x3, …, x8)" in viz.trace(autograd.cat(parts).sum())
