"""One sweep over both halves of the op table, on tensors: every row, also a new one, is checked in the same way."""

import zlib
from dataclasses import dataclass, field

import numpy as np
import pytest

from autograd import ARRAY_OPERATIONS, OPERATIONS, Value, from_numpy, functions, fused, tensor

ELEMENTWISE = {name: row for name, row in OPERATIONS.items() if row.arity is not None}


@dataclass
class Sample:
    """Arguments for one call of a row: the shapes of its operands, or the operand itself where it is no float."""

    shapes: tuple
    options: dict = field(default_factory=dict)
    domains: tuple = ()
    zeros: bool = False  # whether some elements are zero
    smooth: bool = True  # whether finite differences can be taken there
    torch: bool = True  # whether PyTorch has it

    def arrays(self, name, dtype=np.float64):
        generator = np.random.default_rng(zlib.crc32(name.encode()))
        domains = self.domains or ((-2.0, 2.0),) * len(self.shapes)
        made = []
        for domain, shape in zip(domains, self.shapes, strict=True):
            fixed = isinstance(shape, np.ndarray)
            made.append(shape if fixed else np.asarray(generator.uniform(*domain, shape), dtype))
        for array in made if self.zeros else ():
            array.reshape(-1)[::2] = 0.0
        return made


def sample(*shapes, zeros=False, smooth=True, torch=True, domains=(), **options):
    return Sample(shapes, options, domains, zeros, smooth, torch)


I = np.array  # noqa: E741

CONVOLUTION = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}
CONVOLUTION_2D = {"stride": (1, 1), "padding": ((0, 0), (0, 0)), "dilation": (1, 1), "groups": 1}

