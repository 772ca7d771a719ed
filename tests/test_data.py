"""nn.data: data sets, splits, batches, and what a loader promises."""

import gc
import json
import threading
from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tensor, manual_seed, tensor
from nn.data import (
    ConcatDataset,
    DataLoader,
    Dataset,
    Subset,
    TensorDataset,
    check_finite,
    default_collate,
    k_folds,
    random_split,
)
from nn.data.prefetch import prefetched

PEER = "comparing with PyTorch needs the peers extra"


class Numbers(Dataset):
    """Data set items 0, 1, ... that are made one by one."""

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return index


class Noisy(Numbers):
    """Each item draws a random number."""

    def __getitem__(self, index):
        return autograd.rand(2)


def numbers(batches):
    return [batch.tolist() for batch in batches]


def pairs(count):
    return TensorDataset(np.arange(2.0 * count, dtype=np.float32).reshape(count, 2), np.arange(count))


# Data sets


def test_a_tensor_data_set_gives_samples_slices_and_its_tensors():
    data = pairs(4)
    x, y = data[-1]
    assert (x.tolist(), y.item()) == ([6.0, 7.0], 3)
    X, y = data[1:3]
    assert (X.shape, y.tolist()) == ((2, 2), [1, 2])
    assert [y.item() for _, y in data] == [0, 1, 2, 3]
    assert data.tensors[1].dtype == np.int64


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ((), "at least one tensor, got none"),
        ((np.zeros((3, 2)), np.zeros(4)), r"same length, .* got shapes \[\(3, 2\), \(4,\)\]"),
        ((tensor(1.0),), r"got shapes \[\(\)\]"),
        ((tensor([1.0], requires_grad=True),), "requires a gradient.*detach"),
    ],
)
def test_tensors_that_make_no_data_set_are_refused(tensors, message):
    with pytest.raises(ValueError, match=message):
        TensorDataset(*tensors)


def test_subsets_nest_and_take_batches_at_once():
    data = Subset(Subset(pairs(10), [9, 7, 5, 3]), [2, 0])
    assert len(data) == 2
    assert data[0][1].item() == 5
    X, y = data[:]
    assert (X.tolist(), y.tolist()) == ([[10.0, 11.0], [18.0, 19.0]], [5, 9])
    assert data.batch(range(1, 2))[1].tolist() == [9]


@pytest.mark.parametrize("index", [-1, 3])
def test_a_subset_of_samples_that_are_not_there_is_refused(index):
    with pytest.raises(IndexError, match=f"index {index} is not one of the data set's 3 samples"):
        Subset(Numbers(3), [0, index])


def test_a_subset_takes_whole_numbers_only():
    with pytest.raises(TypeError, match="Subset: indices are whole numbers, got float64"):
        Subset(Numbers(3), [0.5])
    with pytest.raises(TypeError, match="Subset: indices are whole numbers, got bool"):
        Subset(Numbers(2), [True, False])


def test_concatenated_data_sets():
    data = pairs(2) + pairs(3)
    assert isinstance(data, ConcatDataset)
    assert [y.item() for _, y in data] == [0, 1, 0, 1, 2]
    assert data[-1][1].item() == 2
    assert data.batch([1, 4])[1].tolist() == [1, 2]
    with pytest.raises(IndexError, match="index 5 is not one of 5 samples"):
        data[5]
    with pytest.raises(ValueError, match="at least one data set"):
        ConcatDataset([])


def test_a_data_set_without_its_methods_says_what_to_write():
    with pytest.raises(NotImplementedError, match="Dataset has no __getitem__"):
        Dataset()[0]
    with pytest.raises(NotImplementedError, match="Dataset has no __len__"):
        len(Dataset())


# Splits


@pytest.mark.parametrize("lengths", [[6, 4], [0.6, 0.4], [1.0], [0.5, 0.25, 0.25], [1, 9, 0], [0.34, 0.33, 0.33]])
def test_a_random_split_has_pytorchs_lengths_and_every_sample_once(lengths):
    torch = pytest.importorskip("torch", reason=PEER)
    parts = random_split(range(10), lengths, seed=0)
    assert [len(part) for part in parts] == [len(part) for part in torch.utils.data.random_split(range(10), lengths)]
    assert sorted(sample for part in parts for sample in part) == list(range(10))


