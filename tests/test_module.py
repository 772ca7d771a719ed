"""nn.Module itself: what belongs to it, hooks, state dicts, copies and text."""

import copy
import pickle

import numpy as np
import pytest

import autograd
import nn
from autograd import tensor

PEER = "comparing with PyTorch needs the peers extra"


def network(package=nn):
    """A nested network; built from either package."""

    class Block(package.Module):
        def __init__(self, n):
            super().__init__()
            self.body = package.Sequential(package.Linear(n, n), package.ReLU())
            self.norm = package.BatchNorm1d(n)

        def forward(self, x):
            return self.norm(self.body(x)) + x

        def extra_repr(self):
            return "residual"

    class Net(package.Module):
        def __init__(self):
            super().__init__()
            self.blocks = package.ModuleList([package.Linear(4, 3), Block(3), Block(3)])
            self.heads = package.ModuleDict({"a": package.Linear(3, 2), "b": package.Linear(3, 1, bias=False)})
            self.empty = package.Sequential()

        def forward(self, x):
            for block in self.blocks:
                x = block(x)
            return self.heads["a"](x)

    return Net()


def test_names_and_text_are_pytorchs():
    torch = pytest.importorskip("torch", reason=PEER)
    mine, peer = network(), network(torch.nn)
    assert repr(mine) == repr(peer)
    for names in ("named_parameters", "named_buffers", "named_modules", "named_children"):
        assert [name for name, _ in getattr(mine, names)()] == [name for name, _ in getattr(peer, names)()]
    own, other = mine.state_dict(), peer.state_dict()
    assert [(key, value.shape) for key, value in own.items()] == [(key, tuple(v.shape)) for key, v in other.items()]


def test_text_of_lists_counts_equal_modules():
    torch = pytest.importorskip("torch", reason=PEER)

    def lists(package):
        return [
            package.ModuleList(),
            package.ModuleList([package.ReLU(), package.ReLU(), package.Linear(1, 2), package.ReLU()]),
            package.ModuleList([package.Sequential(package.Tanh()) for _ in range(3)]),
            package.Sequential(package.ReLU(), package.ReLU()),
            package.ModuleDict(),
        ]

    assert [repr(x) for x in lists(nn)] == [repr(x) for x in lists(torch.nn)]


# Registration


def test_attributes_are_registered_replaced_and_removed():
    net = nn.Module()
    net.a = nn.Parameter([1.0])
    net.b = nn.Buffer([2.0], persistent=False)
    net.c = nn.Linear(1, 1)
    net.plain = tensor([3.0])
    assert [name for name, _ in net.named_parameters()] == ["a", "c.weight", "c.bias"]
    assert [name for name, _ in net.named_buffers()] == ["b"]
    assert list(net.state_dict()) == ["a", "c.weight", "c.bias"]
    net.a = nn.Parameter([4.0, 5.0])
    assert net.a.shape == (2,)
    net.a = None
    del net.c
    assert list(net.parameters()) == []
    net.register_parameter("d", nn.Parameter([1.0]))
    net.register_buffer("e", tensor([1.0]))
    net.register_module("f", None)
    assert list(net.state_dict()) == ["d", "e"]


@pytest.mark.parametrize(
    ("kind", "message", "change"),
    [
        (
            TypeError,
            "Linear.weight is a Parameter, and was assigned Tensor",
            lambda m: setattr(m, "weight", m.bias * 1),
        ),
        (TypeError, "was assigned list", lambda m: setattr(m, "bias", [1.0])),
        (TypeError, "takes a Module, got type", lambda m: m.add_module("x", nn.ReLU)),
        (TypeError, "takes a Parameter, got Tensor", lambda m: m.register_parameter("x", tensor([1.0]))),
        (ValueError, "no dots, got 'a.b'", lambda m: m.add_module("a.b", nn.ReLU())),
        (ValueError, "not empty", lambda m: m.register_buffer("", [1.0])),
        (ValueError, "already has an attribute 'forward'", lambda m: m.add_module("forward", nn.ReLU())),
        (ValueError, "already has an attribute 'in_features'", lambda m: m.register_buffer("in_features", [1.0])),
        (TypeError, "takes bool, got|mode is True or False, got 'yes'", lambda m: m.train("yes")),
        (TypeError, "float32 or float64, got int64", lambda m: m.to(np.int64)),
        (AttributeError, "has no parameter 'x.y'|has no module 'x'", lambda m: m.get_parameter("x.y")),
        (AttributeError, "has no parameter 'x'; it has weight, bias", lambda m: m.get_parameter("x")),
    ],
)
def test_wrong_assignments_change_nothing(kind, message, change):
    module = nn.Linear(2, 2)
    before = dict(vars(module))
    with pytest.raises(kind, match=message):
        change(module)
    assert vars(module) == before