# The arguments of the rows for arrays.  A new row needs an entry here.
SAMPLES = {
    "sum": [
        *(sample(shape) for shape in [(2, 3), (), (0,), (1, 1)]),
        *(sample((2, 1, 3), dim=dim) for dim in [0, -1, (0, 2), (1,), ()]),
        sample((2, 3), dim=1, keepdim=True),
        sample((0, 3), dim=0),
        sample((0, 3), dim=1),
    ],
    "mean": [sample((2, 3)), sample(()), sample((2, 1, 3), dim=(0, -1)), sample((2, 3), dim=0, keepdim=True)],
    "var": [
        sample((2, 3)),
        sample((2, 3), dim=1),
        sample((2, 3), dim=(0, 1), correction=0, keepdim=True),
        sample((2, 3), dim=0, correction=0),
        sample((0, 2), dim=0, correction=0),
        sample((1, 2), dim=0, smooth=False, torch=False),
    ],
    "std": [
        sample((2, 3)),
        sample((2, 3), dim=1, keepdim=True),
        sample((2, 3), dim=-1, correction=0),
        sample((3, 1), dim=1, correction=0, smooth=False),
    ],
    "prod": [
        sample((2, 3)),
        sample(()),
        sample((2, 3), dim=1),
        sample((2, 3), dim=0, keepdim=True),
        sample((2, 1, 3), dim=(0, 2)),
        sample((2, 3), dim=1, zeros=True),
        sample((2, 2), zeros=True),
        sample((2, 1, 2), dim=(0, 2), zeros=True),
        sample((0, 2), dim=0),
        sample((2, 0)),
    ],
    "amax": [
        sample((2, 3)),
        sample(()),
        sample((2, 3), dim=1),
        sample((2, 1, 3), dim=(0, 1), keepdim=True),
        sample((0, 2), dim=1),
        sample((2, 6), dim=1, zeros=True, smooth=False),
    ],
    "amin": [
        sample((2, 3)),
        sample((2, 3), dim=-1, keepdim=True),
        sample((2, 1, 3), dim=(0, 1)),
        sample((6,), zeros=True, smooth=False),
    ],
    "logsumexp": [
        sample((2, 3), dim=1),
        sample((2, 3), dim=(0, 1), keepdim=True),
        sample((2, 1), dim=-1),
        sample((), dim=0),
        sample((0, 2), dim=1),
    ],
    "norm": [
        *(sample((2, 3), p=p, dim=1) for p in [0.0, 1.0, 2.0, 3.0, 2.5, float("inf"), float("-inf")]),
        *(sample((4,), p=p, zeros=True, smooth=False) for p in [1.0, 2.0, 3.0]),
        sample((2, 3)),
        sample((), p=2.0),
        sample((2, 1, 3), p=2.0, dim=(0, 2), keepdim=True),
        sample((0, 3), p=2.0, dim=0),
    ],
    "cumsum": [sample((2, 3), dim=1), sample((2, 3), dim=0), sample((), dim=0), sample((0, 2), dim=0)],
    "cumprod": [
        sample((2, 3), dim=1),
        sample((2, 3), dim=0),
        sample((), dim=-1),
        sample((0, 2), dim=0),
        sample((2, 3), dim=1, zeros=True),
        sample((3, 2), dim=0, zeros=True),
    ],
    "reshape": [
        sample((2, 3), shape=(3, 2)),
        sample((2, 3), shape=(-1,)),
        sample((2, 3), shape=(1, 2, -1, 1)),
        sample((), shape=(1, 1)),
        sample((1,), shape=()),
        sample((0, 3), shape=(3, 0)),
    ],
    "permute": [sample((2, 3), dims=(1, 0)), sample((2, 1, 3), dims=(-1, 0, 1)), sample((), dims=())],
    "expand": [
        sample((3,), shape=(2, 3)),
        sample((2, 1), shape=(2, 3)),
        sample((2, 1), shape=(3, -1, 2)),
        sample((), shape=(2,)),
        sample((1,), shape=(0,)),
    ],
    "sum_to_size": [
        sample((2, 3), shape=(1, 3)),
        sample((2, 3), shape=(3,)),
        sample((2, 3), shape=()),
        sample((2, 3), shape=(2, 3)),
        sample((2, 1, 3), shape=(1, 1)),
        sample((0, 3), shape=(1, 3)),
    ],
    "cat": [
        sample((2, 3), (1, 3), dim=0),
        sample((2, 1), (2, 3), (2, 0), dim=-1),
        sample((2, 3), dim=0),
    ],
    "flip": [sample((2, 3), dims=0), sample((2, 3), dims=(0, -1)), sample((2, 0), dims=(1,))],
    "roll": [
        sample((2, 3), shifts=1),
        sample((2, 3), shifts=-1, dims=1),
        sample((2, 3), shifts=(1, 5), dims=(0, 1)),
        sample((0, 3), shifts=1, dims=0),
    ],
    "tril": [sample((3, 2)), sample((2, 2, 3), diagonal=1), sample((2, 3), diagonal=-1), sample((0, 2))],
    "triu": [sample((3, 2)), sample((2, 2, 3), diagonal=1), sample((2, 3), diagonal=-1), sample((0, 2))],
    "diagonal": [
        sample((2, 3)),
        sample((2, 3), offset=1),
        sample((3, 2), offset=-1),
        sample((2, 2, 3), offset=0, dim1=-1, dim2=0),
        sample((2, 2), offset=5),
        sample((0, 2)),
    ],
    "diagonal_embed": [
        sample((2,), shape=(2, 3), offset=0, dim1=0, dim2=1),
        sample((2,), shape=(3, 3), offset=-1, dim1=0, dim2=1),
        sample((2, 2), shape=(2, 2, 3), offset=0, dim1=2, dim2=0),
    ],
    "pad_constant": [
        sample((2, 3), widths=((1, 0), (0, 2))),
        sample((2, 3), widths=((0, 0), (-1, 1)), value=5.0),
        sample((3,), widths=((-1, -1),)),
        sample((0,), widths=((1, 1),)),
        sample((), widths=()),
    ],
    "astype": [sample((2, 3), dtype=np.float32, smooth=False), sample((2,), dtype=np.int64, smooth=False)],
    "clone": [sample((2, 3)), sample(()), sample((0,))],
    "getitem": [
        sample((3, 4), index=(1,)),
        sample((3, 4), index=(slice(None), -1)),
        sample((3, 4), index=(slice(2, 0, -1), slice(None, None, 2)), torch=False),
        sample((3, 4), index=(Ellipsis, None, slice(1, 3))),
        sample((3, 4), index=(I([2, 0, 2]),)),
        sample((3, 4), index=(I([[0], [2]]), I([1, 3]))),
        sample((2, 3, 4), index=(I([0, 1, 0]), slice(1, 3), I([1, 1, 2]))),
        sample((3, 4), index=(I([True, False, True]),)),
        sample((2, 2), index=(I([[True, False], [True, True]]),)),
        sample((3, 2), index=(I([], np.int64),)),
        sample((), index=(None,)),
        sample((), index=()),
    ],
    "put": [
        sample((2,), shape=(3,), index=(slice(1, None),)),
        sample((3, 2), shape=(4, 2), index=(I([1, 3, 1]),)),
        sample((2,), shape=(2, 3), index=(I([0, 0]), I([2, 2]))),
        sample((2, 3), shape=(3, 4, 2), index=(slice(0, 2), I([1, 3, 1]), 0)),
        sample((2,), shape=(3,), index=(I([True, False, True]),)),
        sample((), shape=(2,), index=(1,)),
    ],
    "put_at": [
        sample((2, 3), (2,), positions=I([4, 0])),
        sample((2, 3), (1,), positions=I([[4, 0]])),
        sample((2,), (), positions=I(1)),
        sample((3,), (0,), positions=I([], np.int64)),
    ],
    "gather": [
        sample((2, 3), dim=1, index=I([[2, 2], [0, 1]])),
        sample((2, 3), dim=0, index=I([[1, 0, 1]])),
        sample((2, 3), dim=-1, index=I([[0]])),
        sample((2, 3), dim=0, index=I([], np.int64).reshape(0, 3)),
        sample((3,), dim=0, index=I([1, 1, 1, 0])),
    ],
    "scatter_add": [
        sample((2, 3), (2, 2), dim=1, index=I([[2, 2], [0, 1]])),
        sample((2, 3), (3, 3), dim=0, index=I([[1, 0, 1], [1, 1, 1]]), torch=False),
        sample((3,), (0,), dim=0, index=I([], np.int64)),
    ],
    "scatter": [
        sample((2, 3), (2, 2), dim=1, index=I([[2, 1], [0, 1]])),
        sample((2, 3), (3, 3), dim=0, index=I([[1, 0, 1]]), torch=False),
        sample((3,), (0,), dim=0, index=I([], np.int64)),
    ],
    "put_like": [sample((2, 2), shape=(2, 3)), sample((2,), shape=(2,)), sample((0, 1), shape=(2, 1))],
    "matmul": [
        sample((2, 3), (3, 4)),
        sample((3,), (3,)),
        sample((2, 3), (3,)),
        sample((3,), (3, 2)),
        sample((2, 2, 3), (3, 2)),
        sample((2, 1, 2, 3), (3, 3, 1)),
        sample((3,), (2, 3, 2)),
        sample((2, 2, 3), (3,)),
        sample((0, 3), (3, 2)),
        sample((2, 0), (0, 2)),
    ],
    "einsum_product": [
        sample((2, 3), (3, 4), equation="ij,jk->ik"),
        sample((2, 3), equation="ij->ji"),
        sample((2, 3), equation="ij->"),
        sample((2, 3), equation="ij->i"),
        sample((3, 3), equation="ii"),
        sample((3, 3), equation="ii->i"),
        sample((2, 3, 3), equation="aii->ai"),
        sample((2, 3), (2, 3), equation="ij,ij->ij"),
        sample((2, 3), (2, 3), equation="ij,ij"),
        sample((2,), (3,), equation="i,j->ji"),
        sample((2, 3, 2), (2, 2, 3), equation="bij,bjk->bik"),
        sample((2, 3, 2), (2, 3), equation="bij,bi->bj"),
        sample((2, 3), (3, 2), (2, 2), equation="ab,bc,cd->ad"),
        sample((2, 3), (2, 3), equation="ab,cb->ca"),
        sample((2, 3, 2), (2, 4), equation="...i,ij->...j"),
        sample((2, 1, 3), (4, 3), equation="...i,...i->..."),
        sample((1, 3), (2, 3), equation="ij,ij->ij"),
        sample((2, 3), (4,), equation="ij,k->k"),
        sample((), (2,), equation=",i->i"),
        sample((0, 3), (3, 2), equation="ij,jk->ik"),
        sample((2, 2), (2, 2), equation="ii,ij->j"),
    ],
    "dot": [sample((3,), (3,)), sample((1,), (1,)), sample((0,), (0,))],
    "convolution": [
        sample((2, 1, 4), (3, 1, 2), (3,), **CONVOLUTION | {"padding": ((1, 0),)}),
        sample((1, 2, 5), (2, 1, 2), **CONVOLUTION | {"stride": (2,), "dilation": (2,), "groups": 2}),
        sample((1, 2, 3, 3), (2, 2, 2, 2), (2,), **CONVOLUTION_2D),
        sample((0, 1, 4), (3, 1, 2), (3,), **CONVOLUTION),
    ],
    "convolution_input_gradient": [
        sample((1, 2, 3), (2, 1, 2), input_shape=(1, 1, 4), **CONVOLUTION),
        sample((1, 1, 2, 2), (1, 2, 2, 2), input_shape=(1, 2, 3, 3), **CONVOLUTION_2D),
    ],
    "convolution_weight_gradient": [
        sample((2, 2, 3), (2, 1, 4), kernel_shape=(2, 1, 2), **CONVOLUTION),
        sample((1, 1, 2, 2), (1, 2, 3, 3), kernel_shape=(1, 2, 2, 2), **CONVOLUTION_2D),
    ],
    "cross_entropy": [
        sample((2, 3), I([2, 0])),
        sample((3, 2), I([1, -100, 0]), reduction="sum", label_smoothing=0.1),
        sample((1, 2, 3), I([[0, 1, 1]]), reduction="none"),
    ],
    "soft_cross_entropy": [sample((2, 3), (2, 3), domains=((-2, 2), (0, 1)))],
    "binary_cross_entropy": [sample((2, 3), (2, 3), domains=((0.1, 0.9), (0.1, 0.9)))],
    "dropout": [sample((2, 3), mask=I([[0.0, 2.0, 2.0], [2.0, 0.0, 2.0]]))],
    "embedding": [
        sample(I([[1, 0], [1, 1]]), (3, 2)),
        sample(I([2, 0, 2]), (3, 2), padding_idx=0, smooth=False),
        sample(I([1, 1]), (3, 1), by_frequency=True, smooth=False),
        sample(I([], np.int64), (3, 2)),
    ],
    "embedding_gradient": [sample(I([1, 1]), (2, 2), rows=3)],
    "unfold": [
        sample((1, 2, 4), kernel=(2,), stride=(1,), padding=((1, 0),), dilation=(1,)),
        sample((1, 1, 3, 3), kernel=(2, 2), stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 2)),
    ],
    "fold": [sample((1, 4, 3), output_size=(4,), kernel=(2,), stride=(1,), padding=((0, 0),), dilation=(1,))],
    "pixel_shuffle": [sample((4, 1, 2), factor=2), sample((1, 4, 1, 1), factor=2)],
    "pixel_unshuffle": [sample((1, 2, 4), factor=2)],
    "linear": [
        sample((2, 3), (2, 3), (2,)),
        sample((2, 1, 3), (4, 3)),
        sample((3,), (2, 3), (2,)),
        sample((2, 3), (3,)),
        sample((0, 3), (2, 3), (2,)),
    ],
    "layer_norm": [
        sample((2, 3), (3,), (3,), normalized_shape=(3,)),
        sample((2, 2, 2), normalized_shape=(2, 2), eps=0.1),
    ],
    "rms_norm": [sample((2, 3), (3,), normalized_shape=(3,), eps=1e-5), sample((2, 2), normalized_shape=(2,), eps=0.1)],
    "group_norm": [sample((2, 4, 2), (4,), (4,), num_groups=2), sample((1, 2, 3), num_groups=2, eps=0.1)],
    "batch_norm": [sample((3, 2), (2,), (2,)), sample((2, 2, 2), eps=0.1)],
    "batch_norm_inference": [
        sample((3, 2), (2,), (2,), mean=I([0.5, 1.0]), variance=I([2.0, 1.0])),
    ],
    "max_pool": [
        sample((1, 2, 5), kernel=(2,), stride=(2,), padding=(1,), dilation=(1,)),
        sample((1, 4, 3), kernel=(2, 2), stride=(1, 1), padding=(0, 0), dilation=(1, 1)),
    ],
    "max_pool_gradient": [sample((1, 2), indices=I([[1, 3]]), input_shape=(1, 4), dimensions=1)],
    "max_pool_winners": [sample((1, 4), indices=I([[1, 3]]), dimensions=1)],
    "avg_pool": [
        sample((1, 2, 5), kernel=(2,), stride=(2,), padding=(1,), ceil_mode=True),
        sample((1, 4, 3), kernel=(2, 2), stride=(1, 1), padding=(1, 0), count_include_pad=False),
    ],
    "avg_pool_gradient": [sample((1, 2), input_shape=(1, 4), kernel=(2,), stride=(2,), padding=(0,))],
    "adaptive_avg_pool": [sample((1, 2, 5), output_size=(2,)), sample((1, 3, 4), output_size=(2, 3))],
    "adaptive_avg_pool_gradient": [sample((1, 2), input_shape=(1, 5), dimensions=1)],
    "softmax": [sample((2, 3), dim=1), sample((2, 1, 2), dim=0), sample((0, 2), dim=1), sample((3,), dim=0)],
    "softmax_gradient": [sample((2, 3), (2, 3), dim=1)],
    "log_softmax": [sample((2, 3), dim=1), sample((2, 1, 2), dim=0), sample((0, 2), dim=1), sample((3,), dim=0)],
    "log_softmax_gradient": [sample((2, 3), (2, 3), dim=1)],
    "floor_divide": [sample((2, 3), (3,)), sample((2, 1), (1, 3)), sample((0, 1), (1,)), sample((2,), ())],
}

