"""The cases of test_modules: modules with their arguments and inputs, compared with PyTorch."""

from functional_cases import Classes as K
from functional_cases import Probabilities as P
from functional_cases import Signs as S

X = (3, 4)
SIGNAL, IMAGE, VOLUME = (2, 4, 9), (2, 4, 6, 7), (1, 2, 4, 5, 3)


def case(name, *arguments, inputs=(X,), **options):
    return name, arguments, options, inputs


def reductions(name, *arguments, inputs, **options):
    return [case(name, *arguments, inputs=inputs, **options, reduction=r) for r in ("mean", "sum", "none")]


WITHOUT_OPTIONS = (
    "CELU ELU GELU GLU SELU Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid Mish PReLU ReLU ReLU6 Sigmoid SiLU "
    "Softplus Softsign Tanh Identity"
)
IN_PLACE = "CELU ELU SELU Hardsigmoid Hardswish Hardtanh LeakyReLU Mish ReLU ReLU6 SiLU"
ACTIVATIONS = [
    *[case(name) for name in WITHOUT_OPTIONS.split()],
    *[case(name, inplace=True) for name in IN_PLACE.split()],
    *[case(name, dim=dim) for name in ("Softmax", "Softmin", "LogSoftmax") for dim in (0, -1)],
    case("CELU", 0.5),
    case("ELU", 0.5),
    case("GELU", approximate="tanh"),
    case("GLU", dim=0, inputs=[(4, 3)]),
    case("Hardtanh", -0.3, 1.2),
    case("LeakyReLU", 0.3),
    case("PReLU", 4, init=0.1),
    case("Softplus", 3.0, 1.0),
]

SHAPES = [
    case("Flatten", inputs=[IMAGE]),
    case("Flatten", 2, 3, inputs=[IMAGE]),
    case("Unflatten", 1, (2, 2)),
    case("PixelShuffle", 2, inputs=[(2, 8, 3, 4)]),
    case("Upsample", scale_factor=2, inputs=[IMAGE]),
    case("Upsample", scale_factor=(1.5, 2.0), inputs=[IMAGE]),
    case("Upsample", size=5, inputs=[SIGNAL]),
    case("Upsample", (4, 9), inputs=[IMAGE]),
    case("Dropout", 0.0),
    case("Dropout", 0.0, inplace=True),
    case("Dropout", 1.0),
    case("Dropout1d", 0.0, inputs=[SIGNAL]),
    case("Dropout2d", 1.0, inputs=[IMAGE]),
    case("AlphaDropout", 0.0),
]

LINEAR = [
    case("Linear", 4, 5),
    case("Linear", 4, 5, bias=False, inputs=[(2, 3, 4)]),
    case("Linear", 4, 1, inputs=[(4,)]),
    case("Bilinear", 4, 3, 5, inputs=[X, (3, 3)]),
    case("Bilinear", 4, 3, 5, bias=False, inputs=[(2, 3, 4), (2, 3, 3)]),
    case("Embedding", 6, 3, inputs=[K((2, 4, 6))]),
    case("Embedding", 6, 3, padding_idx=-2, inputs=[K((2, 4, 6))]),
    case("Embedding", 6, 3, scale_grad_by_freq=True, inputs=[K((2, 4, 6))]),
]

CONVOLUTIONS = [
    case("Conv1d", 4, 6, 3, inputs=[SIGNAL]),
    case("Conv1d", 4, 6, 3, 2, 1, 2, 2, False, inputs=[SIGNAL]),
    case("Conv2d", 4, 6, 3, inputs=[IMAGE]),
    case("Conv2d", 4, 6, (3, 2), stride=(2, 1), padding=(1, 0), inputs=[IMAGE]),
    case("Conv2d", 4, 6, 3, padding="same", dilation=2, inputs=[IMAGE]),
    case("Conv2d", 4, 6, 3, padding="valid", bias=False, inputs=[IMAGE]),
    case("Conv2d", 4, 8, 3, groups=4, padding=1, inputs=[IMAGE]),
    case("Conv2d", 4, 6, 3, inputs=[(4, 6, 7)]),
    *[
        case("Conv2d", 4, 6, 3, padding=(1, 2), stride=2, padding_mode=mode, inputs=[IMAGE])
        for mode in ("reflect", "replicate", "circular")
    ],
    case("Conv1d", 4, 6, 4, padding="same", padding_mode="circular", inputs=[SIGNAL]),
    case("Conv3d", 2, 3, (2, 3, 2), padding=(1, 0, 1), inputs=[VOLUME]),
    case("ConvTranspose1d", 4, 6, 3, 2, 1, 1, inputs=[SIGNAL]),
    case("ConvTranspose2d", 4, 6, 3, inputs=[IMAGE]),
    case("ConvTranspose2d", 4, 6, 3, stride=2, output_padding=1, groups=2, bias=False, inputs=[IMAGE]),
    case("ConvTranspose2d", 4, 6, (3, 2), padding=1, dilation=(1, 2), inputs=[IMAGE]),
]

