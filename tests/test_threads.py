"""The threads: every part runs once, errors arrive, forks and nested calls do no harm."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from autograd import threads, workers
from autograd.kernels import sharing
from autograd.kernels.jit import COMPILED, kernel


@pytest.fixture(autouse=True)
def two():
    before = threads.get_num_threads()
    threads.set_num_threads(2)
    yield
    threads.set_num_threads(before)


def note(part, start, stop, found):
    found.append((part, start, stop))


def python(code, **environment):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 100])
@pytest.mark.parametrize("grain", [0, 1, 3, 1000])
@pytest.mark.parametrize("number", [1, 2, 3, 8])
def test_parts_cover_everything_in_order(count, grain, number):
    threads.set_num_threads(number)
    intervals = threads.parts(count, grain)
    assert [i for start, stop in intervals for i in range(start, stop)] == list(range(count))
    assert 1 <= len(intervals) <= number
    if len(intervals) > 1:
        assert all(stop - start >= max(grain, 1) for start, stop in intervals)


@pytest.mark.parametrize("number", [1, 2, 3, 5])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 20])
def test_every_interval_runs_once(number, length):
    threads.set_num_threads(number)
    intervals = [(i, i + 1) for i in range(length)]
    for _ in range(50):
        found = []
        threads.run(note, intervals, found)
        assert sorted(found) == [(part, *interval) for part, interval in enumerate(intervals)]


def test_parts_run_at_the_same_time():
    meeting = threading.Barrier(2, timeout=30)

    def meet(part, start, stop):
        meeting.wait()

    for _ in range(5):
        threads.run(meet, [(0, 1), (1, 2)])


@pytest.mark.parametrize("bad", [{0}, {1}, {2}, {0, 1, 2}])
def test_an_error_in_any_part_reaches_the_caller(bad):
    def fail(part, start, stop):
        if part in bad:
            raise KeyError(part)

    for _ in range(20):
        with pytest.raises(KeyError) as caught:
            threads.run(fail, [(0, 1), (1, 2), (2, 3)])
        assert caught.value.args[0] in bad
        found = []
        threads.run(note, [(0, 1), (1, 2)], found)
        assert len(found) == 2


def test_the_first_of_the_errors_arrives():
    meeting = threading.Barrier(2, timeout=30)

    def fail(part, start, stop):
        meeting.wait()
        raise KeyError(part)

    with pytest.raises(KeyError, match="0"):
        threads.run(fail, [(0, 1), (1, 2)])


def test_nested_calls_run_on_their_thread():
    found = []

    def inner(part, start, stop, outer):
        found.append((outer, part, threading.get_ident()))

    def outer(part, start, stop):
        threads.run(inner, [(0, 1), (1, 2), (2, 3)], part)

    threads.run(outer, [(0, 1), (1, 2)])
    assert sorted((a, b) for a, b, _ in found) == [(a, b) for a in range(2) for b in range(3)]
    for number in range(2):
        assert len({ident for a, _, ident in found if a == number}) == 1


def test_several_python_threads_at_once():
    results = np.zeros((4, 200, 2))

    def add(part, start, stop, row):
        row[start:stop] += 1

    def work(number):
        for k in range(200):
            threads.run(add, [(0, 1), (1, 2)], results[number, k])

    callers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert (results == 1).all()


@kernel
def meet(part, start, stop, flags, met):
    """Wait for the other part to begin, but not forever."""
    sharing._store(flags, part, 1)
    for _ in range(1_000_000_000):
        if sharing._load(flags, 1 - part):
            met[part] = 1
            return


@kernel
def count(part, start, stop, counts):
    for i in range(start, stop):
        counts[i] += 1


@kernel
def count_twice(part, start, stop, counts):
    for i in range(start, stop):
        counts[i] += 2


@kernel
def keep(part, start, stop, length, lengths):
    lengths[part] = len(np.empty(length))


def assert_that_two_meet():
    if not meet.signatures:  # it takes longer to compile than workers wait awake
        threads.run(meet, [(0, 1), (1, 2)], np.ones(2, np.int64), np.zeros(2))
    met = np.zeros(2)
    threads.run(meet, [(0, 1), (1, 2)], np.zeros(2, np.int64), met)
    assert met.tolist() == [1, 1]


compiled = pytest.mark.skipif(not COMPILED, reason="NUMBA_DISABLE_JIT: kernels are plain Python")


@compiled
def test_parts_of_a_kernel_run_at_the_same_time():
    for _ in range(20):
        assert_that_two_meet()


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_each_part_of_a_kernel_runs_once(number):
    threads.set_num_threads(number)
    for parts in (1, 2, 3, 20):
        intervals = [(5 * i, 5 * i + 5) for i in range(parts)]
        for _ in range(200):
            counts, twice = np.zeros(5 * parts), np.zeros(5 * parts, np.int64)
            threads.run(count, intervals, counts)
            threads.run(count_twice, intervals, twice)
            assert counts.tolist() == [1] * len(counts)
            assert twice.tolist() == [2] * len(twice)


@compiled
def test_kernels_and_functions_of_python_in_turn_and_after_a_rest():
    for rest in (False, False, True, False):
        while rest and not workers._pool.asleep:  # a worker that has waited awake for long enough falls asleep
            pass
        counts, found = np.zeros(4), []
        threads.run(count, [(0, 2), (2, 4)], counts)
        threads.run(note, [(0, 1), (1, 2)], found)
        assert (counts.tolist(), len(found)) == ([1] * 4, 2)
        assert_that_two_meet()


@compiled
def test_a_kernel_without_memory_says_so():
    lengths = np.zeros(2, np.int64)
    with pytest.raises(MemoryError, match="keep: there is not enough memory"):
        threads.run(keep, [(0, 1), (1, 2)], 1 << 60, lengths)
    threads.run(keep, [(0, 1), (1, 2)], 3, lengths)
    assert lengths.tolist() == [3, 3]


@compiled
def test_kernels_from_several_python_threads():
    counts = np.zeros((4, 200, 2))

    def work(number):
        for k in range(200):
            threads.run(count, [(0, 1), (1, 2)], counts[number, k])

    callers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert (counts == 1).all()


def test_arguments_are_let_go():
    import gc
    import weakref

    array = np.zeros(3)
    gone = weakref.ref(array)
    for _ in range(3):
        threads.run(lambda *_: None, [(0, 1), (1, 2)], array)
    threads.run(lambda *_: None, [(0, 1), (1, 2)])
    workers._stop()  # so that no worker is about to let go of it
    del array
    gc.collect()
    assert gone() is None


def test_workers_end_and_start_again():
    for _ in range(3):
        found = []
        threads.run(note, [(0, 1), (1, 2)], found)
        assert len(found) == 2
        workers._stop()
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("autograd-")]


@pytest.mark.parametrize("bad", [0, -1, 1.0, "2", None, True])
def test_bad_counts(bad):
    with pytest.raises(ValueError, match="whole number from 1"):
        threads.set_num_threads(bad)


def test_the_environment_says_how_many():
    code = "from autograd import threads; print(threads.get_num_threads())"
    assert python(code, OMP_NUM_THREADS="7").stdout == "7\n"
    assert python(code, OMP_NUM_THREADS="3,2").stdout == "3\n"
    assert int(python(code, OMP_NUM_THREADS="many").stdout) >= 1


def test_nothing_starts_before_it_is_needed():
    code = """
