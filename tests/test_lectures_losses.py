"""The lectures' rows L1 to L6: losses, regularisers and nearest neighbours, with the numbers they print."""

import math

import numpy as np
import pytest

import autograd
import nn
from autograd import float64, gradcheck, no_grad, tensor
from nn import data, regularisers
from nn import functional as F

CLASSES = tensor([0, 1, 2])


def scores_of(rows):
    return tensor(rows, dtype=float64, requires_grad=True)


@pytest.fixture
def scores():
    """Of a cat, a car and a frog; the right classes are 0, 1 and 2."""
    return scores_of([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])


def svm(scores, classes, **options):
    """The lecture's loss is the sum over the other classes; PyTorch's, and so ours, divides it by their number."""
    return F.multi_margin_loss(scores, classes, reduction="none", **options) * scores.shape[-1]


# L1: the multiclass SVM


def test_l1_multiclass_svm(scores):
    losses = svm(scores, CLASSES)
    assert losses.tolist() == pytest.approx([2.9, 0.0, 12.9])
    assert f"{losses.mean().item():.2f}" == "5.27"


def test_l1_sum_over_all_classes_adds_one(scores):
    right = scores[[0, 1, 2], CLASSES].unsqueeze(1)
    over_all = (scores - right + 1).relu().sum(1)
    assert over_all.tolist() == pytest.approx([3.9, 1.0, 13.9])
    ours, theirs = autograd.grad(svm(scores, CLASSES).sum(), scores), autograd.grad(over_all.sum(), scores)
    assert ours[0].tolist() == theirs[0].tolist()  # a constant: training is the same


def test_l1_mean_over_the_classes_instead_of_the_sum(scores):
    means = F.multi_margin_loss(scores, CLASSES, reduction="none")
    assert means.tolist() == pytest.approx([2.9 / 3, 0.0, 12.9 / 3])
    assert nn.MultiMarginLoss()(scores, CLASSES).item() == pytest.approx(15.8 / 9)


def test_l1_squared_hinge(scores):
    squared = svm(scores, CLASSES, p=2)
    assert squared.tolist() == pytest.approx([2.9**2, 0.0, 6.3**2 + 6.6**2])
    assert gradcheck(lambda s: svm(s, CLASSES, p=2).sum(), scores)


def test_l1_is_at_least_zero_and_has_no_largest_value():
    losses = [svm(scores_of([distance, 0.0, 0.0]), tensor(0)).item() for distance in (1e6, 1.0, 0.0, -1e6)]
    assert losses == [0.0, 0.0, 2.0, 2 * (1e6 + 1)]


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_l1_at_zero_scores_it_is_the_number_of_other_classes(classes):
    assert svm(autograd.zeros(5, classes), tensor([0, 1, 0, 1, 0])).tolist() == pytest.approx([classes - 1] * 5)


def test_l1_twice_the_weights_keep_a_loss_of_zero():
    x = tensor([[1.0, 0.5]], dtype=float64)
    layer = nn.Linear(2, 3, bias=False).double()
    layer.load_state_dict({"weight": tensor([[1.3, 0.0], [4.9, 0.0], [1.0, 2.0]], dtype=float64)})
    assert layer(x).tolist() == [[1.3, 4.9, 2.0]]  # the car
    assert svm(layer(x), tensor([1])).item() == 0.0
    cross_entropy = F.cross_entropy(layer(x), tensor([1])).item()
    with no_grad():
        layer.weight.mul_(2.0)
    assert svm(layer(x), tensor([1])).item() == 0.0
    assert F.cross_entropy(layer(x), tensor([1])).item() < cross_entropy  # softmax is never content


# L2: softmax


def test_l2_softmax_of_the_cat(scores):
    exponentials, probabilities = scores[0].exp(), F.softmax(scores[0], dim=0)
    assert [f"{e:.1f}" for e in exponentials.tolist()[:2]] == ["24.5", "164.0"]
    assert f"{exponentials[2].item():.2f}" == "0.18"
    assert [f"{p:.2f}" for p in probabilities.tolist()] == ["0.13", "0.87", "0.00"]
    loss = F.cross_entropy(scores[0], tensor(0)).item()
    assert f"{loss:.2f}" == "2.04"
    assert loss == pytest.approx(-math.log(probabilities[0].item()))