def test_a_random_split_follows_from_its_seed():
    def split(seed):
        return [list(part) for part in random_split(range(100), [0.5, 0.5], seed)]

    assert split(1) == split(1) == split(np.random.default_rng(1))
    assert split(1) != split(2)
    manual_seed(3)
    first = split(None)
    assert first != split(None)
    manual_seed(3)
    assert first == split(None)


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        ([3, 4], "add up to 7, but the data set has 10 samples"),
        ([0.5, 0.4], "add up to 0.9"),
        ([11, -1], "not negative"),
    ],
)
def test_splits_that_do_not_add_up_are_refused(lengths, message):
    with pytest.raises(ValueError, match=message):
        random_split(range(10), lengths)


@given(st.integers(2, 40), st.data())
def test_folds_hold_out_every_sample_once(count, data):
    k = data.draw(st.integers(2, count))
    folds = k_folds(range(count), k, seed=0)
    assert len(folds) == k
    assert sorted(sample for _, held_out in folds for sample in held_out) == list(range(count))
    assert all(sorted([*train, *held_out]) == list(range(count)) for train, held_out in folds)
    assert {len(held_out) for _, held_out in folds} <= {count // k, -(-count // k)}


@pytest.mark.parametrize("k", [1, 6])
def test_a_number_of_folds_that_cannot_be(k):
    with pytest.raises(ValueError, match=f"from 2 to the number of samples, 5; got {k}"):
        k_folds(range(5), k)


# Collating

Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    "samples",
    [
        [np.ones((2, 3), np.float32), np.zeros((2, 3), np.float32)],
        [(np.zeros(2), 1), (np.ones(2), 0)],
        [{"x": np.zeros(2), "y": [1, 2]}, {"x": np.ones(2), "y": [3, 4]}],
        [Point(1, "a"), Point(2, "b")],
        [np.float64(0.5), np.float64(1.5)],
        [True, False],
    ],
    ids=str,
)
def test_batches_hold_what_pytorchs_hold(samples):
    torch = pytest.importorskip("torch", reason=PEER)

    def listed(batch):
        if isinstance(batch, dict):
            return {key: listed(value) for key, value in batch.items()}
        if isinstance(batch, (tuple, list)):
            return [listed(value) for value in batch]
        if isinstance(batch, str):
            return batch
        return str(batch.dtype).removeprefix("torch."), batch.tolist()

    ours = default_collate(samples)
    assert type(ours) is not list or type(samples[0]) is list
    assert listed(ours) == listed(torch.utils.data.default_collate(samples))


def test_pythons_floats_become_float32():
    assert default_collate([0.1, 0.2]).dtype == np.float32


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ([np.zeros((2, 3)), np.zeros((2, 2))], r"item 7 is of shape \(2, 2\), but item 5 is of shape \(2, 3\)"),
        ([(np.zeros(2), 1), (np.zeros(3), 1)], r"item 7\[0\] is of shape \(3,\), but item 5\[0\] is of shape \(2,\)"),
        ([(1, 2), (1, 2, 3)], "item 7 is a tuple of length 3, but item 5 is a tuple of length 2"),
        ([{"x": 1}, {"y": 1}], r"item 7 is a dict with the keys \['y'\], but item 5 is a dict with the keys \['x'\]"),
        ([{"x": "a"}, {"x": 1}], r"item 7\['x'\] is of shape \(\), but item 5\['x'\] is a text"),
    ],
)
def test_items_that_are_not_alike_are_named(samples, message):
    with pytest.raises(ValueError, match=message + ".*collate_fn"):
        default_collate(samples, [5, 7])


def test_what_cannot_be_collated():
    with pytest.raises(TypeError, match=r"item 0 is a NoneType, which is no number.*collate_fn"):
        default_collate([None, None])
    with pytest.raises(ValueError, match="at least one sample"):
        default_collate([])


def test_the_loader_names_the_index_of_an_item_of_another_shape():
    data = [np.zeros(3)] * 5 + [np.zeros(4)]
    with pytest.raises(ValueError, match=r"item 5 is of shape \(4,\), but item 4 is of shape \(3,\)"):
        list(DataLoader(data, batch_size=2))


# Batches


def test_batches_are_tensors_in_order():
    batches = list(DataLoader(pairs(5), batch_size=2))
    assert all(isinstance(part, Tensor) and not part.requires_grad for batch in batches for part in batch)
    assert [y.tolist() for _, y in batches] == [[0, 1], [2, 3], [4]]
    assert batches[1][0].tolist() == [[4.0, 5.0], [6.0, 7.0]]