import sys, threading
from autograd import threads
threads.run(lambda *_: None, [(0, 1)])
assert threading.active_count() == 1
assert "numba" not in sys.modules and "threadpoolctl" not in sys.modules
threads.set_num_threads(2)
threads.run(lambda *_: None, [(0, 1), (1, 2)])
assert threading.active_count() == 2 and "numba" not in sys.modules
"""
    done = python(code)
    assert (done.returncode, done.stderr) == (0, "")


def test_small_problems_do_not_wait_for_numba():
    code = """
import sys
import autograd, nn.functional as F
x, w = autograd.ones(64, 64, requires_grad=True), autograd.ones(1, 1, 3, 3, requires_grad=True)
((x @ x).sum() + F.conv2d(autograd.ones(1, 1, 9, 9), w).sum()).backward()
assert "numba" not in sys.modules
"""
    done = python(code)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_child_process_makes_workers_of_its_own():
    code = """
import os, threading
import numba
from autograd import threads
threads.set_num_threads(2)
meeting = threading.Barrier(2, timeout=30)
def meet(part, start, stop):
    meeting.wait()
for _ in range(3):
    threads.run(meet, [(0, 1), (1, 2)])
    child = os.fork()
    threads.run(meet, [(0, 1), (1, 2)])
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""
    done = python(code)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("jit", ["0", "1"])
def test_the_interpreter_ends_while_workers_wait(jit):
    code = """
import numba
from autograd import threads
threads.set_num_threads(3)
for _ in range(10):
    threads.run(lambda *_: None, [(0, 1), (1, 2), (2, 3)])
"""
    done = python(code, NUMBA_DISABLE_JIT=jit)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interrupt_leaves_the_workers_usable():
    code = """
import signal, threading
from autograd import threads
threads.set_num_threads(2)
main = threading.main_thread().ident
begun = threading.Event()
def interrupted(part, start, stop):
    if threading.get_ident() == main:
        begun.wait(30)
    else:
        begun.set()
        signal.pthread_kill(main, signal.SIGINT)
for _ in range(3):
    begun.clear()
    try:
        threads.run(interrupted, [(0, 1), (1, 2)])
        threads.run(lambda *_: None, [(0, 1)] * 100)
    except KeyboardInterrupt:
        pass
found = []
threads.run(lambda part, start, stop: found.append(part), [(0, 1), (1, 2)])
assert sorted(found) == [0, 1]
"""
    done = python(code)
    assert (done.returncode, done.stderr) == (0, "")


def test_kernels_of_one_factory_are_told_apart_when_different_processes_compiled_them(tmp_path):
    tmp_path.joinpath("factory.py").write_text(
        "from autograd.kernels.jit import kernel\n\n\n"
        "def adding(number):\n"
        "    @kernel\n"
        "    def compiled(part, start, stop, out):\n"
        "        for i in range(start, stop):\n"
        "            out[i] += number\n\n"
        "    return compiled\n",
        encoding="utf-8",
    )
    program = (
        "import sys, numpy as np\n"
        "from autograd import threads\n"
        "from factory import adding\n"
        "threads.set_num_threads(2)\n"
        "kernels = [adding(int(number)) for number in sys.argv[1:]]\n"
        "for intervals in [(0, 4)], [(0, 2), (2, 4)]:\n"
        "    for kernel in kernels:\n"
        "        out = np.zeros(4)\n"
        "        threads.run(kernel, intervals, out)\n"
        "        print(*out)\n"
    )
    paths = os.pathsep.join([str(tmp_path), str(Path(__file__).parent.parent)])
    environment = {**os.environ, "CHAINRULE_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": paths}
    for numbers in (["1"], ["2"], ["1", "2"]):
        command = [sys.executable, "-c", program, *numbers]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
        assert done.stdout.split() == [f"{number}.0" for number in numbers for _ in range(4)] * 2