def test_l2_the_lecture_prints_a_logarithm_of_base_ten(scores):
    """The lecture writes -log(0.13) = 0.89.  That is the base 10; the loss is the natural logarithm, 2.04."""
    loss = F.cross_entropy(scores[0], tensor(0)).item()
    assert f"{-math.log10(0.13):.2f}" == "0.89"
    assert f"{-math.log(0.13):.2f}" == f"{loss:.2f}" == "2.04"
    assert f"{loss / math.log(10):.2f}" == "0.89"


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_l2_at_zero_scores_it_is_the_logarithm_of_the_classes(classes):
    assert F.cross_entropy(autograd.zeros(4, classes), tensor([0, 1, 0, 1])).item() == pytest.approx(math.log(classes))


def test_l2_another_softmax():
    found = F.softmax(scores_of([2.0, 1.0, 0.1]), dim=0)
    assert [f"{p:.3f}" for p in found.tolist()] == ["0.659", "0.242", "0.099"]


# L3: SVM against softmax, label 0

L3 = [[10.0, -2.0, 3.0], [10.0, 9.0, 9.0], [10.0, -100.0, -100.0]]


def test_l3_the_svm_is_content_with_all_three_and_softmax_tells_them_apart():
    scores, classes = scores_of(L3), tensor([0, 0, 0])
    assert svm(scores, classes).tolist() == [0.0, 0.0, 0.0]
    softmax = F.cross_entropy(scores, classes, reduction="none").tolist()
    expected = [math.log1p(math.exp(-12) + math.exp(-7)), math.log1p(2 * math.exp(-1)), 2 * math.exp(-110)]
    assert softmax == pytest.approx(expected, abs=1e-15)
    assert [f"{loss:.4f}" for loss in softmax] == ["0.0009", "0.5514", "0.0000"]


def test_l3_when_the_scores_jiggle():
    classes = tensor([0, 0, 0])
    jiggled = scores_of(np.add(L3, [0.0, 0.0, 0.3]))
    # 9.3 is within the margin of 10; the others are far from it, and the SVM does not care where.
    assert svm(jiggled, classes).tolist() == pytest.approx([0.0, 0.3, 0.0])
    before, after = (F.cross_entropy(s, classes, reduction="none").tolist() for s in (scores_of(L3), jiggled))
    assert all(a > b for a, b in zip(after[:2], before[:2], strict=True))
    hinge, softmax = (autograd.grad(loss(jiggled, classes).sum(), jiggled)[0] for loss in (svm, F.cross_entropy))
    assert (hinge.numpy()[[0, 2]] == 0).all()
    assert (softmax.numpy()[:, 1:] > 0).all()  # softmax goes on pushing, if by no more than 1e-48


# L4: more losses


def test_l4_absolute_and_squared_errors():
    prediction, truth = scores_of([3.0, 1.0, -2.0]), tensor([1.0, 1.0, 1.0], dtype=float64)
    difference = prediction - truth
    assert F.l1_loss(prediction, truth, reduction="sum").item() == difference.abs().sum().item() == 5.0
    squared = F.mse_loss(prediction, truth, reduction="sum")
    assert squared.item() == 13.0
    assert squared.sqrt().item() == autograd.norm(difference).item() == math.sqrt(13)  # the Euclidean distance
    (0.5 * squared).backward()
    assert prediction.grad.tolist() == difference.tolist()  # why it is halved


def test_l4_hinge():
    scores = scores_of([2.0, 1.0, 0.25, -1.0])
    assert F.hinge_loss(scores, autograd.ones(4), reduction="none").tolist() == [0.0, 0.0, 0.75, 2.0]
    assert F.hinge_loss(scores, -autograd.ones(4), reduction="none").tolist() == [3.0, 2.0, 1.25, 0.0]


