"""What the tests of kernels share: both paths, both dtypes, one and two threads, awkward memory layouts."""

import numpy as np
import pytest
from numba import config

from autograd import threads
from autograd.kernels import small

DTYPES = [np.float32, np.float64]


@pytest.fixture(params=["NumPy", "kernel, 1 thread", "kernel, 2 threads"])
def path(request, monkeypatch):
    """Run the test with NumPy, and with the kernel; without Numba's compiler both are NumPy."""
    monkeypatch.setattr(small, "SMALL", 10**9 if request.param == "NumPy" else 0)
    monkeypatch.setattr(threads, "_count", 2 if "2" in request.param else 1)
    # Every unit of work may go to another thread, also the few of a test.
    monkeypatch.setattr(threads, "parts", lambda count, grain=1, original=threads.parts: original(count))
    return request.param


def layouts(array):
    """Yield arrays with the same numbers: contiguous, transposed in memory, with gaps, reversed, read-only."""
    yield array
    yield np.asfortranarray(array)
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    yield wide[..., ::2]
    yield np.ascontiguousarray(array[::-1])[::-1]
    fixed = array.copy()
    fixed.flags.writeable = False
    yield fixed


def tolerance(dtype):
    return {"rtol": 2e-5, "atol": 2e-6} if dtype == np.float32 else {"rtol": 1e-12, "atol": 1e-13}


def torch():
    return pytest.importorskip("torch", reason="comparing with PyTorch needs the peers extra")


def units(result, exact):
    """Return the largest error in units of the last place."""
    finite = np.isfinite(exact.astype(result.dtype))
    result, exact = result[finite], exact[finite]
    return (np.abs(result.astype(np.float64) - exact) / np.spacing(np.abs(exact.astype(result.dtype)))).max()


def check_accuracy(ours, theirs, exact):
    """Check that a float32 result is at most three times as far from the float64 result as PyTorch's."""
    scale = np.abs(exact).max()
    error, peer = (np.abs(np.asarray(result, np.float64) - exact).max() / scale for result in (ours, theirs))
    assert error <= max(3 * peer, 2e-7), f"error {error:.2g}, PyTorch's {peer:.2g}"


def run_examples(module):
    if config.DISABLE_JIT:
        pytest.skip("without Numba's compiler there is nothing to compile")
    names = [name for name, run in module.examples() if run() is not NotImplemented]
    assert len(names) == len(set(names)) > 0