SHAPES = {
    1: [((2, 3),), ((),), ((1,),), ((0, 3),), ((2, 1, 2),)],
    2: [
        ((2, 3), (2, 3)),
        ((2, 3), (3,)),
        ((2, 1), (1, 3)),
        ((), (2,)),
        ((2,), ()),
        ((), ()),
        ((0, 3), (1, 3)),
        ((1,), (2, 1, 2)),
    ],
    3: [
        ((2, 3), (2, 3), (2, 3)),
        ((2, 1), (3,), ()),
        ((), (2, 1), (2,)),
        ((3,), (2, 1), (1, 1)),
        ((0, 2), (1,), (1, 1)),
    ],
}

ROWS = {**ELEMENTWISE, **{f"array {name}": row for name, row in ARRAY_OPERATIONS.items()}}
every_row = pytest.mark.parametrize("name", ROWS)
every_elementwise_row = pytest.mark.parametrize("row", ELEMENTWISE.values(), ids=ELEMENTWISE)


def samples(name):
    row = ROWS[name]
    if row.name == name:
        return [Sample(shapes, domains=row.domain) for shapes in SHAPES[row.arity]]
    assert row.name in SAMPLES, f"give the row {row.name} an entry in SAMPLES of {__file__}"
    return SAMPLES[row.name]


