"""Saving and loading: round trips, PyTorch in both directions, damaged and foreign files, interrupted writes."""

import os
import pickle
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd import arange, float64, manual_seed, tensor, zeros
from nn.files import load_metadata, replacing

safetensors = pytest.importorskip("safetensors", reason="saving needs the files extra")
PEER = "comparing with PyTorch needs the peers extra"


def network():
    manual_seed(1)
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 5), nn.ReLU(), nn.Sequential(nn.Linear(5, 3, bias=False)))


def same(left, right):
    return list(left) == list(right) and all(
        left[name].dtype == right[name].dtype and np.array_equal(left[name], right[name]) for name in left
    )


# Round trips


def test_a_module_comes_back(tmp_path):
    model = network()
    nn.save(model, tmp_path / "model.safetensors")
    loaded = nn.load(str(tmp_path / "model.safetensors"))
    assert {name: x.shape for name, x in loaded.items()} == {
        "1.bias": (5,),
        "1.weight": (5, 12),
        "3.0.weight": (3, 5),
    }
    manual_seed(2)
    other = nn.Sequential(nn.Flatten(), nn.Linear(12, 5), nn.ReLU(), nn.Sequential(nn.Linear(5, 3, bias=False)))
    other.load_state_dict(loaded)
    assert same(dict(other.state_dict()), dict(model.state_dict()))
    loaded["1.bias"].fill_(7.0)  # its memory is its own
    assert same(dict(other.state_dict()), dict(model.state_dict()))


DTYPES = [
    *(np.float32, np.float64, np.int8, np.int16, np.int32, np.int64),
    *(np.uint8, np.uint16, np.uint32, np.uint64, np.bool_),
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3)])
def test_every_dtype_and_shape_comes_back(tmp_path, dtype, shape):
    array = np.random.default_rng(0).integers(0, 2, shape).astype(dtype)
    nn.save({"x": tensor(array)}, tmp_path / "x")
    assert same(nn.load(tmp_path / "x"), {"x": array})


def test_special_values_come_back_bit_for_bit(tmp_path):
    numbers = np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324, np.pi])
    nn.save({"x": numbers}, tmp_path / "x")
    assert nn.load(tmp_path / "x")["x"].numpy().tobytes() == numbers.tobytes()


def test_strides_do_not_matter(tmp_path):
    grid = arange(6).reshape(2, 3).to(float64)
    state = {"turned": grid.T, "every other": grid[:, ::2]}
    nn.save(state, tmp_path / "x")
    loaded = nn.load(tmp_path / "x")
    assert all(np.array_equal(loaded[name], state[name]) for name in state)


def test_an_empty_state_dict(tmp_path):
    nn.save(nn.ReLU(), tmp_path / "x")
    assert nn.load(tmp_path / "x") == {}


def test_metadata(tmp_path):
    nn.save(network(), tmp_path / "x", metadata={"epoch": "3", "note": "größer"})
    assert load_metadata(tmp_path / "x") == {"epoch": "3", "note": "größer"}
    nn.save(network(), tmp_path / "x")
    assert load_metadata(tmp_path / "x") == {}


def test_half_precision_becomes_single(tmp_path):
    from safetensors.numpy import save_file

    numbers = np.array([1.5, 65504.0, 6e-8], np.float16)
    save_file({"x": numbers}, tmp_path / "x")
    assert same(nn.load(tmp_path / "x"), {"x": numbers.astype(np.float32)})


# PyTorch


def image_network(of):
    """A network of this library's modules or of PyTorch's."""
    return of.Sequential(
        of.Sequential(of.Conv2d(3, 4, 3, padding=1, bias=False), of.BatchNorm2d(4), of.PReLU(), of.MaxPool2d(2)),
        of.Sequential(of.ConvTranspose2d(4, 6, 2, stride=2, groups=2), of.GroupNorm(2, 6), of.GELU()),
        of.Flatten(),
        of.Linear(6 * 8 * 8, 5),
        of.LayerNorm(5),
    )


def train_a_little(model, images):
    """Give batch norm its statistics."""
    model(images)
    return model.eval()


def images():
    return np.random.default_rng(3).normal(size=(4, 3, 8, 8)).astype(np.float32)


def test_pytorch_loads_our_file(tmp_path):
    torch = pytest.importorskip("torch", reason=PEER)
    from safetensors.torch import load_file

    manual_seed(4)
    model, peer = train_a_little(image_network(nn), tensor(images())), image_network(torch.nn).eval()
    nn.save(model, tmp_path / "model.safetensors")
    peer.load_state_dict(load_file(tmp_path / "model.safetensors"))
    outputs_agree(torch, model, peer)


def test_we_load_a_file_of_pytorch(tmp_path):
    torch = pytest.importorskip("torch", reason=PEER)
    from safetensors.torch import save_file

    torch.manual_seed(5)
    model, peer = image_network(nn).eval(), train_a_little(image_network(torch.nn), torch.from_numpy(images()))
    save_file(peer.state_dict(), tmp_path / "model.safetensors")
    model.load_state_dict(nn.load(tmp_path / "model.safetensors"))
    assert model[0][1].num_batches_tracked.item() == 1
    outputs_agree(torch, model, peer)


def outputs_agree(torch, ours, theirs):
    with torch.no_grad():
        expected = theirs(torch.from_numpy(images())).numpy()
    np.testing.assert_allclose(ours(tensor(images())).detach().numpy(), expected, rtol=1e-5, atol=1e-5)


