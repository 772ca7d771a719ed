"""nn.data: idx files, MNIST and its kin, scikit-learn's small data sets, toy problems."""

import gzip
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd import manual_seed
from nn import data
from nn.data import check_finite, fashion_mnist, mnist, read_idx

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
DEBIAN = Path("/usr/share/datasets/fashion-mnist")


def idx(array, code=None):
    """Return the bytes of an idx file."""
    array = np.asarray(array)
    code = CODES[array.dtype.str[1:]] if code is None else code
    header = bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


# idx files


@pytest.mark.parametrize("dtype", CODES)
@pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 1, 3, 2), (0, 4)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_idx_files_of_every_dtype(tmp_path, dtype, shape, pack):
    array = (np.random.default_rng(0).standard_normal(shape) * 100).astype(np.int8).astype(dtype)
    if array.size and dtype[1] != "1":
        array.flat[0] = 300  # needs more than one byte
    path = tmp_path / "numbers"  # the name says nothing
    path.write_bytes(pack(idx(array)))
    found = read_idx(path)
    assert found.dtype == array.dtype
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, array)
    assert read_idx(str(path)).flags.writeable


CORRECT = idx(np.arange(6, dtype=np.uint8).reshape(2, 3))
PACKED = gzip.compress(CORRECT, mtime=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no idx file.*this one is empty"),
        (b"\0\0", "is no idx file.*starts with 00 00$"),
        (b"<!DOCTYPE html>", "is no idx file.*starts with 3c 21 44 4f"),
        (b"\x89PNG\r\n", "is no idx file.*starts with 89 50 4e 47"),
        (
            b"\0\0\x07\x01\0\0\0\x01a",
            "is no idx file: such a file starts with the bytes 00 00, one of 08, .*07 01",
        ),
        (CORRECT[::-1], "is no idx file"),
        (CORRECT[:7], "ends inside the lengths of its 2 axes"),
        (CORRECT[:-1], r"states shape \(2, 3\) of uint8, which takes 6 bytes, but 5 follow; it is cut off"),
        (CORRECT[:12], "takes 6 bytes, but 0 follow"),
        (CORRECT + b"\0", "takes 6 bytes, but 7 follow; it is longer than it states"),
        (b"\0\0\x08\xff" + b"\xff" * 1020, "but 0 follow; it is cut off"),
        (PACKED[:-10], "is a damaged gzip file"),
        (PACKED[:5], "is a damaged gzip file"),
        (PACKED[:-6] + b"\0\0" + PACKED[-4:], "is a damaged gzip file"),
        (PACKED[:15] + b"\xff\xff" + PACKED[17:], "is a damaged gzip file"),
        (PACKED + b"more", "is a damaged gzip file"),
        (gzip.compress(CORRECT[:-1], mtime=0), "it is cut off"),
    ],
)
def test_files_that_are_damaged_or_of_another_kind(tmp_path, content, message):
    path = tmp_path / "file.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as raised:
        read_idx(path)
    assert str(path) in str(raised.value)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_idx(tmp_path / "missing")


# MNIST and Fashion-MNIST


def write_images(folder, split="train", count=3, labels=None, images=None, suffix=".gz"):
    folder.mkdir(parents=True, exist_ok=True)
    images = np.arange(count * 784).reshape(count, 28, 28).astype(np.uint8) if images is None else images
    labels = np.arange(count, dtype=np.uint8) if labels is None else labels
    pack = gzip.compress if suffix else bytes
    for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
        (folder / f"{split}-{kind}-ubyte{suffix}").write_bytes(pack(idx(array)))
    return images


@pytest.fixture
def no_folders(monkeypatch, tmp_path):
    """Only what a test names is looked into."""
    monkeypatch.delenv("CHAINRULE_DATA", raising=False)
    monkeypatch.setattr("nn.data.images.DEBIAN", tmp_path / "debian")


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("place", [".", "mnist", "MNIST/raw"])
def test_images_in_a_folder(no_folders, tmp_path, place, suffix):
    images = write_images(tmp_path / place, suffix=suffix)
    found = mnist("train", root=tmp_path)
    X, y = found.tensors
    assert (X.shape, X.dtype, y.tolist(), y.dtype) == ((3, 1, 28, 28), np.float32, [0, 1, 2], np.int64)
    np.testing.assert_array_equal(X.numpy()[:, 0], images.astype(np.float32) / 255)
    assert float(X.max()) == 1.0
    assert found.classes == list("0123456789")


