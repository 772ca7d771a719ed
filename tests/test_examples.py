"""The examples: eager, compiled and pure Python agree, and the GPT learns and samples."""

import math
import random

import numpy as np
import pytest

import autograd
from autograd import no_grad
from benchmarks import closures
from examples.scalar_gpt import (
    BLOCK,
    GPT,
    LETTERS,
    Adam,
    compiled,
    eager,
    encode,
    load_names,
    main,
    normalize,
    sample,
    softmax,
    train,
)


def test_the_names_are_lower_case_and_fit_the_block():
    names = load_names()
    assert len(names) == len(set(names)) == 1000
    assert all(set(name) <= set(LETTERS[1:]) and 2 <= len(name) <= 12 < BLOCK for name in names)


def test_tokens_mark_start_and_end():
    assert encode("abz").tolist() == [0, 1, 2, 26, 0]


def test_eager_and_compiled_training_are_the_same_bits():
    names = ["ada", "jo", "eve", "ida"]
    models = GPT(seed=3), GPT(seed=3)
    losses = [list(train(model, names, 4, way(model))) for model, way in zip(models, (eager, compiled), strict=True)]
    assert losses[0] == losses[1]
    weights, other = ([p.data for p in model.parameters()] for model in models)
    assert weights == other


def test_closures_in_pure_python_agree():
    model = GPT(seed=1)
    plain = GPT(seed=1, value=closures.Value, look_up=lambda rows, index: rows[index])
    weights = np.array([p.data for p in model.parameters()])
    loss, gradients = eager(model)(weights, encode("emil"))
    expected, expected_gradients = eager(plain)(weights, encode("emil"))
    assert loss == pytest.approx(expected, rel=1e-12)
    assert gradients == pytest.approx(expected_gradients, rel=1e-9, abs=1e-12)


def test_names_of_the_same_length_share_a_program():
    model = GPT(width=4, heads=2)
    loss = autograd.compile(model.loss, parameters=model.parameters())
    assert loss.program(encode("ada")) is loss.program(encode("eve"))
    assert loss.program(encode("ada")) is not loss.program(encode("jo"))
    for name in ("ada", "eve"):
        assert loss.forward(encode(name)) == model.loss(encode(name)).data


def test_a_token_sees_only_what_comes_before():
    model = GPT(width=8, heads=2)
    with no_grad():
        short, long = (
            [[score.data for score in row] for row in model.logits(tokens)] for tokens in ([0, 5], [0, 5, 9])
        )
    assert long[:2] == short


def test_normalize_and_softmax():
    with no_grad():
        assert sum(x.data**2 for x in normalize([autograd.Value(x) for x in (3.0, -4.0)])) == pytest.approx(2.0, 1e-5)
        weights = [w.data for w in softmax([autograd.Value(x) for x in (1000.0, 1000.0 + math.log(3.0))])]
    assert weights == pytest.approx([0.25, 0.75])


def test_the_first_step_of_adam_has_the_size_of_the_rate():
    weights = Adam(steps=10, rate=0.1).update(np.zeros(3), np.array([1e-3, -2.0, 0.0]))
    assert weights == pytest.approx([-0.1, 0.1, 0.0], rel=1e-4)


def test_training_lowers_the_loss():
    names = [name for name in load_names() if len(name) == 4]
    random.Random(0).shuffle(names)
    model = GPT()
    losses = list(train(model, names, 400, compiled(model)))
    assert losses[0] == pytest.approx(math.log(len(LETTERS)), abs=0.3)
    assert np.mean(losses[-100:]) < np.mean(losses[:10]) - 0.3


def test_samples_follow_the_scores():
    def logits(tokens):
        """Prefer the letter after the last one, and the end after c."""
        return [[5.0 * (index == (int(token) + 1) % 4) for index in range(len(LETTERS))] for token in tokens]

    assert sample(logits, temperature=0.1) == "abc"
    bold = [sample(logits, seed, temperature=5.0) for seed in range(5)]
    assert bold == [sample(logits, seed, temperature=5.0) for seed in range(5)]
    assert len(set(bold)) > 1
    endless = sample(lambda tokens: [[float(index == 1) for index in range(len(LETTERS))]] * BLOCK, temperature=1e-3)
    assert endless == "a" * (BLOCK - 1)


@pytest.mark.parametrize("options", [[], ["--eager"]], ids=["compiled", "eager"])
def test_the_command_prints_losses_and_ten_names(capsys, options):
    main(["--steps", "2", *options])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1000 names, 4192 parameters")
    assert [line.split()[:2] for line in lines[1:3]] == [["step", "1"], ["step", "2"]]
    assert len(lines) == 13
