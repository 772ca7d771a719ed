"""A small convolution step by step: the sums of products, and the gradients that add up to the engine's."""

import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import viz
from autograd import tensor

SVG = "{http://www.w3.org/2000/svg}"


def case(seed=0, channels=2, kernels=2, size=4, stride=1, padding=1):
    random = np.random.default_rng(seed)
    x = random.integers(-3, 4, (channels, size, size)).astype(np.float32)
    w = random.integers(-2, 3, (kernels, channels, 2, 2)).astype(np.float32)
    b = random.integers(-2, 3, kernels).astype(np.float32)
    return x, w, b, {"stride": stride, "padding": padding}


@pytest.mark.parametrize(
    "options",
    [{}, {"stride": 2}, {"padding": 0}, {"channels": 1, "kernels": 1}, {"stride": 3, "padding": 2, "size": 5}],
)
def test_the_steps_add_up_to_the_gradients(options):
    x, w, b, sizes = case(**options)
    plain = viz.convolution_steps(x, w, b, **sizes)
    upstream = np.random.default_rng(1).normal(size=plain.output.shape).astype(np.float32)
    steps = viz.convolution_steps(x, w, b, **sizes, upstream=upstream)
    last = steps.steps[-1]
    np.testing.assert_allclose(last.input_gradient, steps.input_gradient, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(last.weight_gradient, steps.weight_gradient, rtol=1e-4, atol=1e-5)
    phases = [step.phase for step in steps.steps]
    count = steps.output.size
    assert phases == ["forward"] * count + ["seed"] + ["backward"] * count


def test_every_output_entry_is_its_sum_of_products():
    x, w, b, sizes = case(stride=2)
    steps = viz.convolution_steps(x, w, b, **sizes)
    for step in steps.steps[: steps.output.size]:
        terms, result = re.fullmatch(r"y\[[\d, ]+\] = (.*) \(bias\) = (\S+)", step.text).groups()
        factors = [[float(factor.strip("()")) for factor in term.split(" × ")] for term in terms.split(" + ")]
        assert len(factors) == 9  # eight products and the bias
        assert sum(np.prod(pair) for pair in factors) == float(result) == steps.output[step.entry]


def test_the_gaussian_of_the_lecture():
    image = [[178, 174, 177], [179, 178, 179], [168, 171, 178]]
    kernel = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    assert round(float(viz.convolution_steps(image, kernel).output[0, 0, 0])) == 176


def test_shapes_and_tensors():
    x, w = np.ones((3, 3)), np.ones((2, 2))
    for image in (x, x[None], x[None, None], tensor(x)):
        for kernel in (w, w[None], w[None, None]):
            assert viz.convolution_steps(image, kernel).output.shape == (1, 2, 2)


def test_the_picture_has_every_number_and_the_padding():
    x, w, b, sizes = case()
    steps = viz.convolution_steps(x, w, b, **sizes)
    cells = {
        group.get("data-name"): [text.text for text in group.iter(f"{SVG}text")]
        for group in ET.fromstring(steps.svg()).iter(f"{SVG}g")
    }
    for name, values, gradients in (
        ("x", x, steps.input_gradient),
        ("w", w, steps.weight_gradient),
        ("y", steps.output, steps.upstream),
    ):
        for i, (value, gradient) in enumerate(zip(values.ravel(), gradients.ravel(), strict=True)):
            assert [float(text) for text in cells[f"{name}{i}"]] == pytest.approx([value, gradient], abs=0.006)
    assert sum(name.startswith("xpad") for name in cells) == 2 * (36 - 16)


def test_the_page(tmp_path):
    x, w, b, sizes = case()
    steps = viz.convolution_steps(x, w, b, **sizes, theme="dark")
    page = steps.save_html(tmp_path / "convolution.html").read_text(encoding="utf-8")
    assert '<main class="page sliding">' in page
    data = json.loads(re.search(r'id="steps">(.*?)</script>', page)[1])
    assert len(data["steps"]) == len(steps.steps)
    assert data["steps"][-1]["w"] == steps.weight_gradient.ravel().tolist()
    bundle = steps._repr_mimebundle_()
    assert "<img data-chainrule=" in bundle["text/html"]
    assert bundle["text/plain"] == steps.text()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([1.0, 2.0], [[1.0]]), {}, r"got shapes \(2,\) and \(1, 1\)"),
        ((np.ones((2, 3, 3)), np.ones((1, 3, 2, 2))), {}, "the image has 2 channels, the kernel 3"),
        ((np.ones((2, 2)), np.ones((3, 3))), {}, r"the kernel \(3, 3\) is larger than the image \(2, 2\)"),
        ((np.ones((2, 2)), np.ones((2, 2))), {"stride": 0}, "stride is from 1 on"),
        ((np.ones((2, 2)), np.ones((2, 2)), [1.0, 2.0]), {}, "1 kernels need as many biases, got 2"),
        ((np.ones((12, 12)), np.ones((2, 2))), {}, "shows small cases, up to 100 output entries"),
        ((np.ones((2, 2)), np.ones((2, 2))), {"upstream": [[1.0, 2.0]]}, r"upstream gradient has shape \(1, 1, 2\)"),
    ],
)
def test_refused(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        viz.convolution_steps(*arguments, **options)