@pytest.mark.parametrize(("count", "batch_size"), [(10, 3), (9, 3), (1, 4)])
def test_the_number_of_batches_is_pytorchs(count, batch_size):
    torch = pytest.importorskip("torch", reason=PEER)
    ours, theirs = DataLoader(Numbers(count), batch_size), torch.utils.data.DataLoader(Numbers(count), batch_size)
    assert len(ours) == len(theirs) == len(list(ours))
    assert numbers(ours) == numbers(theirs)


@settings(deadline=None)
@given(
    st.integers(1, 60), st.integers(1, 70), st.booleans(), st.booleans(), st.integers(0, 3), st.booleans(),
    st.integers(0, 2**70),
)  # fmt: skip
def test_an_epoch_has_every_sample_once(count, batch_size, shuffle, drop_last, prefetch, arrays, seed):
    data = TensorDataset(np.arange(count)) if arrays else Numbers(count)
    if drop_last and batch_size > count:
        with pytest.raises(ValueError, match="leaves no batch"):
            DataLoader(data, batch_size, drop_last=True)
        return
    loader = DataLoader(data, batch_size, shuffle, drop_last=drop_last, prefetch=prefetch, seed=seed)
    for _ in range(2):
        batches = [batch[0].tolist() if arrays else batch.tolist() for batch in loader]
        assert len(batches) == len(loader)
        assert all(len(batch) == batch_size for batch in batches[:-1])
        seen = [index for batch in batches for index in batch]
        assert len(set(seen)) == len(seen) == (count // batch_size * batch_size if drop_last else count)
        assert set(seen) <= set(range(count))
        assert shuffle or seen == sorted(seen)


def test_each_epoch_has_another_order_that_follows_from_the_seed():
    loader, again = (DataLoader(Numbers(50), 50, shuffle=True, seed=4) for _ in range(2))
    first, second = numbers(loader), numbers(loader)
    assert first != second
    assert [numbers(again), numbers(again)] == [first, second]
    assert numbers(DataLoader(Numbers(50), 50, shuffle=True, seed=5)) != first
    assert loader.epoch == 2


def test_without_a_seed_the_order_is_that_of_manual_seed():
    def epoch():
        return numbers(DataLoader(Numbers(50), 50, shuffle=True))

    manual_seed(0)
    first = epoch()
    assert epoch() != first
    manual_seed(0)
    assert epoch() == first


def test_an_iteration_that_was_left_is_followed_by_the_next_epoch():
    loader, other = (DataLoader(Numbers(50), 10, shuffle=True, seed=0) for _ in range(2))
    first = next(iter(loader))
    assert first.tolist() == next(iter(other)).tolist()
    assert numbers(loader) == numbers(other)
    assert loader.epoch == 2


def test_two_iterators_at_once_are_two_epochs():
    loader, other = (DataLoader(Numbers(20), 5, shuffle=True, seed=0) for _ in range(2))
    both = list(zip(loader, loader, strict=True))
    assert [[a.tolist() for a, _ in both], [b.tolist() for _, b in both]] == [numbers(other), numbers(other)]
    assert numbers(loader) == numbers(other)


def test_an_iterator_that_was_overtaken_does_not_move_the_state():
    loader = DataLoader(Numbers(6), 2, seed=0)
    older, newer = iter(loader), iter(loader)
    next(older), next(newer)
    state = loader.state_dict()
    assert (state["epoch"], state["batch"]) == (1, 1)
    assert len(list(older)) == 2
    assert loader.state_dict() == state


def test_a_sampler_gives_the_order():
    assert numbers(DataLoader(Numbers(5), 2, sampler=[4, 4, 0])) == [[4, 4], [0]]
    assert len(DataLoader(Numbers(5), 2, sampler=[4, 4, 0])) == 2
    endless = DataLoader(Numbers(5), 2, sampler=iter([3, 2]), drop_last=True)
    with pytest.raises(TypeError, match="the sampler, a list_iterator, has no length"):
        len(endless)
    assert numbers(endless) == [[3, 2]]


def test_a_sampler_that_draws_follows_from_the_seed():
    class Weighted:
        def __iter__(self):
            return iter(autograd.multinomial(tensor([1.0, 0.0, 3.0]), 20, replacement=True).tolist())

    loader, again = (DataLoader(Numbers(3), 20, sampler=Weighted(), seed=2) for _ in range(2))
    first, second = numbers(loader), numbers(loader)
    assert [numbers(again), numbers(again)] == [first, second]
    assert first != second
    assert set(first[0]) == {0, 2}


def test_batches_of_arrays_share_memory_in_order_and_do_not_when_shuffled():
    data = pairs(4)
    array = data.tensors[0].numpy()
    assert all(np.shares_memory(x.numpy(), array) for x, _ in DataLoader(data, 2))
    assert not any(np.shares_memory(x.numpy(), array) for x, _ in DataLoader(data, 2, shuffle=True))


def test_a_data_set_with_pytorchs_getitems_is_asked_once_a_batch():
    class Batched(Numbers):
        def __getitems__(self, indices):
            asked.append(indices)
            return [10 * index for index in indices]

    asked = []
    assert numbers(DataLoader(Batched(3), 2)) == [[0, 10], [20]]
    assert asked == [[0, 1], [2]]


def test_a_collate_fn_makes_the_batch():
    assert list(DataLoader(["a", "bc", "d"], 2, collate_fn="".join)) == ["abc", "d"]


def test_a_transform_changes_the_inputs_of_each_batch():
    double = DataLoader(pairs(3), 2, transform=lambda x: 2 * x)
    assert [(x.tolist(), y.tolist()) for x, y in double] == [
        ([[0.0, 2.0], [4.0, 6.0]], [0, 1]),
        ([[8.0, 10.0]], [2]),
    ]
    assert pairs(3).tensors[0].tolist() == double.dataset.tensors[0].tolist()
    assert numbers(DataLoader(Numbers(3), 2, transform=lambda x: -x)) == [[0, -1], [-2]]
    with pytest.raises(TypeError, match="batches are dict; transform the samples"):
        next(iter(DataLoader([{"x": 1.0}], transform=lambda x: x)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size is a whole number from 1, got 0"),
        ({"batch_size": 2.0}, "batch_size is a whole number from 1, got 2.0"),
        ({"batch_size": True}, "batch_size is a whole number from 1, got True"),
        ({"prefetch": -1}, "prefetch is a whole number from 0, got -1"),
        ({"shuffle": True, "sampler": [0]}, "a sampler gives the order itself"),
        ({"drop_last": True, "batch_size": 4}, "leaves no batch of 3 samples in batches of 4"),
        ({"seed": -1}, "a seed is not negative, got -1"),
    ],
)
def test_a_loader_that_cannot_be(options, message):
    with pytest.raises(ValueError, match=message):
        DataLoader(Numbers(3), **options)


def test_an_empty_data_set_is_refused():
    with pytest.raises(ValueError, match=r"the data set is empty \(Numbers of length 0\)"):
        DataLoader(Numbers(0))


def test_arrays_that_are_no_samples_are_refused():
    columns = np.zeros((5, 2)), np.zeros(5)
    with pytest.raises(TypeError, match=r"arrays of shapes \(5, 2\), \(5,\), .*give TensorDataset\(inputs, targets\)"):
        DataLoader(columns)
    assert len(DataLoader(columns, collate_fn=list)) == len(DataLoader((np.zeros(2), np.ones(2)))) == 2
    with pytest.raises(ValueError, match=r"batch_size is a whole number from 1, got numpy.ndarray of shape \(5,\)"):
        DataLoader(*columns)


def test_texts_of_loaders_and_subsets():
    points = TensorDataset(np.zeros((5, 2)), np.zeros(5))
    half = Subset(points, [0, 1])
    assert repr(half) == f"Subset(2 samples of {points})"
    assert repr(DataLoader(half, 2, shuffle=True)) == "DataLoader(2 samples in batches of 2, shuffled)"
    assert repr(DataLoader(half, sampler=[1])) == "DataLoader(2 samples in batches of 1, in the sampler's order)"


# Random numbers


@pytest.mark.parametrize("prefetch", [0, 1, 3])
def test_random_numbers_of_data_sets_and_transforms_follow_from_the_seed(prefetch):
    def epochs(prefetch):
        loader = DataLoader(
            Noisy(5), 2, shuffle=True, seed=1, prefetch=prefetch, transform=lambda x: x + autograd.rand(1).numpy()
        )
        return [numbers(loader), numbers(loader)]

    manual_seed(0)
    expected = autograd.rand(3).tolist()
    manual_seed(0)
    given = epochs(prefetch)
    assert autograd.rand(3).tolist() == expected  # the caller's random numbers are left alone
    assert given == epochs(0)
    assert given[0] != given[1]
    rows = [tuple(row) for epoch in given for batch in epoch for row in batch]
    assert len(set(rows)) == len(rows)


# The state


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(1, 6), st.integers(0, 25), st.sampled_from([0, 2]))
def test_a_loader_with_the_state_of_another_goes_on_where_that_was(count, batch_size, taken, prefetch):
    def stream(loader):
        while True:
            yield from loader

    def loader(seed, prefetch):
        return DataLoader(Noisy(count), batch_size, shuffle=True, seed=seed, prefetch=prefetch)

    interrupted, resumed = loader(7, prefetch), loader(8, prefetch)
    batches = stream(interrupted)
    for _ in range(taken):
        next(batches)
    resumed.load_state_dict(json.loads(json.dumps(interrupted.state_dict())))
    rest = stream(resumed)
    for _ in range(2 * len(resumed) + 1):
        assert next(rest).tolist() == next(batches).tolist()
        assert resumed.state_dict() == interrupted.state_dict()