def call(row, operands, options):
    return row(list(operands), **options) if getattr(row, "several", False) else row(*operands, **options)


def leaves(arrays):
    return [from_numpy(array).requires_grad_(array.dtype.kind == "f") for array in arrays]


def weights(shape, seed=0):
    """An upstream gradient that is different everywhere."""
    return np.random.default_rng(seed).uniform(0.5, 1.5, shape)


def test_every_row_has_samples():
    assert set(SAMPLES) == set(ARRAY_OPERATIONS)


# Finite differences, in NumPy


def central_differences(f, arrays, h=1e-5):
    """For each array the derivative of the number f(*arrays) with respect to each of its elements."""
    gradients = []
    for k, array in enumerate(arrays):
        gradient = np.zeros(array.shape)
        for place in np.ndindex(array.shape) if array.dtype.kind == "f" else ():
            nudged = array.copy()
            nudged[place] = array[place] + h
            above = f(*arrays[:k], nudged, *arrays[k + 1 :])
            nudged[place] = array[place] - h
            below = f(*arrays[:k], nudged, *arrays[k + 1 :])
            gradient[place] = (above - below) / (2 * h)
        gradients.append(gradient)
    return gradients


def first_gradients(row, case, arrays, upstream):
    """The gradients with respect to the operands, on arrays."""
    operands = leaves(arrays)
    out = call(row, operands, case.options)
    if out.requires_grad:
        out.backward(upstream.astype(out.dtype))
    return [np.zeros(x.shape) if x.grad is None else x.grad.numpy() for x in operands]