def test_l4_zero_one(scores):
    assert F.zero_one_loss(scores, CLASSES, reduction="none").tolist() == [1.0, 0.0, 1.0]
    assert F.zero_one_loss(scores, CLASSES).item() == pytest.approx(2 / 3)
    assert F.zero_one_loss(scores, CLASSES, reduction="sum").item() == 2.0
    assert F.zero_one_loss(scores, CLASSES).item() == pytest.approx(1 - nn.accuracy(scores, CLASSES))
    single, signs = tensor([0.5, -2.0, 3.0, 0.0]), tensor([1.0, 1.0, -1.0, 1.0])
    counted, hinge = (loss(single, signs, reduction="none") for loss in (F.zero_one_loss, F.hinge_loss))
    assert counted.tolist() == [0.0, 1.0, 1.0, 1.0]
    assert (counted <= hinge).all()  # the hinge lies above it, so making that small makes this small
    maps = tensor(np.zeros((2, 3, 4, 4)))
    assert F.zero_one_loss(maps, tensor(np.ones((2, 4, 4), int)), reduction="none").shape == (2, 4, 4)
    assert F.zero_one_loss(tensor([1.0, 2.0]), tensor(1)).item() == 0.0


@pytest.mark.parametrize(
    "differentiate",
    [
        lambda loss, scores: loss.backward(),
        lambda loss, scores: (loss + scores.square().sum()).backward(),
        lambda loss, scores: autograd.grad(loss, scores),
        lambda loss, scores: autograd.grad(loss, scores, create_graph=True),
    ],
)
def test_l4_zero_one_is_not_differentiable(scores, differentiate):
    with pytest.raises(RuntimeError, match=r"zero_one_loss has no useful gradient.*flat.*train with cross_entropy"):
        differentiate(F.zero_one_loss(scores, CLASSES), scores)
    assert scores.grad is None
    with no_grad():
        assert not F.zero_one_loss(scores, CLASSES).requires_grad


@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        ([0, 1, 3], IndexError, r"zero_one_loss: target of shape \(3,\) holds 3 at \(2,\); there are 3"),
        ([0.0, 1.0, 2.0], TypeError, r"zero_one_loss: target has dtype float32; it holds class numbers"),
        ([0, 1], ValueError, r"zero_one_loss: input \(3, 3\) and target \(2,\) do not fit"),
        (np.eye(3), ValueError, r"zero_one_loss: a target of the shape of the input.*holds the signs 1 and -1, got 0"),
    ],
)
def test_l4_zero_one_refuses_what_is_no_class(scores, target, error, message):
    with pytest.raises(error, match=message):
        F.zero_one_loss(scores, tensor(target))


def test_l4_binary_cross_entropy():
    probability, truth = scores_of([0.9, 0.2, 0.5]), tensor([1.0, 0.0, 1.0], dtype=float64)
    expected = [-math.log(0.9), -math.log(0.8), math.log(2)]
    assert F.binary_cross_entropy(probability, truth, reduction="none").tolist() == pytest.approx(expected)
    logits = (probability / (1 - probability)).log()
    losses = F.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    assert losses.tolist() == pytest.approx(expected)


def test_l4_divergence_is_cross_entropy_minus_entropy():
    p, q = tensor([0.5, 0.25, 0.25], dtype=float64), F.softmax(scores_of([2.0, 1.0, 0.1]), dim=0)
    entropy = -(p * p.log()).sum()
    cross_entropy = -(p * q.log()).sum()
    divergence = F.kl_div(q.log(), p, reduction="sum")
    assert entropy.item() == pytest.approx(1.5 * math.log(2))
    assert divergence.item() == pytest.approx((cross_entropy - entropy).item())
    assert F.kl_div(p.log(), p, reduction="sum").item() == 0.0
    # For one right class the entropy is 0, and both are minus the logarithm of its probability.
    certain = F.one_hot(tensor(0), 3).to(float64)
    assert F.kl_div(q.log(), certain, reduction="sum").item() == pytest.approx(-math.log(0.659), abs=1e-3)


# L5: regularisers; their gradients, weight decay and sparsity are in test_nn_utils