def test_the_state_after_the_last_batch_leaves_nothing_of_the_epoch():
    loader = DataLoader(Numbers(4), 2, shuffle=True, seed=0)
    batches = iter(loader)
    next(batches), next(batches)
    other = DataLoader(Numbers(4), 2, shuffle=True)
    other.load_state_dict(loader.state_dict())
    assert list(other) == []
    assert list(batches) == []
    assert numbers(other) == numbers(loader)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch": -1}, "takes what state_dict"),
        ({"epoch": "0"}, "takes what state_dict"),
        ({"other": 0}, "takes what state_dict"),
        ({"batch_size": 3}, "a loader with batch_size 3, but this one has 2"),
        ({"samples": 5}, "a loader with samples 5, but this one has 4"),
    ],
)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(change, message):
    loader = DataLoader(Numbers(4), 2, shuffle=True, seed=0)
    before = loader.state_dict()
    with pytest.raises(ValueError, match=message):
        loader.load_state_dict({**before, "seed": 1} | change)
    assert loader.state_dict() == before


# The background thread


def prefetching():
    return [thread for thread in threading.enumerate() if thread.name.startswith("nn.data.prefetch")]


def ended(threads):
    for thread in threads:
        thread.join(10)
    return not any(thread.is_alive() for thread in threads)


