"""Numbered pictures of a pass, one for every step, and the command line that writes steps."""

import re
import xml.etree.ElementTree as ET

import pytest

import viz
from autograd import Value, tensor
from viz.__main__ import main

SVG = "{http://www.w3.org/2000/svg}"


def circuit():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    return (x + y) * z


def texts(path):
    return [text.text for text in ET.parse(path).iter(f"{SVG}text")]


def places(path):
    """Where the gates stand, and where each number starts that is there."""
    root = ET.parse(path).getroot()
    gates = [(gate.get("cx"), gate.get("cy")) for gate in root.iter(f"{SVG}ellipse")]
    return root.get("viewBox"), gates


def test_one_picture_for_every_step_and_one_before_the_first(tmp_path):
    paths = viz.step(circuit()).save_frames(tmp_path / "slides")
    assert [path.name for path in paths] == [f"step-{i:02}.svg" for i in range(6)]
    assert sorted(path.name for path in (tmp_path / "slides").iterdir()) == [path.name for path in paths]


def test_a_number_appears_with_the_step_that_computes_it(tmp_path):
    paths = viz.step(circuit()).save_frames(tmp_path)
    numbers = [sorted(float(t) for t in texts(path) if re.fullmatch(r"-?[\d.]+", t or "")) for path in paths]
    added = [[-4, -2, 5], [3], [-12], [1], [-4, 3], [-4, -4]]
    known = []
    for found, new in zip(numbers, added, strict=True):
        known = sorted(known + new)
        assert found == known


def test_the_parts_stay_where_they_are(tmp_path):
    x, y = Value(3.0, "x"), Value(2.0, "y")
    q = x * x * 1000.0 + x * y + (x - y).tanh()
    for direction in ("LR", "TB"):
        paths = viz.step(q, direction=direction).save_frames(tmp_path / direction)
        assert len({str(places(path)) for path in paths}) == 1


def test_what_is_added_up_so_far_is_shown(tmp_path):
    x = Value(3.0, "x")
    paths = viz.step(x * x + x * 5.0).save_frames(tmp_path)
    assert "11.00" in texts(paths[-1])
    assert "11.00" not in texts(paths[-2])  # the last gate to pull is x * x: 5 had arrived
    assert "5.00" in texts(paths[-2])


def test_the_gate_of_the_step_is_marked_and_its_wires_dashed_on_the_way_back(tmp_path):
    paths = viz.step(circuit()).save_frames(tmp_path)

    def marked(path):
        root = ET.parse(path).getroot()
        return (
            [g.get("fill") for g in root.iter(f"{SVG}ellipse")],
            sum(p.get("stroke-dasharray") is not None for p in root.iter(f"{SVG}path")),
        )

    mark, plain = viz.THEMES["default"].mark, viz.THEMES["default"].gate
    assert marked(paths[0]) == ([plain, plain], 0)
    assert marked(paths[1]) == ([mark, plain], 0)
    assert marked(paths[3]) == ([plain, plain], 0)  # the seed: no gate computes
    assert marked(paths[4]) == ([plain, mark], 3)


def test_each_picture_says_its_step(tmp_path):
    stepper = viz.step(circuit())
    paths = stepper.save_frames(tmp_path)
    said = [ET.parse(path).getroot().get("aria-label") for path in paths]
    assert said == ["Before the first step.", *(stepper.frames.text(step) for step in stepper.frames.steps)]


def test_png_and_arrays_with_heat_maps(tmp_path):
    w, x = tensor([[1.0, -2.0], [3.0, 4.0]], requires_grad=True, label="w"), tensor([1.0, 1.0], label="x")
    paths = viz.step((w @ x).relu().sum(), thumbnails=True, numbers=0).save_frames(tmp_path, "png", dpi=50)
    assert {path.read_bytes()[:4] for path in paths} == {b"\x89PNG"}
    sizes = {path.read_bytes()[16:24] for path in paths}
    assert len(sizes) == 1
    drawn = viz.step((w @ x).sum(), thumbnails=True, numbers=0).save_frames(tmp_path)
    images = [len(list(ET.parse(path).iter(f"{SVG}image"))) for path in drawn]
    assert images[0] == 2  # w and x
    assert images[-1] > images[0]
    assert images == sorted(images)


def test_refused_kinds_write_nothing(tmp_path):
    with pytest.raises(ValueError, match="writes 'svg' or 'png', got kind='gif'"):
        viz.step(circuit()).save_frames(tmp_path / "slides", "gif")
    with pytest.raises(viz.RenderError):
        viz.step(circuit(), engine="no-such-engine").save_frames(tmp_path / "slides")
    assert not (tmp_path / "slides").exists()


# The command line


G1 = ["(x + y) * z", "x=-2", "y=5", "z=-4"]


def test_the_command_writes_the_page(tmp_path, capsys):
    path = tmp_path / "steps.html"
    assert main([*G1, "-o", str(path), "--theme", "dark"]) == 0
    assert f"wrote {path}" in capsys.readouterr().out
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="en" class="dark">' in page


def test_the_command_prints_the_steps(capsys):
    assert main([*G1, "--steps"]) == 0
    assert capsys.readouterr().out == viz.step(circuit()).text() + "\n"


def test_other_suffixes_are_refused_with_all_that_are_not(tmp_path, capsys):
    assert main([*G1, "-o", str(tmp_path / "steps.gif")]) == 2
    error = capsys.readouterr().err
    assert "'.gif' is no kind of picture; use one of .svg, .png" in error
    assert ".html" in error
    assert list(tmp_path.iterdir()) == []
