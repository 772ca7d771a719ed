"""Neuron, Layer and MLP of Values, as micrograd has them."""

import random

import pytest

import nn
from autograd import Value, topological_order


def test_weights_are_drawn_in_order_and_biases_are_zero():
    random.seed(1337)
    model = nn.MLP(3, [4, 2])
    random.seed(1337)
    expected = []
    for inputs, neurons in ((3, 4), (4, 2)):
        for _ in range(neurons):
            expected += [random.uniform(-1, 1) for _ in range(inputs)] + [0.0]
    assert [p.data for p in model.parameters()] == expected


def test_the_network_of_micrograds_demo():
    model = nn.MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    assert all(isinstance(p, Value) for p in model.parameters())
    assert len(set(model.parameters())) == 337


def test_repr_is_micrograds():
    assert repr(nn.Neuron(3)) == "ReLUNeuron(3)"
    assert repr(nn.Neuron(3, nonlin=False)) == "LinearNeuron(3)"
    assert repr(nn.Layer(2, 2)) == "Layer of [ReLUNeuron(2), ReLUNeuron(2)]"
    assert repr(nn.MLP(2, [2, 1])) == ("MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]")


def set_parameters(module, numbers):
    for parameter, number in zip(module.parameters(), numbers, strict=True):
        parameter.data = number


def test_a_neuron_is_a_weighted_sum_and_relu():
    neuron = nn.Neuron(2)
    set_parameters(neuron, [2.0, -3.0, 0.5])
    assert neuron([1.0, 1.0]).data == 0.0
    assert neuron([Value(1.0), -1]).data == 5.5
    neuron.nonlin = False
    assert neuron([1.0, 1.0]).data == -0.5
    x = Value(1.0)
    neuron([x, 0.0]).backward()
    assert x.grad == 2.0


def test_a_layer_of_one_neuron_gives_a_value_and_not_a_list():
    assert isinstance(nn.Layer(2, 1)([1.0, 2.0]), Value)
    outputs = nn.Layer(2, 3)([1.0, 2.0])
    assert isinstance(outputs, list)
    assert len(outputs) == 3
    assert len(nn.MLP(2, [4, 3])([1.0, 2.0])) == 3


def test_only_the_last_layer_is_linear():
    model = nn.MLP(2, [3, 3, 1])
    assert [[neuron.nonlin for neuron in layer.neurons] for layer in model.layers] == [[True] * 3, [True] * 3, [False]]
    assert not nn.Layer(2, 1, nonlin=False).neurons[0].nonlin


def test_a_hidden_layer_of_one_neuron():
    model = nn.MLP(2, [1, 1, 2])
    assert len(model([1.0, 2.0])) == 2


def test_xor_with_weights_by_hand():
    # Lecture row P4: W = [[1, 1], [1, 1]], b = (0, -1), U = (1, -2), c = 0.
    model = nn.MLP(2, [2, 1])
    set_parameters(model, [1, 1, 0, 1, 1, -1, 1, -2, 0])
    inputs = [(0, 0), (0, 1), (1, 0), (1, 1)]
    hidden = [[h.data for h in model.layers[0](x)] for x in inputs]
    assert hidden == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert [model(x).data for x in inputs] == [0, 1, 1, 0]


def test_zero_grad():
    random.seed(0)
    model = nn.MLP(2, [4, 1])
    model([1.0, 2.0]).backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert not any(p.grad or p.grad_computed for p in model.parameters())


def test_every_weight_has_a_label_for_the_picture():
    neuron = nn.Neuron(2)
    assert [p.label for p in neuron.parameters()] == ["w0", "w1", "b"]


@pytest.mark.parametrize("make", [nn.Neuron, lambda nin: nn.Layer(nin, 4), lambda nin: nn.MLP(nin, [4, 1])])
def test_a_wrong_number_of_inputs_is_a_clear_error(make):
    module = make(3)
    for wrong in ([1.0, 2.0], [1.0, 2.0, 3.0, 4.0], []):
        with pytest.raises(ValueError, match=f"takes 3 inputs, got {len(wrong)}"):
            module(wrong)
    for wrong in (1.0, Value(1.0), None):
        with pytest.raises(TypeError, match="takes a list of 3 Values or numbers, got"):
            module(wrong)
    with pytest.raises(TypeError, match="operand is str"):
        module(["a", "b", "c"])


def test_a_network_without_layers_is_a_clear_error():
    with pytest.raises(ValueError, match="at least one layer"):
        nn.MLP(2, [])


XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]


def train(seed, steps):
    random.seed(seed)
    model = nn.MLP(3, [4, 4, 1])
    history = []
    for _ in range(steps):
        loss = sum((model(x) - y) ** 2 for x, y in zip(XS, YS, strict=True))
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.01 * p.grad
        history.append(loss.data)
    return history


def test_training_reduces_the_loss_the_same_way_each_time():
    history = train(seed=1, steps=100)
    assert history[-1] < 0.1 * history[0]
    assert train(seed=1, steps=100) == history
    assert train(seed=2, steps=1) != history[:1]


def test_gradients_against_torch():
    torch = pytest.importorskip("torch", reason="comparing with PyTorch needs the peers extra")
    random.seed(3)
    model = nn.MLP(3, [5, 4, 2])
    layers = []
    for layer in model.layers:
        linear = torch.nn.Linear(len(layer.neurons[0].w), len(layer.neurons), dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor([[w.data for w in n.w] for n in layer.neurons], dtype=torch.float64))
            linear.bias.copy_(torch.tensor([n.b.data for n in layer.neurons], dtype=torch.float64))
        layers += [linear, torch.nn.ReLU()]
    peer = torch.nn.Sequential(*layers[:-1])

    x = [0.5, -1.5, 2.0]
    inputs = [Value(number) for number in x]
    outputs = model(inputs)
    loss = (outputs[0] - 1) ** 2 + (outputs[1] * outputs[0]).tanh()
    loss.backward()
    tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    expected = peer(tensor)
    peer_loss = (expected[0] - 1) ** 2 + (expected[1] * expected[0]).tanh()
    peer_loss.backward()

    assert loss.data == pytest.approx(peer_loss.item(), rel=1e-12)
    assert [leaf.grad for leaf in inputs] == pytest.approx(tensor.grad.tolist(), rel=1e-12)
    for layer, linear in zip(model.layers, layers[::2], strict=True):
        for k, neuron in enumerate(layer.neurons):
            assert [w.grad for w in neuron.w] == pytest.approx(linear.weight.grad[k].tolist(), rel=1e-12)
            assert neuron.b.grad == pytest.approx(linear.bias.grad[k].item(), rel=1e-12)


def test_the_parameters_are_the_leaves_of_the_output():
    model = nn.MLP(2, [3, 1])
    leaves = {node for node in topological_order([model([1.0, 2.0])]) if node.op is None}
    assert leaves == set(model.parameters())