def test_a_pickle_of_pytorch_is_refused_and_says_how_to_convert(tmp_path):
    torch = pytest.importorskip("torch", reason=PEER)
    for zipped in (True, False):
        torch.save({"x": torch.ones(2)}, tmp_path / "model.pt", _use_new_zipfile_serialization=zipped)
        with pytest.raises(ValueError, match=r"model\.pt is a pickle.*safetensors\.torch\.save_file\(torch\.load"):
            nn.load(tmp_path / "model.pt")


def test_kinds_of_numbers_that_numpy_lacks_are_named(tmp_path):
    torch = pytest.importorskip("torch", reason=PEER)
    from safetensors.torch import save_file

    save_file({"a": torch.ones(1), "b": torch.ones(1, dtype=torch.bfloat16)}, tmp_path / "x")
    with pytest.raises(ValueError, match=r"tensors do not have: b \(BF16\); nothing was loaded.*float32"):
        nn.load(tmp_path / "x")


# Files that are none


class Opened:
    """An object whose unpickling would run code."""

    def __reduce__(self):
        return (os.mkdir, ("unpickled",))


def test_a_pickle_is_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.pkl").write_bytes(pickle.dumps(Opened()))
    with pytest.raises(ValueError, match="pickles can run any code, so they are not read"):
        nn.load("model.pkl")
    assert not Path("unpickled").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"abc", b"{}", b"\x89HDF\r\n\x1a\n" + bytes(100), b"x" * 1000, b"\xff" * 64, bytes(64)],
    ids=["empty", "short", "json", "hdf5", "text", "ones", "zeros"],
)
def test_a_foreign_file_is_refused(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    for read in (nn.load, load_metadata):
        with pytest.raises(ValueError, match=r"x is damaged, cut off or no safetensors file.*nothing was loaded"):
            read(tmp_path / "x")


def test_a_file_cut_off_anywhere_is_refused(tmp_path):
    nn.save(network(), tmp_path / "whole")
    content = (tmp_path / "whole").read_bytes()
    for length in [*range(0, len(content), 7), len(content) - 1]:
        (tmp_path / "part").write_bytes(content[:length])
        with pytest.raises(ValueError, match="part is damaged, cut off"):
            nn.load(tmp_path / "part")


def test_a_missing_file_is_pythons_own_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        nn.load(tmp_path / "nothing")
    with pytest.raises(TypeError, match="int"):
        nn.load(3)


# Wrong arguments, interrupted writes


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([1.0], "takes a module or its state dict, got list"),
        ({3: zeros(1)}, "names in a state dict are strings, got 3"),
        ({"step": 3}, "'step' is a tensor or an array, got int"),
        ({"x": zeros(1), "words": np.array(["a"])}, "'words'.*dtypes float32"),
        ({"x": zeros(1), "half": np.ones(2, np.complex64)}, "'half'.*complex64"),
    ],
)
def test_what_is_no_state_dict_leaves_the_file_alone(tmp_path, given, message):
    nn.save({"x": tensor([1.0])}, tmp_path / "x")
    with pytest.raises(TypeError, match=message):
        nn.save(given, tmp_path / "x")
    assert nn.load(tmp_path / "x")["x"].item() == 1.0


@pytest.mark.parametrize("metadata", [{"epoch": 3}, {3: "epoch"}, "epoch 3", ["epoch"]])
def test_metadata_is_strings(tmp_path, metadata):
    with pytest.raises(TypeError, match="dict of strings to strings"):
        nn.save(nn.ReLU(), tmp_path / "x", metadata=metadata)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere to write x"):
        nn.save(nn.ReLU(), tmp_path / "nowhere" / "x")


def test_readers_see_the_old_file_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "notes"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new and lon")
        file.flush()
        assert path.read_bytes() == b"old"
        file.write(b"ger")
    assert path.read_bytes() == b"new and longer"

    def interrupted():
        with replacing(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_bytes() == b"new and longer"
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_process_leaves_the_old_file(tmp_path):
    nn.save({"x": tensor([1.0])}, tmp_path / "x")
    code = """
        import os, sys
        import nn, nn.files
        from autograd import zeros
        os.fsync = lambda descriptor: os._exit(9)  # dies before the file is on the disk
        nn.save({"x": zeros(1000)}, sys.argv[1])
    """
    environment = os.environ | {"PYTHONPATH": str(Path(nn.__file__).parent.parent)}
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "x")]
    assert subprocess.run(command, env=environment, check=False).returncode == 9
    assert nn.load(tmp_path / "x")["x"].item() == 1.0


def test_links_and_permissions_stay_as_usual(tmp_path):
    nn.save({"x": tensor([1.0])}, tmp_path / "real")
    (tmp_path / "made by hand").write_bytes(b"")
    assert (tmp_path / "real").stat().st_mode == (tmp_path / "made by hand").stat().st_mode
    try:
        (tmp_path / "link").symlink_to(tmp_path / "real")
    except OSError:
        pytest.skip("this system does not let the user make links")
    nn.save({"x": tensor([2.0])}, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert nn.load(tmp_path / "real")["x"].item() == 2.0


def test_without_the_library_the_error_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(ImportError, match=r'pip install "chainrule\[files\]"'):
        nn.save(nn.ReLU(), tmp_path / "x")
