"""The cases of test_functional: functions with operands and options, compared with PyTorch."""

import numpy as np


class Probabilities(tuple):
    """A shape to be filled with numbers between 0 and 1."""


class Classes(tuple):
    """A shape to be filled with class numbers below the last entry."""


class Signs(tuple):
    """A shape to be filled with 1 and -1."""


def _filled(spec, dtype, rng):
    if isinstance(spec, Probabilities):
        return rng.uniform(0.05, 0.95, spec).astype(dtype)
    if isinstance(spec, Classes):
        return rng.integers(0, spec[-1], spec[:-1])
    if isinstance(spec, Signs):
        return rng.choice([-1.0, 1.0], spec).astype(dtype)
    if isinstance(spec, tuple):
        # No two numbers are equal and none is near a kink, so that winners and signs are certain.
        count = int(np.prod(spec))
        return ((rng.permutation(count) + 0.5 - count // 2) * (4 / max(count, 1))).reshape(spec).astype(dtype)
    return spec


def operands(specs, dtype, seed=0):
    rng = np.random.default_rng(seed)
    return [_filled(spec, dtype, rng) for spec in specs]


P, K, S = Probabilities, Classes, Signs

LINEAR = [
    ("linear", [(3, 4), (5, 4), (5,)], {}),
    ("linear", [(3, 4), (5, 4)], {}),
    ("linear", [(2, 3, 4), (5, 4), (5,)], {}),
    ("linear", [(4,), (5, 4), (5,)], {}),
    ("linear", [(3, 4), (4,)], {}),
    ("linear", [(4,), (4,)], {}),
    ("linear", [(0, 4), (5, 4), (5,)], {}),
    ("linear", [(2, 0), (5, 0), (5,)], {}),
]

CONVOLUTION = [
    ("conv1d", [(2, 3, 9), (4, 3, 3), (4,)], {}),
    ("conv1d", [(2, 4, 9), (6, 2, 3), (6,)], {"groups": 2, "stride": 2, "padding": 1, "dilation": 2}),
    ("conv1d", [(3, 9), (4, 3, 4)], {"padding": "same"}),
    ("conv1d", [(0, 3, 9), (4, 3, 3), (4,)], {}),
    ("conv2d", [(2, 3, 6, 7), (4, 3, 3, 3), (4,)], {}),
    ("conv2d", [(2, 3, 6, 7), (4, 3, 3, 2)], {"stride": (2, 1), "padding": (1, 0)}),
    ("conv2d", [(2, 3, 6, 7), (4, 3, 3, 2), (4,)], {"padding": "same", "dilation": (1, 2)}),
    ("conv2d", [(2, 3, 6, 7), (4, 3, 3, 2), (4,)], {"padding": "valid", "stride": 3}),
    ("conv2d", [(2, 4, 5, 5), (4, 1, 3, 3), (4,)], {"groups": 4, "padding": 1}),
    ("conv2d", [(1, 4, 5, 6), (8, 2, 1, 1), (8,)], {"groups": 2}),
    ("conv2d", [(3, 5, 6), (2, 3, 2, 2), (2,)], {"padding": 3}),
    ("conv2d", [(2, 3, 9, 9), (4, 3, 3, 3)], {"stride": 2, "padding": 2, "dilation": 2}),
    ("conv2d", [(0, 3, 6, 7), (4, 3, 3, 3), (4,)], {}),
    ("conv3d", [(1, 2, 4, 5, 3), (3, 2, 2, 3, 2), (3,)], {"padding": (1, 0, 1), "stride": (1, 2, 1)}),
    ("conv3d", [(2, 4, 3, 4), (3, 2, 2, 2, 2)], {"padding": "same"}),
    ("conv_transpose1d", [(2, 3, 5), (3, 4, 3), (4,)], {"stride": 2, "padding": 1, "output_padding": 1}),
    ("conv_transpose1d", [(3, 5), (3, 4, 3)], {}),
    ("conv_transpose2d", [(2, 3, 4, 5), (3, 4, 3, 2), (4,)], {}),
    ("conv_transpose2d", [(2, 3, 4, 5), (3, 4, 3, 2)], {"stride": (2, 3), "padding": (1, 0), "dilation": (1, 2)}),
    ("conv_transpose2d", [(2, 4, 3, 3), (4, 3, 3, 3), (6,)], {"groups": 2, "stride": 2, "output_padding": 1}),
    ("conv_transpose2d", [(2, 3, 4, 5), (3, 4, 3, 2)], {"dilation": 3, "output_padding": 2}),
    ("unfold", [(2, 3, 5, 6), (2, 3)], {"dilation": (2, 1), "padding": 1, "stride": 2}),
    ("unfold", [(3, 5, 6), 2], {}),
    ("fold", [(2, 12, 20), (5, 6), (2, 2)], {}),
    ("fold", [(12, 9), (6, 6), 2], {"stride": 2}),
    ("fold", [(1, 4, 10), (5, 4), 2], {"dilation": 2, "padding": 1, "stride": (1, 2)}),
    ("pixel_shuffle", [(2, 8, 3, 4), 2], {}),
    ("pixel_unshuffle", [(2, 2, 6, 4), 2], {}),
]

POOLING = [
    ("max_pool1d", [(2, 3, 9), 2], {}),
    ("max_pool1d", [(3, 9), 3], {"stride": 2, "padding": 1, "ceil_mode": True}),
    ("max_pool1d", [(2, 3, 9), 3], {"dilation": 2}),
    ("max_pool2d", [(2, 3, 6, 7), 2], {}),
    ("max_pool2d", [(2, 3, 6, 7), (3, 2)], {"stride": (2, 1), "padding": (1, 0)}),
    ("max_pool2d", [(2, 3, 6, 7), 3], {"stride": 2, "ceil_mode": True}),
    ("max_pool2d", [(3, 6, 7), 3], {"stride": 1, "padding": 1, "dilation": 2}),
    ("max_pool2d", [(0, 3, 6, 7), 2], {}),
    ("avg_pool1d", [(2, 3, 9), 2], {}),
    ("avg_pool1d", [(3, 9), 3], {"stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False}),
    ("avg_pool2d", [(2, 3, 6, 7), 2], {}),
    ("avg_pool2d", [(2, 3, 6, 7), (3, 2)], {"stride": (2, 1), "padding": (1, 0), "count_include_pad": False}),
    ("avg_pool2d", [(2, 3, 6, 7), 3], {"stride": 2, "padding": 1, "ceil_mode": True}),
    ("avg_pool2d", [(3, 6, 7), 3], {"divisor_override": 2}),
    ("avg_pool2d", [(0, 3, 6, 7), 2], {}),
    ("adaptive_avg_pool1d", [(2, 3, 7), 3], {}),
    ("adaptive_avg_pool2d", [(2, 3, 6, 7), (4, 3)], {}),
    ("adaptive_avg_pool2d", [(3, 6, 7), (None, 2)], {}),
    ("adaptive_avg_pool2d", [(2, 3, 6, 7), 1], {}),
]

NORMALISATION = [
    ("batch_norm", [(5, 3), None, None, (3,), (3,), True], {}),
    ("batch_norm", [(2, 3, 4, 5), None, None, (3,), (3,), True], {"eps": 1e-3}),
    ("batch_norm", [(2, 3, 4), None, None, None, None, True], {}),
    ("batch_norm", [(2, 3, 4), None, None, None, (3,), True], {}),
    ("batch_norm", [(2, 3, 4), P((3,)), P((3,)), (3,), (3,)], {}),
    ("batch_norm", [(2, 3), P((3,)), P((3,))], {}),
    ("layer_norm", [(2, 3, 4), (4,), (4,), (4,)], {}),
    ("layer_norm", [(2, 3, 4), (3, 4), (3, 4), (3, 4)], {"eps": 1e-2}),
    ("layer_norm", [(2, 3, 4), (4,)], {}),
    ("layer_norm", [(2, 4), (4,), None, (4,)], {}),
    ("layer_norm", [(2, 4), (4,), (4,)], {}),
    ("layer_norm", [(0, 4), (4,), (4,), (4,)], {}),
    ("rms_norm", [(2, 3, 4), (4,), (4,)], {}),
    ("rms_norm", [(2, 3, 4), (3, 4)], {"eps": 1e-3}),
    ("group_norm", [(2, 6, 4, 5), 3, (6,), (6,)], {}),
    ("group_norm", [(2, 6), 2], {"eps": 1e-3}),
    ("instance_norm", [(2, 3, 4, 5), None, None, (3,), (3,)], {}),
    ("instance_norm", [(2, 3, 4)], {"eps": 1e-3}),
    ("normalize", [(3, 4)], {}),
    ("normalize", [(3, 4)], {"p": 1, "dim": 0}),
    ("normalize", [(3, 4)], {"p": 3.0, "dim": (0, 1)}),
]

ACTIVATION = [
    *[
        (name, [(3, 4)], {})
        for name in [
            "relu",
            "leaky_relu",
            "elu",
            "selu",
            "celu",
            "gelu",
            "silu",
            "mish",
            "softplus",
            "softsign",
            "hardtanh",
            "hardsigmoid",
            "hardswish",
            "logsigmoid",
            "sigmoid",
            "tanh",
            "relu6",
        ]
    ],
    ("leaky_relu", [(3, 4)], {"negative_slope": 0.3}),
    ("elu", [(3, 4)], {"alpha": 0.5}),
    ("celu", [(3, 4)], {"alpha": 0.5}),
    ("gelu", [(3, 4)], {"approximate": "tanh"}),
    ("softplus", [(3, 4)], {"beta": 3.0, "threshold": 1.0}),
    ("hardtanh", [(3, 4)], {"min_val": -0.2, "max_val": 1.4}),
    ("prelu", [(3, 4), (1,)], {}),
    ("prelu", [(2, 3, 4), (3,)], {}),
    ("prelu", [(4,), (1,)], {}),
    ("prelu", [(), ()], {}),
    ("glu", [(3, 4)], {}),
    ("glu", [(4, 3)], {"dim": 0}),
    ("softmax", [(3, 4)], {"dim": 1}),
    ("softmax", [(3, 4, 2)], {"dim": -2}),
    ("softmax", [()], {"dim": 0}),
    ("softmax", [(0, 4)], {"dim": 1}),
    ("softmin", [(3, 4)], {"dim": 0}),
    ("log_softmax", [(3, 4)], {"dim": 1}),
    ("log_softmax", [(3, 4, 2)], {"dim": 0}),
    ("log_softmax", [()], {"dim": -1}),
]

LOOKUP = [
    ("embedding", [K((2, 4, 6)), (6, 3)], {}),
    ("embedding", [K((5, 3)), (3, 2)], {"padding_idx": -1}),
    ("embedding", [K((0, 3)), (3, 2)], {}),
    ("pad", [(2, 3, 4), (1, 2)], {}),
    ("pad", [(2, 3, 4), (1, -1, 0, 2)], {"value": 3.0}),
    ("pad", [(2, 3, 4), (1, 2)], {"mode": "reflect"}),
    ("pad", [(2, 3, 4), (3, 2)], {"mode": "replicate"}),
    ("pad", [(2, 3, 4), (1, 2)], {"mode": "circular"}),
    ("cosine_similarity", [(3, 4), (3, 4)], {}),
    ("cosine_similarity", [(3, 4), (4,)], {"dim": -1}),
    ("one_hot", [K((3, 2, 4)), 5], {}),
    ("bilinear", [(3, 4), (3, 2), (5, 4, 2), (5,)], {}),
    ("bilinear", [(2, 3, 4), (2, 3, 2), (5, 4, 2)], {}),
    ("pairwise_distance", [(3, 4), P((3, 4))], {}),
    ("pairwise_distance", [(3, 4), P((4,))], {"p": 3.0, "eps": 1e-3, "keepdim": True}),
]

_BOTH = ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "soft_margin_loss"]
LOSSES = [
    *[(name, [(3, 4), S((3, 4))], {"reduction": reduction}) for name in _BOTH for reduction in ("mean", "sum", "none")],
    ("mse_loss", [(3, 4), (3, 4)], {"weight": P((3, 4))}),
    ("huber_loss", [(3, 4), S((3, 4))], {"delta": 0.7, "weight": P((3, 4))}),
    ("smooth_l1_loss", [(3, 4), S((3, 4))], {"beta": 0.5}),
    ("smooth_l1_loss", [(3, 4), S((3, 4))], {"beta": 0}),
    ("cross_entropy", [(5, 4), K((5, 4))], {}),
    ("cross_entropy", [(5, 4), K((5, 4)), P((4,))], {"reduction": "sum"}),
    ("cross_entropy", [(5, 4), K((5, 4)), P((4,))], {"label_smoothing": 0.2, "ignore_index": 1}),
    ("cross_entropy", [(5, 4), K((5, 4))], {"reduction": "none", "label_smoothing": 0.1}),
    ("cross_entropy", [(2, 4, 3, 2), K((2, 3, 2, 4))], {"ignore_index": 2}),
    ("cross_entropy", [(2, 4, 3, 2), K((2, 3, 2, 4)), P((4,))], {"reduction": "none"}),
    ("cross_entropy", [(4,), K((4,))], {}),
    ("cross_entropy", [(0, 4), K((0, 4))], {"reduction": "sum"}),
    ("cross_entropy", [(5, 4), P((5, 4))], {}),
    ("cross_entropy", [(5, 4), P((5, 4)), P((4,))], {"label_smoothing": 0.3, "reduction": "sum"}),
    ("cross_entropy", [(2, 4, 3), P((2, 4, 3))], {"reduction": "none"}),
    ("cross_entropy", [(2, 4, 3), P((2, 4, 3)), P((4,))], {}),
    ("cross_entropy", [(4,), P((4,))], {}),
    ("nll_loss", [(5, 4), K((5, 4))], {}),
    ("nll_loss", [(5, 4), K((5, 4)), P((4,))], {"ignore_index": 1}),
    ("nll_loss", [(2, 4, 3), K((2, 3, 4)), P((4,))], {"reduction": "none"}),
    ("nll_loss", [(4,), K((4,))], {"reduction": "sum"}),
    ("binary_cross_entropy", [P((3, 4)), P((3, 4))], {}),
    ("binary_cross_entropy", [P((3, 4)), P((3, 4)), P((3, 4))], {"reduction": "sum"}),
    ("binary_cross_entropy_with_logits", [(3, 4), P((3, 4))], {}),
    ("binary_cross_entropy_with_logits", [(3, 4), P((3, 4)), P((4,))], {"reduction": "none", "pos_weight": P((4,))}),
    ("kl_div", [(3, 4), P((3, 4))], {"reduction": "batchmean"}),
    ("kl_div", [(3, 4), P((3, 4))], {"reduction": "sum"}),
    ("kl_div", [(3, 4), (3, 4)], {"log_target": True, "reduction": "none"}),
    ("multi_margin_loss", [(5, 4), K((5, 4))], {}),
    ("multi_margin_loss", [(5, 4), K((5, 4)), 2, 0.5, P((4,))], {"reduction": "sum"}),
    ("multi_margin_loss", [(5, 4), K((5, 4))], {"margin": 1.9, "reduction": "none"}),
    ("multi_margin_loss", [(4,), K((4,))], {}),
    ("hinge_embedding_loss", [(3, 4), S((3, 4))], {}),
    ("hinge_embedding_loss", [(3, 4), S((3, 4))], {"margin": 0.5, "reduction": "none"}),
    ("margin_ranking_loss", [(3, 4), P((3, 4)), S((3, 4))], {"margin": 0.3}),
    ("triplet_margin_loss", [(3, 4), P((3, 4)), S((3, 4))], {"swap": True, "margin": 2.0}),
    ("gaussian_nll_loss", [(3, 4), P((3, 4)), P((3, 1))], {"full": True, "reduction": "none"}),
    ("poisson_nll_loss", [(3, 4), P((3, 4))], {}),
    ("poisson_nll_loss", [P((3, 4)), P((3, 4))], {"log_input": False, "reduction": "sum"}),
]

# The same as above but large enough for the compiled kernels.
LARGE = [
    ("conv1d", [(4, 16, 64), (24, 16, 5), (24,)], {"padding": 2}),
    ("conv2d", [(2, 32, 9, 10), (32, 32, 3, 3), (32,)], {"padding": 1}),
    ("conv2d", [(2, 8, 17, 15), (16, 4, 3, 5), (16,)], {"groups": 2, "stride": 2, "padding": (1, 2)}),
    ("conv2d", [(2, 3, 20, 21), (20, 3, 5, 5), (20,)], {"dilation": 2, "padding": "same"}),
    ("conv2d", [(2, 16, 20, 20), (16, 1, 3, 3), (16,)], {"groups": 16, "padding": 1}),
    ("conv_transpose2d", [(2, 16, 8, 9), (16, 12, 3, 3), (12,)], {"stride": 2, "padding": 1, "output_padding": 1}),
    ("conv_transpose2d", [(2, 16, 8, 9), (16, 12, 3, 3), (12,)], {"padding": 4}),
    ("max_pool2d", [(4, 5, 16, 17), 3], {"stride": 2, "padding": 1}),
    ("avg_pool2d", [(4, 5, 16, 17), 3], {"stride": 2, "padding": 1, "count_include_pad": False}),
    ("adaptive_avg_pool2d", [(4, 5, 16, 17), (5, 4)], {}),
    ("batch_norm", [(6, 7, 11, 5), None, None, (7,), (7,), True], {}),
    ("layer_norm", [(30, 65), (65,), (65,), (65,)], {}),
    ("rms_norm", [(30, 65), (65,), (65,)], {}),
    ("group_norm", [(4, 6, 11, 5), 2, (6,), (6,)], {}),
    ("instance_norm", [(4, 6, 11, 5), None, None, (6,), (6,)], {}),
    ("softmax", [(30, 65)], {"dim": 1}),
    ("log_softmax", [(30, 65)], {"dim": 0}),
    ("cross_entropy", [(40, 33), K((40, 33))], {"label_smoothing": 0.1, "ignore_index": 3}),
    ("linear", [(40, 33), (50, 33), (50,)], {}),
    ("embedding", [K((20, 10, 30)), (30, 8)], {}),
]

CASES = [*LINEAR, *CONVOLUTION, *POOLING, *NORMALISATION, *ACTIVATION, *LOOKUP, *LOSSES, *LARGE]