@pytest.mark.parametrize("parts", [[nn.ReLU()], (nn.Parameter([1.0]),), {"a": nn.ReLU()}])
def test_modules_in_plain_containers_warn(parts):
    net = nn.Sequential(nn.Module())
    net[0].numbers, net[0]._meant, net[0].parts = [1, 2], parts, type(parts)()
    assert list(net.parameters()) == []
    net[0].parts = parts  # or filled after it was assigned
    with pytest.warns(UserWarning, match=r"Module.parts is a .* parameters\(\) does not look into; use nn.ModuleList"):
        net.parameters()
    with pytest.warns(UserWarning, match="use nn.ModuleList"), pytest.raises(ValueError, match="nothing to train"):
        nn.optim.SGD(net.parameters(), lr=0.1)


def test_modules_in_plain_containers_that_are_found_elsewhere_do_not_warn():
    net = nn.Module()
    net.first = nn.Linear(1, 1)
    net.order = [net.first, net.first]
    assert len(list(net.parameters())) == 2


class Classifier(nn.Module):
    def __init__(self):
        self.body = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())
        self.head = nn.Linear(72, 4)

    def forward(self, x):
        return self.head(self.body(x))


def test_devices():
    line = nn.Linear(1, 1)
    assert line.to("cpu") is line
    for convert in (line.to, line.weight.to):
        with pytest.raises(TypeError, match="got 'cuda:0'; they live on the CPU, so leave the device out"):
            convert("cuda:0")


def test_errors_say_in_which_module_of_a_network():
    net = Classifier()
    with pytest.raises(ValueError, match=r"the input has 3 channels.* \(in Classifier.body.0, Conv2d\(1, 2, kernel"):
        net(autograd.zeros(1, 3, 8, 8))
    flatten = r"flatten the input first \(in Classifier.head, Linear\(in_features=72, out_features=4, bias=True\)\)$"
    with pytest.raises(ValueError, match=flatten):
        net(autograd.zeros(1, 1, 8, 8))
    with pytest.raises(ValueError, match=r"is the number of inputs$"):  # without a network around it
        net.head(autograd.zeros(1, 2))
    net.body.forward = lambda x: None
    with pytest.raises(TypeError, match=r"is None; does a function end without return\? \(in Classifier.head"):
        net(autograd.zeros(1, 1, 8, 8))


@pytest.mark.parametrize("make", [nn.Sequential, lambda x: nn.ModuleList([x]), lambda x: nn.ModuleDict({"a": x})])
def test_containers_hold_modules_only(make):
    with pytest.raises(TypeError, match=r"holds modules, got .*call it: ReLU"):
        make(nn.ReLU)
    with pytest.raises(TypeError, match="holds modules, got int 3"):
        make(3)


def test_sequential_of_a_list_or_of_functions_says_what_to_write():
    with pytest.raises(TypeError, match=r"write Sequential\(\*layers\) for a list of layers"):
        nn.Sequential([nn.ReLU()])
    with pytest.raises(TypeError, match=r"there is a module for every activation, such as nn\.ReLU"):
        nn.Sequential(nn.functional.relu)


def test_containers_behave_as_lists_and_dicts():
    a, b, c = nn.ReLU(), nn.Tanh(), nn.Sigmoid()
    for kind in (nn.ModuleList, lambda modules: nn.Sequential(*modules)):
        modules = kind([a])
        modules += [c]
        modules.insert(1, b)
        assert [*modules] == [a, b, c]
        assert len(modules) == 3
        assert modules[-1] is c
        assert [*modules[1:]] == [b, c]
        assert type(modules[1:]) is type(modules)
        del modules[0]
        modules[0] = a
        assert [*modules.named_children()] == [("0", a), ("1", c)]
    named = nn.ModuleDict({"x": a})
    named["y"] = b
    assert named.pop("x") is a
    assert [*named.items()] == [("y", b)]
    assert "x" not in named
    with pytest.raises(ValueError, match="'keys' cannot be the name"):
        named["keys"] = a
    with pytest.raises(KeyError):
        named["z"]


def test_named_layers_of_a_sequential():
    net = nn.Sequential({"first": nn.Linear(2, 3), "act": nn.ReLU()})
    assert list(net.state_dict()) == ["first.weight", "first.bias"]
    assert net.first is net[0]