@every_row
def test_first_and_second_derivatives_against_central_differences(name):
    row = ROWS[name]
    for case in samples(name):
        arrays = case.arrays(name)
        out = call(row, leaves(arrays), case.options)
        if not (case.smooth and out.requires_grad):
            continue
        upstream = weights(out.shape)

        def value(*arrays, case=case, upstream=upstream):
            return float((call(row, map(from_numpy, arrays), case.options).numpy() * upstream).sum())

        found = first_gradients(row, case, arrays, upstream)
        for gradient, array, expected in zip(found, arrays, central_differences(value, arrays), strict=True):
            assert gradient.shape == array.shape
            np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8, err_msg=str(case))

        # The same on nodes; then the gradient of a sum of these gradients.
        operands, start = leaves(arrays), from_numpy(upstream).requires_grad_()
        (call(row, operands, case.options) * start).sum().backward(create_graph=True)
        onto = [weights(array.shape, seed=1) for array in arrays]
        on_nodes = [x.grad for x in operands]
        for gradient, expected in zip(on_nodes, found, strict=True):
            if gradient is not None:
                np.testing.assert_allclose(gradient.numpy(), expected, rtol=1e-11, atol=1e-13, err_msg=str(case))
        total = sum((g * from_numpy(w)).sum() for g, w in zip(on_nodes, onto, strict=True) if g is not None)
        for x in (*operands, start):
            x.grad = None
        if total.requires_grad:
            total.backward()

        def gradients_onto(*arrays, case=case, onto=onto):
            *points, upstream = arrays
            received = first_gradients(row, case, points, upstream)
            return float(sum((g * w).sum() for g, w in zip(received, onto, strict=True)))

        expected = central_differences(gradients_onto, [*arrays, upstream])
        for x, second in zip((*operands, start), expected, strict=True):
            gradient = np.zeros(x.shape) if x.grad is None else x.grad.numpy()
            np.testing.assert_allclose(gradient, second, rtol=1e-5, atol=1e-7, err_msg=str(case))


