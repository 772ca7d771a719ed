"""Freed memory is kept, so that a training step does not wait for pages."""

import os
import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library than glibc")

CODE = """
import resource
import numpy as np
from autograd.kernels import jit

def step():
    arrays = [np.ones(500_000) for _ in range(5)]

step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    step()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 20)
"""


def pages(**environment):
    """The pages that the system hands out in a step, of 5 arrays of 4 MB."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env={**kept, **environment}, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_a_step_takes_its_memory_from_the_one_before():
    assert pages() < 50


def test_the_environments_own_settings_stay():
    assert pages(MALLOC_TRIM_THRESHOLD_="0", MALLOC_MMAP_THRESHOLD_="65536") > 50
