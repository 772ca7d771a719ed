"""The published results of the Stanford CS231n assignments: each case, computed with tensors, passes."""

import json
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
from autograd import tensor
from nn import functional as F
from nn import optim

CASES = json.loads((Path(__file__).parent / "goldens" / "cs231n.json").read_text(encoding="utf-8"))["cases"]
CHECKS = {}


def check(function):
    CHECKS[function.__name__] = function
    return function


def given(value):
    """Arrays become tensors of float64 or int64; the rest stays."""
    if isinstance(value, dict) and "data" in value:
        return tensor(np.array(value["data"]).reshape(value["shape"]))
    return [given(entry) for entry in value] if isinstance(value, list) else value


def linear(x, w, b):
    return F.linear(x, w.T, b)


@check
def affine_forward(x, w, b, **_):
    return {"correct_out": linear(x.flatten(1), w, b)}


@check
def relu_forward(x, **_):
    return {"correct_out": F.relu(x)}


@check
def conv_forward_naive(x, w, b, conv_param, **_):
    return {"correct_out": F.conv2d(x, w, b, stride=conv_param["stride"], padding=conv_param["pad"])}


@check
def max_pool_forward_naive(x, pool_param, **_):
    size = pool_param["pool_height"], pool_param["pool_width"]
    return {"correct_out": F.max_pool2d(x, size, pool_param["stride"])}


def rnn_step(x, h, Wx, Wh, b):
    return ag.tanh(x @ Wx + h @ Wh + b)


@check
def rnn_step_forward(x, prev_h, Wx, Wh, b, **_):
    return {"expected_next_h": rnn_step(x, prev_h, Wx, Wh, b)}


def rnn(x, h, Wx, Wh, b):
    states = []
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, Wx, Wh, b)
        states.append(h)
    return ag.stack(states, 1)


@check
def rnn_forward(x, h0, Wx, Wh, b, **_):
    return {"expected_h": rnn(x, h0, Wx, Wh, b)}


@check
def word_embedding_forward(x, W, **_):
    return {"expected_out": F.embedding(x, W)}


def lstm_step(x, h, c, Wx, Wh, b):
    i, f, o, g = (x @ Wx + h @ Wh + b).chunk(4, 1)
    c = ag.sigmoid(f) * c + ag.sigmoid(i) * ag.tanh(g)
    return ag.sigmoid(o) * ag.tanh(c), c


@check
def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b, **_):
    h, c = lstm_step(x, prev_h, prev_c, Wx, Wh, b)
    return {"expected_next_h": h, "expected_next_c": c}


@check
def lstm_forward(x, h0, Wx, Wh, b, **_):
    h, c, states = h0, ag.zeros_like(h0), []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, Wx, Wh, b)
        states.append(h)
    return {"expected_h": ag.stack(states, 1)}


def squares(*weights):
    return sum((w * w).sum() for w in weights)


@check
def two_layer_net_scores_loss(X, y, W1, b1, W2, b2, **_):
    scores = linear(F.relu(linear(X, W1, b1)), W2, b2)
    loss = F.cross_entropy(scores, y)
    return {"correct_scores": scores, "loss_reg0": loss, "loss_reg1": loss + 0.5 * squares(W1, W2)}


@check
def toy_two_layer_net(X, y, W1, b1, W2, b2, reg, **_):
    scores = linear(F.relu(linear(X, W1, b1)), W2, b2)
    return {"correct_scores": scores, "correct_loss": F.cross_entropy(scores, y) + reg * squares(W1, W2)}


@check
def captioning_rnn_loss(features, captions, W_embed, W_proj, b_proj, Wx, Wh, b, W_vocab, b_vocab, **_):
    states = rnn(F.embedding(captions[:, :-1], W_embed), linear(features, W_proj, b_proj), Wx, Wh, b)
    scores = linear(states, W_vocab, b_vocab)
    targets = captions[:, 1:].flatten()
    total = F.cross_entropy(scores.flatten(0, 1), targets, ignore_index=0, reduction="sum")
    return {"expected_loss": total / len(features)}


@check
def svm_loss(x, y, **_):
    return {"loss": F.multi_margin_loss(x, y) * x.shape[1]}


@check
def softmax_loss(x, y, **_):
    return {"loss": F.cross_entropy(x, y)}