# How the operands lie in memory


def transposed(array):
    return array.T.copy().T


def negative(array):
    backwards = (slice(None, None, -1),) * array.ndim
    return array[backwards].copy()[backwards] if array.ndim else array


def every_second(array):
    if not array.ndim:
        return array
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def repeated(array):
    """Strides of zero, where all elements along an axis are the same."""
    return np.broadcast_to(array[:1], array.shape) if array.ndim else array


@pytest.mark.parametrize("layout", [transposed, negative, every_second, repeated])
@every_row
def test_any_layout_in_memory_gives_the_same(name, layout):
    row = ROWS[name]
    for case in samples(name):
        strided = [layout(array) for array in case.arrays(name)]
        ordered = [np.ascontiguousarray(array).reshape(array.shape) for array in strided]
        expected, out = (call(row, map(from_numpy, arrays), case.options) for arrays in (ordered, strided))
        np.testing.assert_allclose(out.numpy(), expected.numpy(), rtol=1e-13, atol=1e-15, err_msg=str(case))
        upstream = layout(weights(out.shape))
        received = first_gradients(row, case, strided, upstream)
        for gradient, same in zip(received, first_gradients(row, case, ordered, upstream.copy()), strict=True):
            np.testing.assert_allclose(gradient, same, rtol=1e-12, atol=1e-14, err_msg=str(case))


# PyTorch


def torch_index(torch, index):
    return tuple(torch.from_numpy(part) if isinstance(part, np.ndarray) else part for part in index)


def torch_put(torch, x, shape, index):
    target = torch.zeros(shape, dtype=x.dtype)
    if all(isinstance(part, np.ndarray) for part in index):
        return target.index_put(torch_index(torch, index), x, accumulate=True)
    if not any(isinstance(part, np.ndarray) for part in index):
        target[index] = x
        return target
    places = np.arange(target.numel()).reshape(shape)[index]
    return target.reshape(-1).index_put((torch.from_numpy(places),), x, accumulate=True).reshape(shape)


def torch_prod(torch, x, dim=None, keepdim=False):
    for axis in sorted((i % x.ndim for i in dim), reverse=True) if isinstance(dim, tuple) else ():
        x = torch.prod(x, axis, keepdim)
    return x if isinstance(dim, tuple) else torch.prod(x) if dim is None else torch.prod(x, dim, keepdim)


def torch_pad(torch, x, widths, value=0.0):
    flat = [n for pair in reversed(widths) for n in pair]
    return torch.nn.functional.pad(x, flat, value=value) if flat else x


# Where PyTorch has another name or other arguments.  A new row is found under its own name, or needs an entry here.
TORCH = {
    "equal": lambda torch, x, y: torch.eq(x, y),
    "where": lambda torch, condition, x, y: torch.where(condition != 0, x, y),
    "clamp": lambda torch, *operands: torch.clamp(*torch.broadcast_tensors(*operands)),
    "floor_divide": lambda torch, x, y: torch.div(x, y, rounding_mode="floor"),
    "leaky_relu": lambda torch, x, slope: torch.where(x > 0, x, x * slope),
    "elu": lambda torch, x, alpha: torch.where(x > 0, x, alpha * torch.expm1(x)),
    "celu": lambda torch, x, alpha: torch.where(x > 0, x, alpha * torch.expm1(x / alpha)),
    "amax": lambda torch, x, dim=(), **options: torch.amax(x, dim, **options),
    "amin": lambda torch, x, dim=(), **options: torch.amin(x, dim, **options),
    "prod": torch_prod,
    "norm": lambda torch, x, p=2.0, dim=None, keepdim=False: torch.linalg.vector_norm(x, p, dim, keepdim),
    "expand": lambda torch, x, shape: x.expand(shape),
    "sum_to_size": lambda torch, x, shape: x.sum_to_size(shape),
    "flip": lambda torch, x, dims: torch.flip(x, (dims,) if isinstance(dims, int) else dims),
    "diagonal_embed": lambda torch, x, shape, offset, dim1, dim2: torch.zeros(shape, dtype=x.dtype).diagonal_scatter(
        x, offset, dim1, dim2
    ),
    "pad_constant": torch_pad,
    "astype": lambda torch, x, dtype: x.to(getattr(torch, np.dtype(dtype).name)),
    "getitem": lambda torch, x, index: x[torch_index(torch, index)],
    "put": torch_put,
    "put_at": lambda torch, x, values, positions: (
        x.reshape(-1).index_put((torch.from_numpy(positions),), values).reshape(x.shape)
    ),
    "put_like": lambda torch, x, shape: torch_pad(torch, x, [(0, n - m) for n, m in zip(shape, x.shape, strict=True)]),
    "gather": lambda torch, x, dim, index: torch.gather(x, dim, torch.from_numpy(index)),
    "scatter": lambda torch, x, source, dim, index: torch.scatter(x, dim, torch.from_numpy(index), source),
    "scatter_add": lambda torch, x, source, dim, index: torch.scatter_add(x, dim, torch.from_numpy(index), source),
    "einsum_product": lambda torch, operands, equation: torch.einsum(equation, *operands),
}


