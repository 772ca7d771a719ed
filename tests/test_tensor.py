"""The array node: data, dtypes, gradients, views and changes in place."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

import autograd
from autograd import Value, float32, float64, no_grad, tensor, topological_order

INT64 = np.dtype("int64")


def leaf(*shape, seed=0):
    return tensor(np.random.default_rng(seed).normal(size=shape), requires_grad=True)


def test_dtypes_follow_the_data():
    assert tensor([1.0, 2.0]).dtype == float32
    assert tensor(1.5).dtype == float32
    assert tensor([1, 2]).dtype == INT64
    assert tensor([True]).dtype == np.bool
    assert tensor(np.zeros(2)).dtype == float64
    assert tensor([1, 2], dtype=float64).dtype == float64
    assert tensor([]).dtype == float32


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.array([object()]), "got an array of dtype object"),
        ("abc", "takes real numbers"),
        ([1.0, "a"], "takes real numbers"),
        (1 + 2j, "complex"),
        (None, "object"),
        (np.zeros(2, np.float16), "float16"),
    ],
)
def test_data_that_are_no_real_numbers_are_refused(data, message):
    with pytest.raises(TypeError, match=message):
        tensor(data)


def test_nested_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="different lengths"):
        tensor([[1.0], [1.0, 2.0]])


def test_only_floats_have_gradients():
    with pytest.raises(TypeError, match="only floats have gradients"):
        tensor([1, 2], requires_grad=True)
    with pytest.raises(TypeError, match="int64"):
        tensor([1, 2]).requires_grad_()
    x = leaf(2)
    assert not (x > 0).requires_grad
    assert not x.argmax().requires_grad
    assert not x.to(INT64).requires_grad


def test_numbers_take_the_dtype_of_the_tensor_beside_them():
    x = tensor([1.0, 2.0])
    for result in (x * 2.5, 2.5 * x, x**2, 1 / x, x - np.float64(2.0), np.float64(2.0) * x, x.maximum(0.0), x + True):
        assert result.dtype == float32
    assert (x + np.zeros(2)).dtype == float64
    assert (tensor([1, 2]) + x).dtype == np.result_type(np.int64, np.float32)


def test_data_are_copied_and_from_numpy_shares():
    array = np.ones(3, np.float32)
    copied, shared = tensor(array), autograd.from_numpy(array)
    array[0] = 5.0
    assert copied.tolist() == [1.0, 1.0, 1.0]
    assert shared.tolist() == [5.0, 1.0, 1.0]
    shared += 1.0
    assert array.tolist() == [6.0, 2.0, 2.0]
    assert np.shares_memory(shared.numpy(), array)


def test_backward_by_hand():
    # f = sum((x W + b)^2): the gradients are 2 y W^T, x^T 2 y, and the column sums of 2 y.
    x, w, b = leaf(5, 3), leaf(3, 2, seed=1), leaf(2, seed=2)
    y = x @ w + b
    (y * y).sum().backward()
    g = 2 * y.numpy()
    np.testing.assert_allclose(x.grad.numpy(), g @ w.numpy().T, rtol=1e-12)
    np.testing.assert_allclose(w.grad.numpy(), x.numpy().T @ g, rtol=1e-12)
    np.testing.assert_allclose(b.grad.numpy(), g.sum(0), rtol=1e-12)


def test_a_second_backward_adds_the_same_amount_to_the_leaves():
    x = leaf(4)
    y = (x.exp() * x).sum()
    y.backward()
    once = x.grad.numpy().copy()
    y.backward()
    np.testing.assert_array_equal(x.grad.numpy(), 2 * once)
    x.grad = None
    y.backward()
    np.testing.assert_array_equal(x.grad.numpy(), once)


def test_gradients_do_not_share_memory():
    x, y = leaf(3), leaf(3, seed=1)
    (x + y).backward(np.ones(3))
    x.grad *= 10.0
    assert y.grad.tolist() == [1.0, 1.0, 1.0]
    upstream = np.ones(3)
    z = leaf(3)
    (z * 1.0).backward(upstream)
    z.grad += 1.0
    assert upstream.tolist() == [1.0, 1.0, 1.0]


def test_the_gradient_of_a_result_is_kept_when_small_or_asked_for():
    x = leaf(3)
    y = x * 2.0
    y.sum().backward()
    assert y.grad.tolist() == [1.0, 1.0, 1.0]
    large = tensor(np.zeros(10_000), requires_grad=True)
    let_go, kept = large * 2.0, large * 3.0
    kept.retain_grad()
    (let_go + kept).sum().backward()
    assert let_go.grad is None
    assert kept.grad.shape == (10_000,)
    assert kept.retains_grad
    with pytest.raises(ValueError, match="requires no gradient"):
        tensor([1.0]).retain_grad()


def test_backward_needs_one_number_or_a_gradient():
    x = leaf(3)
    with pytest.raises(ValueError, match=r"shape \(3,\).*\.sum\(\)"):
        (x * 2.0).backward()
    with pytest.raises(ValueError, match=r"shape \(2,\) for an output of shape \(3,\)"):
        (x * 2.0).backward(np.ones(2))
    assert x.grad is None
    (x * 2.0).backward([1.0, 0.0, 2.0])
    assert x.grad.tolist() == [2.0, 0.0, 4.0]
    with pytest.raises(ValueError, match="constant"):
        tensor([1.0]).backward()


def test_hooks_see_and_change_gradients():
    x = leaf(2)
    y = x * 3.0
    seen = []
    handle = y.register_hook(lambda g: seen.append(g.tolist()))
    with x.register_hook(lambda g: g * 2.0):
        y.sum().backward()
    assert seen == [[1.0, 1.0]]
    assert x.grad.tolist() == [6.0, 6.0]
    handle.remove()
    (gradient,) = autograd.grad(y.sum(), x)
    assert gradient.tolist() == [3.0, 3.0]
    assert len(seen) == 1
    y.register_hook(lambda g: g[:1])
    with pytest.raises(ValueError, match="hook"):
        y.sum().backward()


def test_create_graph_gives_gradients_that_can_be_differentiated():
    x = leaf(3)
    (x**3).sum().backward(create_graph=True)
    np.testing.assert_allclose(x.grad.numpy(), 3 * x.numpy() ** 2)
    (second,) = autograd.grad(x.grad.sum(), x)
    np.testing.assert_allclose(second.numpy(), 6 * x.numpy())


def test_a_deep_chain_needs_no_recursion_and_is_freed_at_once():
    x = leaf(1)
    y = x
    for _ in range(100_000):
        y = y * 1.0
    y.sum().backward()
    assert x.grad.tolist() == [1.0]
    gone = weakref.ref(y)
    gc.disable()
    try:
        del y
        assert gone() is None
    finally:
        gc.enable()


def test_no_warning_and_ieee_results():
    x = tensor([1000.0, 0.0, -1.0], requires_grad=True)
    y = x.exp() + x.log() + 1.0 / x
    y.sum().backward()
    assert np.isinf(y.numpy()[0])
    assert tensor(3e38) * 10.0 == float("inf")
    assert np.geterr()["over"] == "warn"


def test_values_and_tensors_do_not_mix():
    with pytest.raises(TypeError, match="either Values or tensors"):
        tensor([1.0]) + Value(1.0)
    with pytest.raises(TypeError, match="Value"):
        Value(1.0) + tensor([1.0])
    for other in ([1.0], "a", None):
        with pytest.raises(TypeError, match=r"tensor\(\.\.\.\)"):
            tensor([1.0]) + other


def test_shapes_that_do_not_broadcast_say_so():
    with pytest.raises(ValueError, match=r"add: the shapes \(2,\) and \(3,\) do not broadcast.*reshape"):
        tensor([1.0, 2.0]) + tensor([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"matmul: shapes \(1, 2\) and \(1, 3\)"):
        tensor([[1.0, 2.0]]) @ tensor([[1.0, 2.0, 3.0]])
    with pytest.raises(TypeError, match="matmul: dtypes float32 and float64"):
        tensor([[1.0]]) @ tensor(np.ones((1, 1)))


# Views.


def test_views_share_memory_and_copies_do_not():
    x = tensor(np.arange(12.0).reshape(3, 4))
    views = [x[0], x[:, 1:], x.T, x.reshape(4, 3), x.view(2, 6), x.narrow(1, 0, 2), x.unsqueeze(0), x.expand(2, 3, 4)]
    views += [x.detach(), x.diagonal(), x.flatten(), *x.split(2), x.permute(1, 0), x[None, ..., ::-1]]
    for view in views:
        assert np.shares_memory(view.numpy(), x.numpy())
    for copied in (x.clone(), x[[0, 1]], x[x > 3], x + 0, x.flip(0), x.T.contiguous()):
        assert not np.shares_memory(copied.numpy(), x.numpy())
    assert x.contiguous() is x
    with pytest.raises(ValueError, match=r"view: .*reshape"):
        x.T.view(12)


@pytest.mark.parametrize(
    "index",
    [
        0,
        -1,
        slice(1, None),
        slice(None, None, -1),
        (slice(None), 1),
        (Ellipsis, 0),
        None,
        (0, 1, 1),
        [0, 2, 0],
        np.array([[0, 1], [1, 2]]),
        (np.array([0, 1]), slice(None), np.array([1, 1])),
        (slice(None), [1, 0, 1]),
        np.array([True, False, True]),
        (Ellipsis, np.array([True, False])),
        (slice(0, 0),),
        (),
        tensor([2, 0]),
        True,
    ],
    ids=str,
)
def test_indexing_as_numpy_with_gradients(index):
    x = leaf(3, 4, 2)
    plain = index.numpy() if isinstance(index, autograd.Tensor) else index
    y = x[index]
    np.testing.assert_array_equal(y.numpy(), x.numpy()[plain])
    weights = np.random.default_rng(3).normal(size=y.shape)
    (y * weights).sum().backward()
    expected = np.zeros(x.shape)
    np.add.at(expected, plain, weights)
    np.testing.assert_allclose(x.grad.numpy(), expected)


@pytest.mark.parametrize("index", [5, (0, 0, 0, 0), 1.5, "a", np.array([7]), np.array([True])], ids=str)
def test_indices_out_of_range_are_refused(index):
    with pytest.raises(IndexError, match=r"index|dimension"):
        leaf(3, 4)[index]


# Changes in place.


def test_in_place_arithmetic_is_recorded():
    x = leaf(3)
    y = x * 2.0
    before = y
    y += x
    y *= x
    assert y is before
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 6 * x.numpy())  # (2 x + x) x


def test_assigning_to_elements_is_recorded():
    x, v = leaf(4), leaf(2, seed=1)
    y = x * 1.0
    y[1:3] = v * 2.0
    y[0] = 7.0
    (y * y).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [0.0, 0.0, 0.0, 2 * x.numpy()[3]])
    np.testing.assert_allclose(v.grad.numpy(), 8 * v.numpy())


def test_a_constant_becomes_a_result_when_a_variable_is_put_in():
    x = leaf(2)
    table = autograd.zeros(3, 2, dtype=float64)
    table[1] = x * 3.0
    table[2, 0] = x[1]
    (table * tensor([[1.0, 1.0], [10.0, 1.0], [5.0, 1.0]])).sum().backward()
    assert x.grad.tolist() == [30.0, 8.0]


def test_a_view_that_is_changed_changes_its_base():
    x = leaf(4)
    y = x * 1.0
    view = y[1:]
    view *= 3.0
    np.testing.assert_allclose(y.numpy(), x.numpy() * [1, 3, 3, 3])
    y[0] += 5.0
    (y * y).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 * y.numpy() * [1, 3, 3, 3])


def test_a_view_from_before_its_base_changed_is_refused():
    y = leaf(4) * 1.0
    view = y[1:]
    y += 1.0
    with pytest.raises(RuntimeError, match="take the view again"):
        view * 2.0


def test_a_leaf_that_requires_a_gradient_changes_only_without_recording():
    x = leaf(3)
    for change in (lambda: x.add_(1.0), lambda: x.__setitem__(0, 1.0), lambda: x[1:].mul_(2.0)):
        with pytest.raises(RuntimeError, match=r"no_grad\(\)"):
            change()
    before = x.numpy().copy()
    with no_grad():
        x -= 0.5
        x[0] = 9.0
        x.mul_(2.0)
    np.testing.assert_allclose(x.numpy(), [18.0, *(2 * (before[1:] - 0.5))])


def test_a_tensor_that_was_changed_after_it_was_saved_names_the_operation():
    x, w = leaf(3), tensor(np.ones(3))
    y = x * w
    w += 1.0
    with pytest.raises(RuntimeError, match=r"changed in place after mul had used it"):
        y.sum().backward()
    assert x.grad is None
    z = (x.exp() * 1.0).sum()
    e = z.parents[0].parents[0]
    with no_grad():
        e += 1.0
    with pytest.raises(RuntimeError, match="exp"):
        z.backward()


def test_what_was_computed_before_a_recorded_change_means_the_old_numbers():
    x = leaf(3)
    y = x.tanh()
    loss = (y * y).sum()
    y += 1.0
    y[[0, 1]] = y[[0, 1]] * 2.0
    y[0] += 1.0
    for total, expected in ((loss, 2 * np.tanh(x.numpy())), (y.sum(), np.array([2.0, 2.0, 1.0]))):
        (gradient,) = autograd.grad(total, x)
        np.testing.assert_allclose(gradient.numpy(), expected * (1 - np.tanh(x.numpy()) ** 2))


def test_a_change_that_no_derivative_reads_is_harmless():
    x, w = leaf(3), tensor(np.ones(3))
    y = x + w
    w += 1.0
    y.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0, 1.0]


def test_a_change_through_a_view_or_data_is_noticed():
    for change in (
        lambda w: w[1:].fill_(5.0),
        lambda w: w.detach().add_(1.0),
        lambda w: setattr(w, "data", w.data * 2.0),
        lambda w: w.data.mul_(2.0),
        lambda w: w.T.__setitem__(0, 3.0),
    ):
        x, w = leaf(3), leaf(3, seed=1)
        y = (x * w).sum()
        with no_grad():
            change(w)
        with pytest.raises(RuntimeError, match="changed in place after mul"):
            y.backward()


def test_data_can_be_assigned():
    x = leaf(3)
    array = x.numpy()
    x.data -= 1.0
    x.data = np.zeros(3)
    assert x.tolist() == [0.0, 0.0, 0.0]
    assert x.numpy() is array
    with pytest.raises(TypeError, match=r"float64.*float32"):
        x.data = np.zeros(3, np.float32)
    with pytest.raises(ValueError, match="only a leaf"):
        (x * 2.0).data = np.zeros(4)
    x.data = np.zeros(5)
    assert x.shape == (5,)


def test_what_does_not_fit_in_place_changes_nothing():
    x = tensor([1.0, 2.0])
    for change, error in (
        (lambda: x.add_(np.ones((3, 2))), ValueError),
        (lambda: x.__setitem__(0, [1.0, 2.0]), TypeError),
        (lambda: x.__setitem__(slice(None), np.ones(3)), ValueError),
        (lambda: x.__setitem__(7, 1.0), IndexError),
        (lambda: tensor([1, 2]).add_(1.5), TypeError),
        (lambda: x.expand(3, 2).add_(1.0), ValueError),
        (lambda: setattr(x, "grad", np.ones(3)), ValueError),
    ):
        with pytest.raises(error):
            change()
    assert x.tolist() == [1.0, 2.0]
    assert x.grad is None


# Python's protocols.


def test_printing():
    assert repr(tensor([[1.0, 2.0], [3.0, 4.5]])) == "tensor([[1. , 2. ],\n        [3. , 4.5]])"
    assert repr(tensor([1, 2])) == "tensor([1, 2])"
    assert repr(tensor([1.0], dtype=float64, requires_grad=True)) == "tensor([1.], dtype=float64, requires_grad=True)"
    assert repr(tensor(2.0, requires_grad=True) * 3.0) == "tensor(6., op=mul)"
    assert repr(autograd.zeros(0, 3)) == "tensor([], size=(0, 3))"
    assert f"{tensor(3.14159):.2f}" == "3.14"
    assert f"{tensor([1.0])}" == "tensor([1.])"
    with pytest.raises(TypeError, match="one number"):
        f"{tensor([1.0, 2.0]):.2f}"


def test_length_iteration_and_numbers():
    x = tensor([[1.0, 2.0], [3.0, 4.0]])
    assert len(x) == 2
    assert [row.tolist() for row in x] == [[1.0, 2.0], [3.0, 4.0]]
    assert 3.0 in x
    assert 5.0 not in x
    assert [10, 20, 30][tensor(1)] == 20
    assert (float(tensor([2.5])), int(tensor(2.5)), bool(tensor(0.0))) == (2.5, 2, False)
    for call in (len, iter, lambda t: t[0]):
        with pytest.raises((TypeError, IndexError)):
            call(tensor(1.0))
    for call in (bool, float, lambda t: t.item()):
        with pytest.raises(ValueError, match="shape"):
            call(x)


def test_copies():
    x = leaf(3)
    x.label = "x"
    (x * 2.0).sum().backward()
    deep = copy.deepcopy(x)
    assert deep.tolist() == x.tolist()
    assert deep.label == "x"
    assert deep.grad.tolist() == x.grad.tolist()
    assert not np.shares_memory(deep.numpy(), x.numpy())
    assert np.shares_memory(copy.copy(x).numpy(), x.numpy())
    with pytest.raises(TypeError, match="mul"):
        copy.deepcopy(x * 2.0)


def test_pickling_a_graph():
    x = leaf(3)
    y = (x.reshape(3, 1).sum(dim=1, keepdim=True) * x[[0, 1]]).sum()
    again = pickle.loads(pickle.dumps(y))
    y.backward()
    again.backward()
    (leaf_again,) = [node for node in topological_order([again]) if node.op is None]
    np.testing.assert_array_equal(leaf_again.grad.numpy(), x.grad.numpy())
    alone = pickle.loads(pickle.dumps(x))
    assert alone.requires_grad
    assert alone.tolist() == x.tolist()


def test_a_change_in_place_by_the_tensor_itself_or_its_views():
    x = leaf(3)
    number = x.numpy()
    y = x * 2.0
    y *= y
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 8 * number)

    x.grad = None
    y = x * 2.0
    y[...] = y
    y[:2] *= y[1:]  # 4 x0 x1, 4 x1 x2, 2 x2
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [4 * number[1], 4 * (number[0] + number[2]), 4 * number[1] + 2])


def test_a_view_from_before_its_base_changed_has_no_gradient():
    x = leaf(3)
    y = x * 2.0
    view = y[:2]
    y *= x
    with pytest.raises(RuntimeError, match="take the view again"):
        view.backward([1.0, 1.0])
    with pytest.raises(RuntimeError, match="take the view again"):
        autograd.grad(view, x, [[1.0, 1.0]])
    with pytest.raises(RuntimeError, match="take the view again"):
        y[:1] *= view[:1]


def test_a_detached_tensor_does_not_change_the_graph_of_its_memory():
    x, w = leaf(2), leaf(2, seed=1)
    y = x * 2.0
    with pytest.raises(RuntimeError, match="change a clone"):
        y.detach().mul_(w)
    with pytest.raises(RuntimeError, match="change a clone"):
        y.data[:1] = w[:1]
    with pytest.raises(RuntimeError, match="change a clone"):
        tensor([1.0, 2.0]).detach()[:1].mul_(w[:1])


def test_hooks_from_before_a_change_in_place_see_the_gradient_of_the_old_numbers():
    x, seen = leaf(2), []
    y = x * 2.0
    y.register_hook(lambda g: seen.append(g.tolist()))
    y *= 3.0
    y.register_hook(lambda g: seen.append(g.tolist()))
    y.sum().backward()
    assert seen == [[1.0, 1.0], [3.0, 3.0]]


def test_changes_in_place_leave_no_reference_cycles():
    x = leaf(4)
    gc.collect()
    gc.disable()
    try:
        y = x * 1.0
        for _ in range(3):
            y += y * y  # a residual connection
            y[:2] = y[1:3] * y[:2]
            view = y[1:]
            view *= view
        kept = weakref.ref(y), weakref.ref(y._first)
        del y, view
        assert [reference() for reference in kept] == [None, None]
    finally:
        gc.enable()


def test_an_index_that_is_changed_later_keeps_its_gradient():
    for index in (tensor([0, 1]), np.array([0, 1])):
        x = leaf(3)
        y = x[index] * x.gather(0, index)
        index += 1
        y.sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), [*2 * x.numpy()[:2], 0.0])


def test_a_mask_beside_an_index_that_repeats():
    x = leaf(3, 4)
    x[np.array([False, True, False]), np.array([2, 2])].sum().backward()
    assert x.grad.tolist() == [[0.0] * 4, [0.0, 0.0, 2.0, 0.0], [0.0] * 4]


def test_where_with_one_condition_for_all():
    x, y = leaf(2), leaf(3, 2, seed=1)
    out = autograd.where(tensor(True), x, y)
    assert out.shape == (3, 2)
    assert not np.shares_memory(out.numpy(), x.numpy())
    out.sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]
    assert y.grad.tolist() == [[0.0, 0.0]] * 3
    assert autograd.where(tensor(True), 1, 2).dtype == INT64
    assert autograd.where(tensor(False), 1.0, 2.0).dtype == float32
    assert autograd.where(tensor(True), tensor(1), 0.5).dtype == float64


def test_numbers_too_large_for_the_dtype_become_infinite_without_a_warning():
    x = tensor([1.0, 1.0, 1.0])
    x[0] = 1e300
    x[1:2] = np.array([1e300])
    x += tensor(np.array([0.0, 0.0, 1e300]))
    assert x.tolist() == [np.inf] * 3
    assert tensor(-1e300).item() == -np.inf
    assert autograd.full((1,), 1e300).item() == tensor([0.0]).fill_(1e300).item() == np.inf


def test_a_large_array_takes_numbers_beyond_float32_and_operands_that_changed():
    import numba  # noqa: F401  # compiled kernels are in use from now on

    x = tensor(np.linspace(-2, 2, 2**16, dtype=np.float32), requires_grad=True)
    x.clamp(-1e300, 1e300).sum().backward()
    assert (x.grad == 1.0).all()
    y = x.tanh()
    with no_grad():
        x += 1.0
    y.sum().backward()  # the derivative of tanh reads its result alone


def test_numbers_put_in_keep_the_precision_of_the_tensor():
    y = leaf(2) * 1.0
    y[0] = 0.9
    assert y[0].item() == 0.9
    x = leaf()
    out = autograd.where(x > -10.0, x, x)
    assert out.item() == x.item()
    assert autograd.grad(out, x)[0].item() == 1.0


def test_results_without_axes_have_memory_of_their_own_and_views_share_it():
    x = leaf() * 1.0
    before = x.item()
    for result in (x.sort().values, x.topk(1).values, x.max(0).values):
        result.mul_(3.0)
        assert x.item() == before
    x[()].mul_(2.0)
    assert x.item() == 2 * before


def test_a_base_has_the_gradient_of_a_view_that_was_changed():
    y = leaf(3) * 1.0
    view = y[:2]
    view *= 3.0
    assert autograd.grad((view * 5.0).sum(), y)[0].tolist() == [5.0, 5.0, 0.0]


def test_hooks_cannot_change_a_gradient_that_others_have():
    x, w = leaf(2), leaf(2)
    x.register_hook(lambda g: g.mul_(5.0))
    with pytest.raises(ValueError, match="read-only"):
        (x + w).backward([1.0, 2.0])


def test_a_pickled_graph_remembers_that_an_operand_was_changed():
    x = leaf(3)
    y = x * x
    unchanged = pickle.loads(pickle.dumps(y))
    with no_grad():
        x += 1.0
    changed = pickle.loads(pickle.dumps(y))
    unchanged.sum().backward()
    with pytest.raises(RuntimeError, match="changed in place"):
        changed.sum().backward()


def test_a_recorded_change_does_not_hide_one_without_a_graph():
    for change in (lambda h: h.mul_(2.0), lambda h: h[:2].mul_(2.0)):
        x, w = leaf(3), tensor(np.ones(3), requires_grad=True)
        h = x * 1.0
        product, exponential = h * w, h.exp()
        with no_grad():
            h += 1.0
            exponential += 1.0
        change(h)
        change(exponential)
        for y in (product, exponential):
            with pytest.raises(RuntimeError, match="changed in place after"):
                y.sum().backward()


def test_an_old_view_is_not_changed_while_a_graph_is_recorded():
    y = leaf(3) * 1.0
    view = y[...]
    copied = view.clone()
    y[0] = 0.5
    with pytest.raises(RuntimeError, match="take the view again"):
        view.mul_(2.0)
    with no_grad():
        view.mul_(2.0)
    assert y[0].item() == 1.0
    assert autograd.grad(copied.sum() + y.sum(), y, allow_unused=True)[0].tolist() == [1.0, 1.0, 1.0]


def test_the_gradient_does_not_share_the_memory_of_what_a_hook_returned():
    x, kept = leaf(3), autograd.ones(3, dtype=float64)
    x.register_hook(lambda g: kept)
    (x * 1.0).sum().backward()
    assert not np.shares_memory(x.grad.numpy(), kept.numpy())