def test_shared_modules_and_parameters_are_listed_once():
    torch = pytest.importorskip("torch", reason=PEER)

    def tied(package):
        layer = package.Linear(2, 2)
        net = package.Sequential(layer, package.ReLU(), layer, package.Linear(2, 2))
        net[3].weight = layer.weight
        return net

    mine, peer = tied(nn), tied(torch.nn)
    assert [n for n, _ in mine.named_parameters()] == [n for n, _ in peer.named_parameters()]
    assert [n for n, _ in mine.named_modules()] == [n for n, _ in peer.named_modules()]
    assert list(mine.state_dict()) == list(peer.state_dict())
    assert mine.get_submodule("2") is mine[0]
    assert mine.get_parameter("3.weight") is mine[0].weight
    loss = mine(tensor([[1.0, 2.0]])).sum()
    loss.backward()
    assert mine[0].weight.grad is not None
    twin = copy.deepcopy(mine)
    assert twin[2] is twin[0]
    assert twin[3].weight is twin[0].weight
    assert twin[0] is not mine[0]
    loaded = pickle.loads(pickle.dumps(mine))
    assert loaded[3].weight is loaded[0].weight


# All at once


def test_train_and_eval_reach_every_module():
    net = network()
    assert all(module.training for module in net.modules())
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    net.blocks[1].train()
    assert net.blocks[1].norm.training
    assert not net.training


def test_apply_visits_children_first():
    seen = []
    net = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.ReLU()))
    assert net.apply(lambda module: seen.append(type(module).__name__)) is net
    assert seen == ["Linear", "ReLU", "Sequential", "Sequential"]


def test_conversion_keeps_the_parameters_themselves():
    net = network()
    before = list(net.parameters())
    assert net.double() is net
    assert [*map(id, net.parameters())] == [*map(id, before)]
    assert {x.dtype for x in net.parameters()} == {np.dtype(np.float64)}
    assert net.blocks[1].norm.running_mean.dtype == np.float64
    assert net.blocks[1].norm.num_batches_tracked.dtype == np.int64
    net(autograd.ones(2, 4, dtype=autograd.float64)).sum().backward()
    assert net.float().heads["a"].weight.dtype == np.float32


def test_freezing_and_clearing_gradients():
    layer = nn.Linear(2, 1)
    layer(autograd.ones(1, 2)).sum().backward()
    layer.zero_grad(set_to_none=False)
    assert layer.weight.grad.tolist() == [[0.0, 0.0]]
    layer.zero_grad()
    assert layer.weight.grad is None
    layer.requires_grad_(False)
    assert layer(autograd.ones(1, 2)).op is None


# Hooks


def test_forward_hooks_see_and_change():
    layer = nn.Linear(1, 1, bias=False)
    layer.weight.data = tensor([[2.0]])
    seen = []
    first = layer.register_forward_pre_hook(lambda module, inputs: inputs[0] * 10.0)
    second = layer.register_forward_hook(lambda module, inputs, output: seen.append((module, inputs[0].item())))
    third = layer.register_forward_hook(lambda module, inputs, output: output + 1.0)
    assert layer(tensor([[3.0]])).item() == 61.0
    assert seen == [(layer, 30.0)]
    for handle in (first, second, third):
        handle.remove()
    assert layer(tensor([[3.0]])).item() == 6.0
    assert nn.Linear(1, 1)._hooks == {}, "hooks belong to one module"


def test_a_hook_that_raises_leaves_the_module_usable():
    net = nn.Sequential(nn.ReLU())

    def fail(*_):
        raise KeyError("hook")

    with net[0].register_forward_hook(fail), pytest.raises(KeyError):
        net(tensor([1.0]))
    assert net(tensor([1.0])).item() == 1.0


@pytest.mark.parametrize("change", [False, True])
def test_backward_hooks_are_pytorchs(change):
    torch = pytest.importorskip("torch", reason=PEER)
    numbers = np.random.default_rng(0).normal(size=(4, 5, 3))
    autograd.manual_seed(0)
    layers = nn.Bilinear(3, 3, 2).double(), torch.nn.Bilinear(3, 3, 2).double()
    layers[1].load_state_dict({key: torch.tensor(x.numpy()) for key, x in layers[0].state_dict().items()})
    results = []
    for layer, make in zip(layers, (tensor, torch.tensor), strict=True):
        found = []

        def hook(module, grad_input, grad_output, found=found):
            found += [*grad_input, *grad_output]
            return (grad_input[0] * 3.0, grad_input[1]) if change else None

        handle = layer.register_full_backward_hook(hook)
        x, y = (make(array, requires_grad=True) for array in numbers[:2])
        (layer(x * 1.0, y) ** 2).sum().backward()
        handle.remove()
        (layer(x * 1.0, y) ** 2).sum().backward()
        results.append([np.asarray(g.detach()) for g in (*found, x.grad, y.grad, layer.weight.grad)])
    assert len(results[0]) == 6
    for mine, other in zip(*results, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-12, atol=1e-14)  # some are small differences