# The rows of layers, which the tests of `nn.functional` compare.
LAYERS = {row.name for row in ARRAY_OPERATIONS.values() if row.forward.__module__.rsplit(".")[-1] in (
    "convolution", "cross_entropy", "dropout", "embedding", "folding", "linear", "normalisation", "pooling", "softmax"
)}  # fmt: skip


def torch_function(row, torch):
    if row.name in TORCH:
        return lambda *operands, **options: TORCH[row.name](torch, *operands, **options)
    for module in (torch, torch.nn.functional, torch.special):
        if hasattr(module, row.name):
            return getattr(module, row.name)
    raise AssertionError(f"PyTorch has no {row.name}: give it an entry in TORCH of {__file__}")


SINGLE_PRECISION = {"celu", "hardsigmoid"}  # PyTorch computes these with a constant in single precision


@pytest.mark.filterwarnings("ignore:.*degrees of freedom")
@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@every_row
def test_results_and_gradients_against_torch(name, dtype):
    torch = pytest.importorskip("torch", reason="comparing with PyTorch needs the peers extra")
    row = ROWS[name]
    if name.startswith("array ") and row.name in LAYERS:
        pytest.skip("compared by the tests of nn.functional")
    function = torch_function(row, torch)
    rtol = 2e-5 if dtype == np.float32 else 1e-6 if row.name in SINGLE_PRECISION else 1e-10
    for case in samples(name):
        if not case.torch:
            continue
        arrays = case.arrays(name, dtype)
        operands, theirs = leaves(arrays), [torch.from_numpy(a.copy()).requires_grad_() for a in arrays]
        out = call(row, operands, case.options)
        options = {key: value for key, value in case.options.items() if value is not None}
        expected = function(theirs, **options) if getattr(row, "several", False) else function(*theirs, **options)
        assert out.shape == expected.shape, case
        assert f"torch.{out.dtype}" == str(expected.dtype), case
        np.testing.assert_allclose(out.numpy(), expected.detach().numpy(), rtol, rtol / 10, err_msg=str(case))
        if not (expected.requires_grad and out.requires_grad):
            assert not any(x.grad_fn for x in [expected]) or row.name in ("where",), case
            continue
        upstream = weights(out.shape).astype(out.dtype)
        out.backward(upstream)
        expected.backward(torch.from_numpy(upstream.reshape(expected.shape)))
        for x, y in zip(operands, theirs, strict=True):
            assert x.grad is None or (x.grad.dtype, x.grad.shape) == (x.dtype, x.shape)
            found = np.zeros(x.shape) if x.grad is None else x.grad.numpy()
            wanted = np.zeros(x.shape) if y.grad is None else y.grad.numpy()
            np.testing.assert_allclose(found, wanted, rtol, rtol, err_msg=str(case))


# Value and Tensor


@every_elementwise_row
def test_value_and_tensor_agree(row):
    generator = np.random.default_rng(1)
    points = [[generator.uniform(*domain) for domain in row.domain] for _ in range(10)]
    points += [[0.0] * row.arity, [1.0] * row.arity, [-1.0] * row.arity]
    points += [[special] * row.arity for special in (float("inf"), float("-inf"), float("nan"), -0.0)]
    arrays = leaves(np.array(points).T)
    out = row(*arrays)
    if out.requires_grad:
        out.sum().backward()
    for i, point in enumerate(points):
        values = [Value(number) for number in point]
        expected = row(*values)
        assert float(out.numpy()[i]) == pytest.approx(expected.data, rel=1e-13, abs=1e-15, nan_ok=True), point
        expected.backward()
        for x, value in zip(arrays, values, strict=True):
            found = 0.0 if x.grad is None else float(x.grad.numpy()[i])
            assert found == pytest.approx(value.grad, rel=1e-12, abs=1e-14, nan_ok=True), point


