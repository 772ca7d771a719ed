"""nn.data.transforms: the lectures' preprocessing and augmentation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, from_numpy, manual_seed
from nn.data import DataLoader, TensorDataset, transforms
from nn.data.transforms import (
    Compose,
    Decorrelate,
    Normalize,
    PerImageZeroMean,
    RandomCrop,
    RandomHorizontalFlip,
    RandomRotation,
    RandomShift,
    RandomVerticalFlip,
    Standardize,
    ToFloat,
    Whiten,
    ZeroMean,
)


@pytest.fixture
def features():
    """Correlated features of different scales, and some more from the same source."""
    random = np.random.default_rng(0)
    mixing = np.array([[3.0, 1.0, 0.0], [0.0, 0.5, 0.2], [0.0, 0.0, 40.0]])
    data = random.standard_normal((500, 3)) @ mixing + [5.0, -1.0, 300.0]
    return data[:400], data[400:]


def images(*shape, dtype=np.float64):
    return np.random.default_rng(1).random(shape).astype(dtype)


def covariance(x):
    return np.cov(x.T, bias=True)


# T2: zero mean, unit variance, decorrelated, white


def test_zero_mean_and_unit_variance(features):
    train, test = features
    centred, standard = ZeroMean().fit(train), Standardize().fit(train)
    np.testing.assert_allclose(centred(train).mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(covariance(centred(train)), covariance(train))
    np.testing.assert_allclose(standard(train).mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(standard(train).std(0), 1)
    # The statistics are the training data's also for other data.
    np.testing.assert_allclose(standard(test), (test - train.mean(0)) / train.std(0))


def test_decorrelated_data_have_a_diagonal_covariance_and_white_data_the_identity(features):
    train, _ = features
    rotated = Decorrelate().fit(train)
    assert np.abs(np.corrcoef(train.T)[0, 1]) > 0.5
    expected = np.diag(np.sort(np.linalg.eigvalsh(covariance(train)))[::-1])
    np.testing.assert_allclose(covariance(rotated(train)), expected, atol=1e-10)
    np.testing.assert_allclose(rotated.variances, np.diag(expected))
    np.testing.assert_allclose(covariance(Whiten(eps=0).fit(train)(train)), np.eye(3), atol=1e-10)
    # With the lecture's eps directions that hardly vary are shrunk.
    shrunk = rotated.variances / (rotated.variances + 1.0)
    np.testing.assert_allclose(covariance(Whiten(eps=1.0).fit(train)(train)), np.diag(shrunk), atol=1e-10)


def test_pca_is_scikit_learns(features):
    decomposition = pytest.importorskip("sklearn.decomposition", reason="comparing needs the data extra")
    train, test = features
    for ours, whiten in ((Decorrelate(2), False), (Whiten(2, eps=0), True)):
        theirs = decomposition.PCA(2, whiten=whiten).fit(train)
        expected = theirs.transform(test) * (np.sqrt(400 / 399) if whiten else 1)  # it divides by N - 1
        signs = np.sign((theirs.components_ * ours.fit(train).directions.T).sum(1))
        np.testing.assert_allclose(ours(test), expected * signs, rtol=1e-9)


def test_the_mean_image_and_the_mean_of_each_channel():
    x = images(10, 3, 4, 5)
    np.testing.assert_allclose(ZeroMean().fit(x)(x), x - x.mean(0))
    per_channel = ZeroMean(axis=(0, 2, 3)).fit(x)
    np.testing.assert_allclose(per_channel.mean.ravel(), x.mean((0, 2, 3)))
    np.testing.assert_allclose(per_channel(x[:, :, :2]), x[:, :, :2] - x.mean((0, 2, 3))[:, None, None])
    scaled = Standardize(axis=(0, 2, 3)).fit(x)(x)
    np.testing.assert_allclose(scaled.std((0, 2, 3)), 1)
    each = PerImageZeroMean()(x)
    np.testing.assert_allclose(each.mean((1, 2, 3)), 0, atol=1e-15)
    np.testing.assert_array_equal(PerImageZeroMean()(x[3]), each[3])


def test_whitening_images_gives_rows():
    x = images(50, 1, 3, 3)
    assert Whiten(components=4).fit(x)(x).shape == (50, 4)
    assert Whiten(components=4).fit(x)(x[0]).shape == (4,)


def test_a_feature_that_never_changes_is_not_divided():
    x = np.array([[0.1, 1.0], [0.1, 3.0], [0.1, 5.0]])
    standard = Standardize().fit(x)
    np.testing.assert_allclose(standard(x)[:, 0], 0, atol=1e-15)
    assert standard(np.array([0.3, 3.0])).tolist() == pytest.approx([0.2, 0.0])


@pytest.mark.parametrize("transform", [ZeroMean(), Standardize(), Decorrelate(), Whiten()], ids=repr)
def test_fitted_transforms_keep_the_dtype_take_single_items_and_tensors(features, transform):
    train, test = features
    transform.fit(train.astype(np.float32))
    out = transform(test.astype(np.float32))
    assert out.dtype == np.float32
    np.testing.assert_allclose(transform(test[3].astype(np.float32)), out[3], rtol=1e-5)
    assert transform(test.astype(int)).dtype == np.float32
    as_tensor = transform(from_numpy(test))
    assert isinstance(as_tensor, Tensor)
    np.testing.assert_array_equal(as_tensor.numpy(), transform(test))


@pytest.mark.parametrize("kind", [ZeroMean, Standardize, Decorrelate, Whiten])
def test_fitting_and_applying_go_wrong_with_a_reason(kind):
    with pytest.raises(ValueError, match=rf"{kind.__name__}: call fit\(training_data\) first"):
        kind()(np.ones((2, 3)))
    with pytest.raises(ValueError, match=rf"{kind.__name__}.fit takes training data.*got shape \(0, 3\)"):
        kind().fit(np.ones((0, 3)))
    with pytest.raises(ValueError, match=rf"{kind.__name__}.fit: 1 of 6 numbers is nan"):
        kind().fit([[1.0, 2.0, 3.0], [np.nan, 1.0, 2.0]])
    fitted = kind().fit(np.eye(3))
    for shape in ((2, 4), (2,), (2, 2, 3)):
        with pytest.raises(ValueError, match=r"fitted on items of shape \(3,\), got shape"):
            fitted(np.ones(shape))


def test_directions_without_variance_do_not_become_nan():
    x = np.random.default_rng(0).standard_normal((20, 3)) @ np.array([[1, 2, 3, 3.1], [0, 1, 1, 1], [0, 0, 1e-9, 0]])
    whiten = Whiten().fit(x)
    assert (whiten.variances >= 0).all()
    assert np.abs(whiten(x)[:, 2:]).max() < 1e-3
    few = Whiten().fit(x[:2])  # rounding makes some variances negative
    assert (few.variances >= 0).all()


def test_options_that_cannot_be():
    with pytest.raises(ValueError, match="components is from 1 to 3, got 4"):
        Decorrelate(4).fit(np.eye(3))
    with pytest.raises(ValueError, match="eps is not negative"):
        Whiten(eps=-1)
    with pytest.raises(ValueError, match="axis counts from 0"):
        ZeroMean(axis=1)
    with pytest.raises(ValueError, match=r"fitted on items of shape \(3, any, any\), got shape \(2, 1, 4, 4\)"):
        ZeroMean(axis=(0, 2, 3)).fit(images(4, 3, 4, 4))(images(2, 1, 4, 4))


# Scales


def test_bytes_become_numbers_from_zero_to_one():
    out = ToFloat()(np.array([0, 128, 255], np.uint8))
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out, np.array([0, 128 / 255, 1], np.float32))
    np.testing.assert_array_equal(ToFloat()(np.array([300, -1])), np.array([300, -1], np.float32))


def test_normalize_scales_each_channel():
    x = images(4, 3, 5, 6, dtype=np.float32)
    out = Normalize([0.1, 0.2, 0.3], [0.5, 1.0, 2.0])(x)
    assert out.dtype == np.float32
    for channel, (mean, std) in enumerate([(0.1, 0.5), (0.2, 1.0), (0.3, 2.0)]):
        np.testing.assert_allclose(out[:, channel], (x[:, channel] - mean) / std, rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(Normalize([0.1, 0.2, 0.3], [0.5, 1.0, 2.0])(x[1]), out[1])
    with pytest.raises(ValueError, match=r"means for 1 channels, but images of shape \(4, 3, 5, 6\)"):
        Normalize(0.1, 1.0)(x)
    for mean, std in ([0.0], [0.0]), ([0.0], [np.nan]), ([0.0, 1.0], [1.0]):
        with pytest.raises(ValueError, match="one mean and one deviation above zero a channel"):
            Normalize(mean, std)


# T10 and C7: augmentation

RANDOM = [
    RandomHorizontalFlip(),
    RandomVerticalFlip(),
    RandomCrop(4),
    RandomCrop((5, 3), padding=2),
    RandomShift(2),
    RandomRotation(30),
    Compose([RandomShift(1), RandomHorizontalFlip()]),
]


@pytest.mark.parametrize("transform", RANDOM, ids=repr)
def test_random_transforms_follow_from_the_seed_and_leave_their_input_alone(transform):
    x = images(8, 2, 6, 6, dtype=np.float32)
    before = x.copy()
    manual_seed(5)
    first, second = transform(x), transform(x)
    assert not np.array_equal(first, second)
    assert not np.shares_memory(first, x)
    first[:] = 0
    np.testing.assert_array_equal(x, before)
    manual_seed(5)
    assert not np.array_equal(transform(x), second)
    np.testing.assert_array_equal(transform(x), second)
    assert second.dtype == x.dtype
    assert transform(x[0]).shape == second.shape[1:]
    assert transform(x[:0]).shape == (0, *second.shape[1:])


@pytest.mark.parametrize("transform", RANDOM[:-1], ids=repr)
def test_images_without_a_channel_are_refused(transform):
    with pytest.raises(ValueError, match=r"takes images \(N, C, H, W\) or one \(C, H, W\), got shape \(6, 6\)"):
        transform(np.ones((6, 6)))


@pytest.mark.parametrize(("kind", "axis"), [(RandomHorizontalFlip, 3), (RandomVerticalFlip, 2)])
@pytest.mark.parametrize("p", [0.0, 0.3, 0.5, 1.0])
def test_the_expectation_of_a_flip(kind, axis, p):
    count = 4000
    x = images(1, 2, 3, 4)
    manual_seed(0)
    flipped = kind(p)(np.repeat(x, count, 0))
    mirrored = np.flip(x, axis)
    share = (flipped == mirrored).all((1, 2, 3)).mean()
    assert ((flipped == mirrored).all((1, 2, 3)) | (flipped == x).all((1, 2, 3))).all()
    assert abs(share - p) <= 4 * np.sqrt(p * (1 - p) / count)
    np.testing.assert_allclose(flipped.mean(0), ((1 - share) * x + share * mirrored)[0])


@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 3), st.integers(0, 2**32))
def test_a_crop_is_a_window_of_the_padded_image(height, width, padding, seed):
    x = images(6, 2, 5, 4)
    crop = RandomCrop((height, width), padding)
    if height > 5 + 2 * padding or width > 4 + 2 * padding:
        with pytest.raises(ValueError, match=r"RandomCrop: no part .* in images \(6, 2, 5, 4\) with padding"):
            crop(x)
        return
    manual_seed(seed)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), (2, 3))
    for i, part in enumerate(crop(x)):
        assert (windows[i].transpose(1, 2, 0, 3, 4) == part).all((2, 3, 4)).any()


def test_every_shift_is_as_likely_as_the_others():
    count = 9000
    point = np.zeros((count, 1, 5, 5))
    point[:, :, 2, 2] = 1
    manual_seed(1)
    mean = RandomShift(1)(point).mean(0)[0]
    assert mean.sum() == pytest.approx(1)
    assert np.abs(mean[1:4, 1:4] - 1 / 9).max() < 4 * np.sqrt(1 / 9 * 8 / 9 / count)
    # The expectation of an image is the image blurred.
    np.testing.assert_array_equal(RandomShift(0)(point), point)


@pytest.mark.parametrize("turns", [-1, 0, 1, 2])
@pytest.mark.parametrize("size", [4, 5])
def test_quarter_turns_are_exact(turns, size):
    x = images(3, 2, size, size)
    angle = 90.0 * turns
    np.testing.assert_array_equal(RandomRotation((angle, angle))(x), np.rot90(x, turns, (2, 3)))


def test_a_rotation_is_scipys():
    ndimage = pytest.importorskip("scipy.ndimage", reason="comparing needs the data extra")
    x = images(1, 1, 9, 7)
    turned = RandomRotation((25, 25))(x)
    theirs = ndimage.rotate(x[0, 0], 25, reshape=False, order=0, mode="grid-constant")
    np.testing.assert_array_equal(turned[0, 0], theirs)
    assert (turned == 0).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RandomHorizontalFlip(1.5), "RandomHorizontalFlip: p is a probability"),
        (lambda: RandomCrop(0), "RandomCrop: size is a number from 1"),
        (lambda: RandomCrop(2, padding=-1), "padding from 0"),
        (lambda: RandomShift(-1), "RandomShift: pixels is not negative"),
        (lambda: RandomRotation(-5), "RandomRotation: degrees is a number from 0"),
    ],
)
def test_random_transforms_that_cannot_be(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_loader_augments_anew_each_epoch_and_the_same_for_its_seed():
    data = TensorDataset(images(10, 1, 6, 6, dtype=np.float32), np.arange(10))

    def epochs(prefetch):
        augment = Compose([RandomShift(1), RandomHorizontalFlip()])
        loader = DataLoader(data, 4, shuffle=True, seed=3, prefetch=prefetch, transform=augment)
        return [np.concatenate([x.numpy()[np.argsort(y.numpy())] for x, y in loader]) for _ in range(2)]

    first, second = epochs(0)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(epochs(2), [first, second])


def test_every_transform_is_listed_once_and_shows_its_options():
    assert sorted(set(transforms.__all__)) == transforms.__all__
    assert repr(RandomCrop(4, padding=1)) == "RandomCrop(size=(4, 4), padding=1)"
    assert "RandomShift(pixels=1)" in repr(RANDOM[-1])
    assert repr(Standardize().fit(np.eye(3))) == "Standardize(axis=(0,))"