POOLING = [
    case("MaxPool1d", 2, inputs=[SIGNAL]),
    case("MaxPool1d", 3, 2, 1, 1, ceil_mode=True, inputs=[SIGNAL]),
    case("MaxPool2d", 2, inputs=[IMAGE]),
    case("MaxPool2d", (3, 2), stride=(2, 1), padding=(1, 0), inputs=[IMAGE]),
    case("MaxPool2d", 2, return_indices=True, inputs=[IMAGE]),
    case("AvgPool1d", 3, 2, 1, True, False, inputs=[SIGNAL]),
    case("AvgPool2d", 2, inputs=[IMAGE]),
    case("AvgPool2d", 3, stride=2, padding=1, ceil_mode=True, count_include_pad=False, inputs=[IMAGE]),
    case("AvgPool2d", (3, 2), divisor_override=2, inputs=[IMAGE]),
    case("AdaptiveAvgPool1d", 4, inputs=[SIGNAL]),
    case("AdaptiveAvgPool2d", 1, inputs=[IMAGE]),
    case("AdaptiveAvgPool2d", (None, 3), inputs=[IMAGE]),
]

NORMALISATION = [
    case("BatchNorm1d", 4),
    case("BatchNorm1d", 4, 1e-3, 0.3, inputs=[SIGNAL]),
    case("BatchNorm2d", 4, inputs=[IMAGE]),
    case("BatchNorm2d", 4, momentum=None, inputs=[IMAGE]),
    case("BatchNorm2d", 4, affine=False, inputs=[IMAGE]),
    case("BatchNorm2d", 4, track_running_stats=False, inputs=[IMAGE]),
    case("LayerNorm", 4),
    case("LayerNorm", (3, 4), eps=1e-2),
    case("LayerNorm", [4], bias=False),
    case("LayerNorm", 4, elementwise_affine=False),
    case("RMSNorm", 4),
    case("RMSNorm", (3, 4), eps=1e-2, elementwise_affine=False),
    case("GroupNorm", 2, 4, inputs=[IMAGE]),
    case("GroupNorm", 4, 4, eps=1e-3, affine=False, inputs=[SIGNAL]),
    case("InstanceNorm1d", 4, inputs=[SIGNAL]),
    case("InstanceNorm1d", 4, affine=True, inputs=[SIGNAL[1:]]),
    case("InstanceNorm2d", 4, affine=True, track_running_stats=True, inputs=[IMAGE]),
    case("InstanceNorm2d", 4, eps=1e-3, momentum=0.4, track_running_stats=True, inputs=[IMAGE]),
]

STEPS = (5, 3, 4)
RECURRENT = [
    *[
        test
        for kind, states in (("RNN", 1), ("LSTM", 2), ("GRU", 1))
        for test in [
            case(kind, 4, 6, inputs=[STEPS]),
            case(kind, 4, 6, bias=False, inputs=[(1, 3, 4)]),
            case(kind, 4, 6, num_layers=2, batch_first=True, inputs=[STEPS]),
            case(kind, 4, 6, 3, bidirectional=True, inputs=[STEPS, [(6, 3, 6)] * states]),
            case(kind, 4, 6, bidirectional=True, batch_first=True, inputs=[STEPS, [(2, 5, 6)] * states]),
            case(kind, 4, 6, inputs=[(5, 4), [(1, 6)] * states]),
            case(f"{kind}Cell", 4, 6),
            case(f"{kind}Cell", 4, 6, bias=False, inputs=[X, [(3, 6)] * states]),
            case(f"{kind}Cell", 4, 6, inputs=[(4,)]),
        ]
    ],
    case("RNN", 4, 6, 2, "relu", inputs=[STEPS]),
    case("RNNCell", 4, 6, nonlinearity="relu"),
]