class Broken(Numbers):
    """Item 3 cannot be read."""

    def __getitem__(self, index):
        if index == 3:
            raise OSError("cannot read item 3")
        return index


@pytest.mark.parametrize("prefetch", [0, 1, 5])
def test_an_error_of_the_data_set_reaches_the_caller_at_its_batch(prefetch):
    batches = iter(DataLoader(Broken(6), 2, prefetch=prefetch))
    assert next(batches).tolist() == [0, 1]
    with pytest.raises(OSError, match="cannot read item 3") as raised:
        next(batches)
    assert "__getitem__" in {entry.name for entry in raised.traceback}
    assert ended(prefetching())


def test_the_thread_ends_when_the_iterator_is_dropped_or_exhausted():
    batches = iter(DataLoader(Numbers(100), 2, prefetch=2))
    next(batches)
    working = prefetching()
    assert len(working) == 1
    del batches
    gc.collect()
    assert ended(working)
    list(DataLoader(Numbers(100), 2, prefetch=2))
    assert ended(prefetching())


def test_what_was_asked_ahead_is_not_computed_any_more_once_the_iterator_is_gone():
    begun, go = [], threading.Event()

    def make(number):
        begun.append(number)
        if number == 1:
            go.wait(10)
        return number

    made = prefetched(make, range(10), ahead=4)
    assert next(made) == 0
    working = prefetching()
    del made
    go.set()
    assert ended(working)
    assert begun in ([0], [0, 1])


@pytest.mark.parametrize("ahead", [1, 3])
def test_the_thread_works_no_further_ahead_than_asked(ahead):
    begun = []
    made = prefetched(lambda n: n, (begun.append(n) or n for n in range(100)), ahead)
    assert begun == []
    assert [next(made), len(begun)] == [0, 1 + ahead]
    assert [next(made), len(begun)] == [1, 2 + ahead]


# Finite numbers


def test_numbers_that_are_not_finite_are_found():
    x = np.zeros((3, 4), np.float32)
    check_finite({"x": (x, tensor([1, 2])), "name": ["a"]})
    x[1, 2] = np.inf
    x[2, 0] = -np.inf
    with pytest.raises(ValueError, match=r"data\['x'\]\[0\]: 2 of 12 numbers are .*, the first at \(1, 2\) is inf"):
        check_finite({"x": (x, tensor([1, 2]))})
    with pytest.raises(ValueError, match=r"train\[0\]: 2 of 12"):
        check_finite(TensorDataset(x), "train")


def test_a_sum_that_overflows_is_no_reason_to_complain():
    check_finite(np.full(10, 3e38, np.float32))