def test_images_in_the_folder_of_the_environment_variable_and_of_debian(no_folders, tmp_path, monkeypatch):
    write_images(tmp_path / "debian" / "fashion-mnist", "t10k", count=4)
    assert len(fashion_mnist("test")) == 4
    monkeypatch.setenv("CHAINRULE_DATA", str(tmp_path / "mine"))
    write_images(tmp_path / "mine" / "fashion-mnist", "t10k", count=2)
    assert len(fashion_mnist("test")) == 2  # the user's own come first
    assert fashion_mnist("test").classes[9] == "Ankle boot"
    # The files of both have the same names, so those of the one are never taken for the other's.
    write_images(tmp_path / "mine", "t10k")
    with pytest.raises(FileNotFoundError):
        mnist("test")


@pytest.mark.parametrize(
    ("function", "remedy"), [(mnist, "one of its mirrors"), (fashion_mnist, "Debian's package dataset-fashion-mnist")]
)
def test_missing_files_say_how_to_get_them(no_folders, tmp_path, function, remedy):
    with pytest.raises(FileNotFoundError, match=r"no file train-images-idx3-ubyte or .*gz in ") as raised:
        function("train", root=tmp_path)
    for part in (str(tmp_path), remedy, "CHAINRULE_DATA", "root"):
        assert part in str(raised.value)
    with pytest.raises(FileNotFoundError, match=function.__name__.replace("_", "-")):
        function()
    write_images(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match="no file train-labels-idx1-ubyte"):
        function("train", root=tmp_path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"labels": np.zeros(4, np.uint8)}, "has 3 images, but .* has 4 labels; they are not of one data set"),
        ({"labels": np.array([1, 10, 2], np.uint8)}, "has the label 10; labels are from 0 to 9"),
        ({"labels": np.zeros((3, 1), np.uint8)}, r"holds uint8 of shape \(3, 1\), not labels"),
        ({"labels": np.zeros(3, np.int32)}, r"holds int32 of shape \(3,\), not labels"),
        ({"images": np.zeros((3, 8, 8), np.uint8)}, r"holds uint8 of shape \(3, 8, 8\), not images \(N, 28, 28\)"),
        ({"images": np.zeros((3, 28, 28), np.float32)}, r"holds float32 of shape"),
    ],
)
def test_images_and_labels_that_do_not_fit_together(no_folders, tmp_path, files, message):
    write_images(tmp_path, **files)
    with pytest.raises(ValueError, match=message):
        mnist("train", root=tmp_path)


def test_a_split_that_is_not_there():
    with pytest.raises(ValueError, match="split is 'train' or 'test', got 'validation'"):
        mnist("validation")


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs Debian's package dataset-fashion-mnist")
def test_fashion_mnist_of_debian(monkeypatch):
    monkeypatch.delenv("CHAINRULE_DATA", raising=False)
    X, y = fashion_mnist("test").tensors
    assert X.shape == (10000, 1, 28, 28)
    assert np.bincount(y.numpy()).tolist() == [1000] * 10
    assert float(X.mean()) == pytest.approx(0.2868, abs=1e-4)


# scikit-learn's data sets


@pytest.mark.parametrize(
    ("name", "shape", "counts"),
    [
        ("digits", (1797, 1, 8, 8), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
        ("iris", (150, 4), [50, 50, 50]),
        ("wine", (178, 13), [59, 71, 48]),
        ("breast_cancer", (569, 30), [212, 357]),
    ],
)
def test_small_data_sets(name, shape, counts):
    pytest.importorskip("sklearn", reason="needs the data extra")
    found = getattr(data, name)()
    X, y = found.tensors
    assert (X.shape, X.dtype, y.dtype) == (shape, np.float32, np.int64)
    assert np.bincount(y.numpy()).tolist() == counts
    assert len(found.classes) == len(counts)
    assert len(found.features) == (0 if name == "digits" else shape[1])
    check_finite(found)
    if name == "digits":
        assert (float(X.min()), float(X.max())) == (0.0, 1.0)


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match=r'pip install "chainrule\[data\]"'):
        data.digits()


# Toy data sets