def initial_losses(X, y, Ws_reg0, Ws_reg314, reg, before_relu=lambda h: h):
    found = {}
    for name, weights, strength in zip(("loss_reg0", "loss_reg314"), (Ws_reg0, Ws_reg314), reg, strict=True):
        h = X
        for w in weights[:-1]:
            h = F.relu(before_relu(h @ w))
        found[name] = F.cross_entropy(h @ weights[-1], y) + 0.5 * strength * squares(*weights)
    return found


@check
def fcnet_initial_loss(**inputs):
    return initial_losses(**inputs)


@check
def fcnet_batchnorm_initial_loss(**inputs):
    return initial_losses(**inputs, before_relu=lambda h: F.batch_norm(h, None, None, training=True))


@check
def layernorm_stats(X, W1, W2, a, **_):
    before = F.relu(X @ W1) @ W2
    assert np.allclose(before.numpy(), a.numpy())
    three = ag.ones(3, dtype=ag.float64)
    return {
        "mean_before": a.mean(1),
        "std_before": a.std(1, correction=0),
        "std_g1": F.layer_norm(a, 3, three, three * 0.0).std(1, correction=0),
        "std_g3": F.layer_norm(a, 3, three * 3.0, three * 5.0).std(1, correction=0),
    }


@check
def spatial_batchnorm_stats(x, **_):
    def deviation(weight, bias):
        out = F.batch_norm(x, None, None, tensor(weight, ag.float64), tensor(bias, ag.float64), training=True)
        return out.std((0, 2, 3), correction=0)

    return {
        "mean_before": x.mean((0, 2, 3)),
        "std_before": x.std((0, 2, 3), correction=0),
        "std_g1": deviation([1.0, 1.0, 1.0], [0.0, 0.0, 0.0]),
        "std_g345": deviation([3.0, 4.0, 5.0], [6.0, 7.0, 8.0]),
    }


@check
def groupnorm_stats(x, **_):
    def groups(images):
        return images.reshape(4, -1)

    return {
        "mean_before": groups(x).mean(1),
        "std_before": groups(x).std(1, correction=0),
        "std_after": groups(F.group_norm(x, 2)).std(1, correction=0),
    }


def stepped(optimiser, w, dw, state):
    """One step from a state that is given; returns the weights and the state after it."""
    w.requires_grad_().grad = dw
    optimiser.state[w] = {
        name: array.numpy() if isinstance(array, ag.Tensor) else array for name, array in state.items()
    }
    optimiser.step()
    return {"expected_next_w": w.detach()}, {
        name: tensor(array) for name, array in optimiser.state[w].items() if name != "step"
    }


@check
def sgd_momentum(w, dw, v, lr, momentum, **_):
    """The velocity there is -lr times the momentum buffer."""
    found, state = stepped(optim.SGD([w], lr, momentum), w, dw, {"momentum_buffer": v / -lr})
    return {**found, "expected_velocity": state["momentum_buffer"] * -lr}


@check
def rmsprop(w, dw, cache, lr, alpha, eps, **_):
    found, state = stepped(optim.RMSprop([w], lr, alpha, eps), w, dw, {"square_avg": cache})
    return {**found, "expected_cache": state["square_avg"]}


@check
def adam(w, dw, m, v, lr, betas, eps, step, **_):
    optimiser = optim.Adam([w], lr, betas, eps)
    found, state = stepped(optimiser, w, dw, {"step": step, "exp_avg": m, "exp_avg_sq": v})
    return {**found, "expected_m": state["exp_avg"], "expected_v": state["exp_avg_sq"]}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_published_results(case):
    inputs = {name: given(value) for name, value in case["inputs"].items()}
    parameters = {name: value for name, value in case["params"].items() if name not in inputs}
    found = CHECKS[case["name"]](**inputs, **parameters)
    assert set(found) == set(case["expected"])
    for name, expected in case["expected"].items():
        tolerance = case["atol"][name] if isinstance(case["atol"], dict) else case["atol"]
        expected = given(expected)
        expected = expected.numpy() if isinstance(expected, ag.Tensor) else np.array(expected)
        np.testing.assert_allclose(found[name].numpy(), expected, rtol=1e-12, atol=tolerance, err_msg=name)


def test_no_case_is_left_out():
    assert {case["name"] for case in CASES} == set(CHECKS)