def test_backward_hooks_without_gradient_of_the_input():
    layer, seen = nn.Linear(2, 1), []
    layer.register_full_backward_hook(lambda module, gi, go: seen.append((gi, go[0].tolist())))
    layer(autograd.ones(3, 2)).sum().backward()
    assert seen == [((None,), [[1.0], [1.0], [1.0]])]
    lstm = nn.LSTM(2, 3)
    lstm.register_full_backward_hook(lambda module, gi, go: seen.append([g is None or g.shape for g in (*gi, *go)]))
    outputs, _ = lstm(autograd.ones(4, 1, 2, requires_grad=True))
    outputs.sum().backward()
    assert seen[1][:2] == [(4, 1, 2), (4, 1, 3)]


# Saving and loading


def test_loading_copies_into_the_same_parameters():
    source, target = network(), network()
    source(autograd.randn(6, 4))
    before = list(target.parameters())
    keys = target.load_state_dict(source.state_dict())
    assert keys == ([], [])
    assert [*map(id, target.parameters())] == [*map(id, before)]
    for (name, mine), (_, other) in zip(target.state_dict().items(), source.state_dict().items(), strict=True):
        assert (mine == other).all(), name
        assert not np.may_share_memory(mine.numpy(), other.numpy())
    x = autograd.randn(3, 4)
    assert (target.eval()(x) == source.eval()(x)).all()


def test_a_state_dict_that_does_not_fit_lists_everything_and_changes_nothing():
    net = network()
    before = {name: x.numpy().copy() for name, x in net.state_dict().items()}
    wrong = {name: array + 1 for name, array in before.items()}
    wrong["blocks.0.weight"] = np.zeros((4, 3))
    wrong["heads.a.weight"] = np.zeros(7)
    del wrong["heads.b.weight"], wrong["blocks.1.norm.running_mean"]
    wrong["blocks.9.weight"] = wrong["other"] = np.zeros(1)
    with pytest.raises(ValueError, match="nothing was loaded") as caught:
        net.load_state_dict(wrong)
    message = str(caught.value)
    assert (
        "misshaped: blocks.0.weight has shape (3, 4), given (4, 3), heads.a.weight has shape (2, 3), given (7,)"
        in message
    )
    assert "missing: blocks.1.norm.running_mean, heads.b.weight" in message
    assert "unexpected: blocks.9.weight, other" in message
    with pytest.raises(ValueError, match="misshaped"):
        net.load_state_dict(wrong, strict=False)
    assert all((x.numpy() == before[name]).all() for name, x in net.state_dict().items())
    keys = net.load_state_dict({"heads.b.weight": np.full((1, 3), 7.0), "other": np.zeros(1)}, strict=False)
    assert keys.unexpected_keys == ["other"]
    assert "heads.b.weight" not in keys.missing_keys
    assert net.heads["b"].weight.tolist() == [[7.0, 7.0, 7.0]]


@pytest.mark.parametrize("wrong", [None, [1.0], "weights"])
def test_a_state_dict_is_a_mapping(wrong):
    with pytest.raises(TypeError, match="takes a mapping of names to tensors"):
        nn.Linear(1, 1).load_state_dict(wrong)


@pytest.mark.parametrize("entry", ["text", None, [[object()]], [[1j]]])
def test_entries_that_are_no_numbers_are_refused(entry):
    layer = nn.Linear(1, 1)
    before = layer.weight.tolist(), layer.bias.tolist()
    with pytest.raises(ValueError, match="weight"):
        layer.load_state_dict({"bias": [5.0], "weight": entry})
    assert (layer.weight.tolist(), layer.bias.tolist()) == before


# Copies


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_are_equal_and_independent(duplicate):
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Dropout(0.5)).eval()
    net.seen = nn.Buffer([1.0], persistent=False)
    net[0].bias.requires_grad_(False)
    net(autograd.ones(4, 2)).sum().backward()
    twin = duplicate(net)
    assert repr(twin) == repr(net)
    assert list(twin.state_dict()) == list(net.state_dict())
    assert not twin.seen.persistent
    assert not twin[0].bias.requires_grad
    assert not twin[2].training
    assert type(twin[0].weight) is nn.Parameter
    assert (twin[0].weight.grad == net[0].weight.grad).all()
    x = autograd.randn(5, 2)
    assert (twin(x) == net(x)).all()
    twin[0].weight.data = twin[0].weight * 2.0
    assert (twin(x) != net(x)).any()


def test_results_know_the_modules_that_made_them():
    net = network()
    out = net(autograd.ones(2, 4))
    assert [call.path for call in out._calls] == ["Net.a", "Net"]
    assert out._calls[-1].kind == "Net"


def test_a_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match="Module has no forward"):
        nn.Module()(1)