@every_elementwise_row
def test_every_way_to_reach_an_elementwise_row_gives_the_same(row):
    (case, *_) = samples(row.name)
    operands = [from_numpy(array) for array in case.arrays(row.name)]
    expected = row(*operands).numpy()
    for name in row.names:
        np.testing.assert_array_equal(getattr(functions, name)(*operands).numpy(), expected)
        if name != "where":  # as PyTorch's method it belongs to the second operand
            np.testing.assert_array_equal(getattr(operands[0], name)(*operands[1:]).numpy(), expected)
    if row.operator:
        np.testing.assert_array_equal(getattr(operands[0], row.operator)(*operands[1:]).numpy(), expected)
    changed = operands[0].clone()
    if expected.dtype == changed.dtype:
        assert getattr(changed, f"{row.name}_")(*operands[1:]) is changed
        np.testing.assert_array_equal(changed.numpy(), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@every_elementwise_row
def test_numbers_beside_a_tensor_take_its_dtype(row, dtype):
    if row.name == "where":
        pytest.skip("its first operand is the condition, which has no part in the dtype")
    numbers = [sum(domain) / 2 for domain in row.domain[1:]]
    (x,) = leaves(Sample(((2, 3),), domains=row.domain[:1]).arrays(row.name, dtype))
    out = row(x, *numbers)
    assert out.dtype in (dtype, np.bool)
    if out.requires_grad:
        out.sum().backward(create_graph=True)
        assert x.grad.dtype == dtype


# What large arrays take another way for


@pytest.mark.parametrize("shape", [(3, 300), (2, 3, 300), (3, 2, 150)])
@pytest.mark.parametrize("name", ["cumsum", "cumprod"])
def test_accumulating_whole_slices(name, shape):
    x = np.random.default_rng(0).uniform(0.5, 1.5, shape)
    for axis in range(len(shape)):
        for given in (x, negative(x), transposed(x)):
            out = getattr(functions, name)(from_numpy(given), axis)
            np.testing.assert_allclose(out.numpy(), getattr(np, name)(given, axis), rtol=1e-13)


@pytest.mark.parametrize(
    "index", [I([1, 0, -1, 1]), (slice(None), I([2, 0, 2])), (I([0, 1]), I([1, -1])), (0, I([1, 1]))]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_adding_rows_by_a_compiled_loop(index, dtype, monkeypatch):
    monkeypatch.setattr(fused, "LARGE", 1)
    monkeypatch.setattr(fused, "COLD", 1)
    x = from_numpy(np.arange(12, dtype=dtype).reshape(3, 4)).requires_grad_()
    out = x[index]
    upstream = weights(out.shape).astype(dtype)
    out.backward(upstream)
    expected = np.zeros((3, 4), dtype)
    np.add.at(expected, index, upstream)
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-6)


# Errors


@pytest.mark.parametrize("row", [row for row in ELEMENTWISE.values() if row.arity > 1], ids=lambda row: row.name)
def test_shapes_that_do_not_broadcast(row):
    operands = [tensor(np.ones((2, 3))), *[tensor(np.ones((2, 1, 4)))] * (row.arity - 1)]
    with pytest.raises(ValueError, match=rf"^{row.name}: the shapes \(2, 3\) and \(2, 1, 4\).*do not broadcast"):
        row(*operands)


@every_row
def test_operands_that_are_no_tensors(name):
    row = ROWS[name]
    (case, *_) = samples(name)
    for wrong in ("text", np.array([object()]), 1j, [1.0]):
        operands = [from_numpy(array) for array in case.arrays(name)]
        operands[-1] = wrong
        if row.name == name and row.arity == 1 and not isinstance(wrong, np.ndarray):
            continue  # a function of one operand alone decides between Value and Tensor by it
        with pytest.raises(TypeError, match=row.name):
            call(row, operands, case.options)


WITH_DIM = [
    row for row in ARRAY_OPERATIONS.values() if {"dim", "dims"} & set(row.option_names) and row.name not in LAYERS
]


@pytest.mark.parametrize("row", WITH_DIM, ids=lambda row: row.name)
def test_dims_that_there_are_not(row):
    (case, *_) = [case for case in SAMPLES[row.name] if "dim" in case.options or "dims" in case.options]
    option = "dim" if "dim" in row.option_names else "dims"
    given = case.options[option]
    arrays = case.arrays(row.name)
    for wrong, error in ((7, IndexError), (-8, IndexError), (0.5, TypeError), ("x", TypeError)):
        replaced = (wrong, *given[1:]) if isinstance(given, tuple) else wrong
        if isinstance(wrong, str) and not isinstance(given, tuple):
            continue
        with pytest.raises(error, match=f"{row.name}.*dim"):
            call(row, map(from_numpy, arrays), case.options | {option: replaced})