def test_l5_l2_prefers_spread_out_weights_and_l1_does_not_mind():
    x, one, spread = autograd.ones(4), tensor([1.0, 0.0, 0.0, 0.0]), autograd.full((4,), 0.25)
    assert (one @ x).item() == (spread @ x).item() == 1.0
    assert [regularisers.l2(w).item() for w in (one, spread)] == [1.0, 0.25]
    assert [regularisers.l1(w).item() for w in (one, spread)] == [1.0, 1.0]
    assert [regularisers.elastic_net(w, beta=0.5).item() for w in (one, spread)] == [1.5, 1.125]


def test_l5_max_norm():
    layer = nn.Linear(2, 2)
    layer.load_state_dict({"weight": tensor([[3.0, 4.0], [0.3, 0.4]]), "bias": tensor([9.0, 9.0])})
    nn.utils.max_norm_(layer.weight, 1.0)
    assert np.allclose(layer.weight.numpy(), [[0.6, 0.8], [0.3, 0.4]], atol=1e-6)


def test_l5_weight_decay_step_by_step():
    """w <- (1 - eps alpha) w - eps grad, whatever the gradient."""
    eps, alpha, slopes = 0.1, 0.5, np.array([0.3, -0.2])
    w = tensor([1.0, -2.0], dtype=float64, requires_grad=True)
    by_hand = w.numpy().copy()
    optimiser = nn.optim.SGD([w], lr=eps, weight_decay=alpha)
    for _ in range(5):
        optimiser.zero_grad()
        (tensor(slopes) * w).sum().backward()
        optimiser.step()
        by_hand = (1 - eps * alpha) * by_hand - eps * slopes
        assert np.allclose(w.numpy(), by_hand, rtol=1e-14)


# L6: nearest neighbours

TEST_IMAGE = [[56, 32, 10, 18], [90, 23, 128, 133], [24, 26, 178, 200], [2, 0, 255, 220]]
TRAINING_IMAGE = [[10, 20, 24, 17], [8, 10, 89, 100], [12, 16, 178, 170], [4, 32, 233, 112]]
"""Two images whose distance is the one in the row, which gives the number and not the pixels."""


def test_l6_distance_of_two_images():
    one, other = tensor(TEST_IMAGE, dtype=float64), tensor(TRAINING_IMAGE, dtype=float64)
    difference = (one - other).abs()
    assert difference[0].tolist() == [46.0, 12.0, 14.0, 1.0]
    assert difference.sum(dim=1).tolist() == [73.0, 167.0, 52.0, 164.0]
    assert F.l1_loss(one, other, reduction="sum").item() == 456.0
    assert F.pairwise_distance(one.reshape(1, 16), other.reshape(1, 16), p=1, eps=0.0).item() == 456.0
    euclidean = F.pairwise_distance(one.reshape(1, 16), other.reshape(1, 16), eps=0.0).item()
    assert euclidean == pytest.approx(math.sqrt((difference * difference).sum().item()))
    assert euclidean < 456


def test_l6_nearest_neighbours_and_the_choice_of_k():
    neighbours = pytest.importorskip("sklearn.neighbors", reason="needs the data extra")
    digits = data.Subset(data.digits(), range(600))

    def accuracy(train, held_out, k, metric):
        (X, y), (X_held_out, y_held_out) = (part[:] for part in (train, held_out))
        classifier = neighbours.KNeighborsClassifier(k, metric=metric, algorithm="brute")
        classifier.fit(X.numpy().reshape(len(X), -1), y.numpy())
        return classifier.score(X_held_out.numpy().reshape(len(X_held_out), -1), y_held_out.numpy())

    folds = data.k_folds(digits, 5, seed=0)
    ks = [1, 3, 10, 50, 200]
    table = {k: [accuracy(*fold, k, "manhattan") for fold in folds] for k in ks}
    means = {k: np.mean(found) for k, found in table.items()}
    best = max(ks, key=lambda k: means[k])
    assert best in (1, 3, 10)
    assert means[best] > 0.93
    assert means[50] > means[200]  # too many neighbours smooth everything away
    euclidean = np.mean([accuracy(*fold, best, "euclidean") for fold in folds])
    assert abs(euclidean - means[best]) < 0.03  # on these images the two distances do about as well
    # With k = 1 every training sample is its own nearest neighbour: that accuracy says nothing.
    assert accuracy(folds[0][0], folds[0][0], 1, "manhattan") == 1.0