TOYS = {
    "moons": ({}, (200, 2), 2),
    "circles": ({}, (200, 2), 2),
    "spirals": ({"samples": 301, "classes": 4}, (301, 2), 4),
    "xor": ({"samples": 50, "noise": 0.1}, (50, 2), 2),
    "blobs": ({"classes": 5}, (300, 2), 5),
    "quasars": ({}, (1000, 4), 2),
}


@pytest.mark.parametrize("name", TOYS)
def test_toys_are_balanced_mixed_and_follow_from_the_seed(name):
    options, shape, classes = TOYS[name]
    make = getattr(data, name)
    X, y = make(**options, seed=1).tensors
    assert (X.shape, X.dtype, y.dtype) == (shape, np.float32, np.int64)
    counts = np.bincount(y.numpy())
    assert len(counts) == classes
    assert counts.max() - counts.min() <= 2
    assert len(np.unique(y.numpy()[: shape[0] // 2])) == classes
    again, other = make(**options, seed=1).tensors, make(**options, seed=2).tensors
    assert again[0].tolist() == X.tolist()
    assert again[1].tolist() == y.tolist()
    assert other[0].tolist() != X.tolist()
    manual_seed(0)
    first = make(**options).tensors[0].tolist()
    assert make(**options).tensors[0].tolist() != first
    manual_seed(0)
    assert make(**options).tensors[0].tolist() == first


def test_moons_are_half_circles():
    X, y = (tensor.numpy().astype(float) for tensor in data.moons(100, noise=0.0, seed=0).tensors)
    upper, lower = X[y == 0], X[y == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1, rtol=1e-6)
    np.testing.assert_allclose(np.hypot(lower[:, 0] - 1, lower[:, 1] - 0.5), 1, rtol=1e-6)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


def test_noise_has_its_standard_deviation():
    X, y = (tensor.numpy() for tensor in data.blobs(4000, classes=2, noise=0.5, seed=0).tensors)
    for label in (0, 1):
        np.testing.assert_allclose(X[y == label].std(0), 0.5, atol=4 * 0.5 / np.sqrt(2 * 2000))


def test_xor_is_the_truth_table_also_with_more_samples():
    X, y = data.xor(40, seed=0).tensors
    assert sorted({(*map(int, row), label) for row, label in zip(X.tolist(), y.tolist(), strict=True)}) == [
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 1),
        (1, 1, 0),
    ]


def test_no_line_divides_moons_xor_and_circles_but_neighbours_do():
    linear_model = pytest.importorskip("sklearn.linear_model", reason="needs the data extra")
    neighbors = pytest.importorskip("sklearn.neighbors", reason="needs the data extra")
    for made in (data.moons(400, seed=0), data.circles(400, seed=0), data.xor(400, 0.1, seed=0), data.spirals(seed=0)):
        X, y = (tensor.numpy() for tensor in made.tensors)
        assert linear_model.LogisticRegression().fit(X, y).score(X, y) < 0.92
        assert neighbors.KNeighborsClassifier().fit(X[::2], y[::2]).score(X[1::2], y[1::2]) > 0.94
    X, y = (tensor.numpy() for tensor in data.quasars(seed=0).tensors)
    assert 0.8 < linear_model.LogisticRegression().fit(X, y).score(X, y) < 0.99


def test_the_line_of_a_regression_is_found_again():
    X, y = (tensor.numpy() for tensor in data.linear(500, [2.0, -3.0], 0.5, noise=0.1, seed=0).tensors)
    assert (X.shape, y.shape, y.dtype) == ((500, 2), (500, 1), np.float32)
    found = np.linalg.lstsq(np.c_[X, np.ones(500)], y, rcond=None)[0].ravel()
    np.testing.assert_allclose(found, [2.0, -3.0, 0.5], atol=0.03)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: data.moons(1), "moons: at least one sample for each of 2 classes, got 1"),
        (lambda: data.spirals(10, classes=0), "spirals: at least one sample for each of 0 classes"),
        (lambda: data.blobs(10, noise=-1.0), "noise is a standard deviation, which is not negative; got -1.0"),
    ],
)
def test_toys_that_cannot_be(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# What holds for all of it


def test_every_name_of_the_package_has_an_example():
    assert sorted(set(data.__all__)) == data.__all__
    names = {name: getattr(data, name) for name in data.__all__ if name != "transforms"}
    names |= {name: getattr(data.transforms, name) for name in data.transforms.__all__}
    assert [name for name, thing in names.items() if ">>>" not in thing.__doc__] == []
