import numpy as np
import pytest
from kernel_cases import DTYPES, check_accuracy, layouts, path, run_examples, tolerance, torch  # noqa: F401

from autograd.kernels import cross_entropy as module
from autograd.kernels.cross_entropy import cross_entropy, cross_entropy_gradient


def reference(x, target, weight, ignore_index, smoothing):
    """The definition, sample by sample: losses and the derivatives of each."""
    losses, partials = np.zeros(len(x)), np.zeros(x.shape)
    weight = np.ones(x.shape[1]) if weight is None else weight
    for i, (scores, t) in enumerate(zip(x, target, strict=True)):
        if t != ignore_index:
            p = np.exp(scores - scores.max())
            p /= p.sum()
            wanted = smoothing / len(p) * weight
            wanted[t] += (1 - smoothing) * weight[t]
            losses[i] = -(wanted * np.log(p)).sum()
            partials[i] = wanted.sum() * p - wanted
    return losses, partials


def problem(shape, dtype, ignore_index, weighted):
    generator = np.random.default_rng(0)
    x, g = generator.normal(0, 3, shape).astype(dtype), generator.normal(size=shape[0]).astype(dtype)
    target = generator.integers(0, shape[1], shape[0])
    target[1::3] = ignore_index
    weight = generator.uniform(0.1, 2, shape[1]).astype(dtype) if weighted else None
    return x, g, target, weight


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize(("shape", "ignore_index"), [((1, 1), -100), ((5, 3), -100), ((131, 10), 2), ((3, 70), 0)])
def test_against_the_definition(dtype, weighted, smoothing, shape, ignore_index):
    x, g, target, weight = problem(shape, dtype, ignore_index, weighted)
    expected, partials = reference(x.astype(np.float64), target, weight, ignore_index, smoothing)
    for layout in layouts(x):
        loss, p, total, counted = cross_entropy(layout, target, weight, ignore_index, smoothing)
        assert loss.dtype == p.dtype == dtype
        np.testing.assert_allclose(loss, expected, **tolerance(dtype))
        assert total == pytest.approx(loss.sum(dtype=float))
        kept = target[target != ignore_index]
        assert counted == pytest.approx(len(kept) if weight is None else weight[kept].sum(dtype=float))
    for saved in layouts(p):
        gradient = cross_entropy_gradient(g, saved, target, weight, ignore_index, smoothing)
        assert gradient.dtype == dtype
        np.testing.assert_allclose(gradient, partials * g[:, None], **tolerance(dtype))
    small = cross_entropy(x, target[::-1].astype(np.int32)[::-1], weight, ignore_index, smoothing)[0]
    np.testing.assert_array_equal(small, loss)


@pytest.mark.usefixtures("path")
def test_targets_that_are_no_class():
    x = np.zeros((4, 3), np.float32)
    with pytest.raises(IndexError, match=r"target\[2\] is 3, but there are 3 classes, 0 to 2"):
        cross_entropy(x, np.array([0, 1, 3, -5]))
    with pytest.raises(IndexError, match=r"target\[3\] is -1"):
        cross_entropy(x, np.array([0, 1, -100, -1]))
    with pytest.raises(TypeError, match="integers"):
        cross_entropy(x, np.zeros(4))


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("dtype", DTYPES)
def test_large_scores_keep_their_digits(dtype):
    x = np.array([[4096.0, 4096.5, 4095], [-np.inf, 0, 0], [np.nan, 0, 1], [-1e4, 1e4, 0]], dtype)
    loss = cross_entropy(x, np.array([0, 0, 1, 0]))[0]
    exact = np.log(1 + np.exp(0.5) + np.exp(-1.0))
    np.testing.assert_allclose(loss, [exact, np.inf, np.nan, 2e4], rtol=1e-6)


@pytest.mark.usefixtures("path")
def test_no_samples():
    x = np.zeros((0, 3), np.float32)
    loss, p, *sums = cross_entropy(x, np.zeros(0, np.int64))
    assert loss.shape == (0,)
    assert sums == [0, 0]
    assert cross_entropy_gradient(loss, p, np.zeros(0, np.int64)).shape == (0, 3)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_beside_pytorch(weighted, smoothing):
    peer = torch()
    x, g, target, weight = problem((70, 200), np.float32, -100, weighted)
    results = []
    for dtype in (np.float32, np.float64):
        leaf = peer.tensor(x.astype(dtype), requires_grad=True)
        weights = None if weight is None else peer.tensor(weight.astype(dtype))
        loss = peer.nn.functional.cross_entropy(
            leaf, peer.tensor(target), weights, reduction="none", label_smoothing=smoothing
        )
        loss.backward(peer.tensor(g.astype(dtype)))
        results.append((loss.detach().numpy(), leaf.grad.numpy()))
    (peer_loss, peer_grad), (exact_loss, exact_grad) = results
    loss, p = cross_entropy(x, target, weight, label_smoothing=smoothing)[:2]
    check_accuracy(loss, peer_loss, exact_loss)
    check_accuracy(cross_entropy_gradient(g, p, target, weight, label_smoothing=smoothing), peer_grad, exact_grad)


def test_examples():
    run_examples(module)