QUERY, KEY = (5, 3, 8), (4, 3, 8)
ATTENTION = [
    case("MultiheadAttention", 8, 2, inputs=[QUERY, KEY, KEY]),
    case("MultiheadAttention", 8, 4, bias=False, batch_first=True, inputs=[(3, 5, 8), (3, 4, 8), (3, 4, 8)]),
    case("MultiheadAttention", 8, 2, kdim=6, vdim=3, inputs=[QUERY, (4, 3, 6), (4, 3, 3)]),
    case("MultiheadAttention", 8, 2, inputs=[(5, 8), (4, 8), (4, 8)]),
]

NAMES = ["MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "SoftMarginLoss", "HingeEmbeddingLoss"]
LOSSES = [
    *[test for name in NAMES for test in reductions(name, inputs=[X, S(X)])],
    *reductions("SmoothL1Loss", beta=0.5, inputs=[X, S(X)]),
    *reductions("HuberLoss", delta=0.7, inputs=[X, S(X)]),
    *reductions("HingeEmbeddingLoss", 0.5, inputs=[X, S(X)]),
    *reductions("CrossEntropyLoss", inputs=[X, K((3, 4))]),
    *reductions("CrossEntropyLoss", P((4,)), label_smoothing=0.2, ignore_index=1, inputs=[X, K((3, 4))]),
    *reductions("CrossEntropyLoss", inputs=[(2, 4, 3), K((2, 3, 4))]),
    *reductions("CrossEntropyLoss", P((4,)), inputs=[X, P(X)]),
    *reductions("NLLLoss", inputs=[X, K((3, 4))]),
    *reductions("NLLLoss", P((4,)), ignore_index=1, inputs=[(2, 4, 3), K((2, 3, 4))]),
    *reductions("BCELoss", inputs=[P(X), P(X)]),
    *reductions("BCELoss", P(X), inputs=[P(X), P(X)]),
    *reductions("BCEWithLogitsLoss", inputs=[X, P(X)]),
    *reductions("BCEWithLogitsLoss", P(X), pos_weight=P((4,)), inputs=[X, P(X)]),
    *[
        case("KLDivLoss", reduction=r, log_target=log, inputs=[X, X if log else P(X)])
        for r in ("batchmean", "sum", "none")
        for log in (False, True)
    ],
    *reductions("MultiMarginLoss", inputs=[X, K((3, 4))]),
    *reductions("MultiMarginLoss", 2, 0.5, P((4,)), inputs=[X, K((3, 4))]),
    *reductions("CosineEmbeddingLoss", inputs=[X, P(X), S((3,))]),
    *reductions("CosineEmbeddingLoss", 0.2, inputs=[(4,), P((4,)), S(())]),
    *reductions("MarginRankingLoss", inputs=[(7,), P((7,)), S((7,))]),
    *reductions("MarginRankingLoss", 0.5, inputs=[X, P(X), S(X)]),
    *reductions("TripletMarginLoss", inputs=[X, P(X), S(X)]),
    *reductions("TripletMarginLoss", 0.5, p=3.0, eps=1e-3, swap=True, inputs=[X, P(X), S(X)]),
    case("TripletMarginLoss", inputs=[(4,), P((4,)), S((4,))]),
    case("CosineSimilarity", inputs=[X, P(X)]),
    case("CosineSimilarity", 0, 1e-3, inputs=[X, P(X)]),
    *reductions("PoissonNLLLoss", inputs=[X, K((3, 4, 5))]),
    *reductions("PoissonNLLLoss", False, True, eps=1e-3, inputs=[P(X), K((3, 4, 5))]),
    *reductions("GaussianNLLLoss", inputs=[X, P(X), P(X)]),
    *reductions("GaussianNLLLoss", full=True, eps=0.3, inputs=[X, P(X), P((3, 1))]),
    case("GaussianNLLLoss", inputs=[X, P(X), P((3,))]),
]

CASES = [
    *ACTIVATIONS,
    *SHAPES,
    *LINEAR,
    *CONVOLUTIONS,
    *POOLING,
    *NORMALISATION,
    *RECURRENT,
    *ATTENTION,
    *LOSSES,
]
