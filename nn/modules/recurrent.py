"""Recurrent layers: RNN, LSTM and GRU, and their cells, which take one step.

The part of every gate that the input gives is one matrix product for all steps; only what depends
on the hidden state is computed step by step.
"""

from __future__ import annotations

import warnings
from typing import Any

from autograd import Tensor, cat, stack, zeros
from nn import functional as F
from nn.functional.arguments import check_counts, choice_of, rows
from nn.modules.linear import inverse_root, uniform_parameter
from nn.modules.module import Module

State = tuple[Tensor, ...]


def _rnn_step(given: Tensor, state: State, weight: Tensor, bias: Tensor | None, squash: Any) -> State:
    """H' = tanh(given + W h + b)."""
    return (squash(given + F.linear(state[0], weight, bias)),)


def _lstm_step(given: Tensor, state: State, weight: Tensor, bias: Tensor | None, _: Any) -> State:
    """C' = f c + i g and h' = o tanh(c'), with the gates i, f, g, o from given + W h + b."""
    h, c = state
    gates = given + F.linear(h, weight, bias)
    squashed = rows.sigmoid(gates)  # of g too: one operation is faster than three without it
    n = h.shape[-1]
    c = squashed[..., n : 2 * n] * c + squashed[..., :n] * rows.tanh(gates[..., 2 * n : 3 * n])
    return squashed[..., 3 * n :] * rows.tanh(c), c


def _gru_step(given: Tensor, state: State, weight: Tensor, bias: Tensor | None, _: Any) -> State:
    """H' = (1 - z) n + z h with n = tanh(given + r (W h + b)) and the gates r, z."""
    (h,) = state
    n = h.shape[-1]
    own = F.linear(h, weight, bias)
    gates = rows.sigmoid(given[..., : 2 * n] + own[..., : 2 * n])
    new = rows.tanh(given[..., 2 * n :] + gates[..., :n] * own[..., 2 * n :])
    return (new + gates[..., n:] * (h - new),)


# For each kind: the step, the number of gates, and the number of states.
_KINDS = {"RNN": (_rnn_step, 1, 1), "LSTM": (_lstm_step, 4, 2), "GRU": (_gru_step, 3, 1)}
_SQUASH = {"tanh": rows.tanh, "relu": rows.relu}


def _steps(x: Tensor) -> list[Tensor]:
    """Return the parts along the first axis.

    Halving takes T log T numbers to put the gradients together again; T indices would take T².
    """
    if len(x) == 1:
        return [x.squeeze(0)]
    half = len(x) // 2
    return _steps(x[:half]) + _steps(x[half:])


class Cell(Module):
    """One step of a recurrent layer.

    Examples
    --------
    >>> import nn
    >>> isinstance(nn.GRUCell(2, 3), nn.modules.recurrent.Cell)
    True
    """

    kind: str
    nonlinearity = "tanh"

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, dtype: Any = None) -> None:
        check_counts(type(self).__name__, input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        self._step, gates, self._states = _KINDS[self.kind]
        bound, outputs = inverse_root(hidden_size), gates * hidden_size
        self.weight_ih = uniform_parameter(outputs, input_size, bound=bound, dtype=dtype)
        self.weight_hh = uniform_parameter(outputs, hidden_size, bound=bound, dtype=dtype)
        self.bias_ih = uniform_parameter(outputs, bound=bound, dtype=dtype) if bias else None
        self.bias_hh = uniform_parameter(outputs, bound=bound, dtype=dtype) if bias else None

    def forward(self, input: Tensor, hx: Any = None) -> Any:
        """Return the next state for an input (N, input_size) or (input_size,), from a state; zeros by default."""
        if input.ndim not in (1, 2) or input.shape[-1] != self.input_size:
            raise ValueError(
                f"{type(self).__name__}: input {input.shape}; it has shape (N, {self.input_size}) or "
                f"({self.input_size},)"
            )
        shape = (*input.shape[:-1], self.hidden_size)
        state = _state_of(self, hx, self._states, shape, input)
        given = F.linear(input, self.weight_ih, self.bias_ih)
        state = self._step(given, state, self.weight_hh, self.bias_hh, _SQUASH[self.nonlinearity])
        return state if self._states > 1 else state[0]

    def extra_repr(self) -> str:
        """Return the sizes and the options that are not the usual ones."""
        text = f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")
        return text + (f", nonlinearity={self.nonlinearity}" if self.nonlinearity != "tanh" else "")


class RNNCell(Cell):
    """One step of an :class:`RNN`: h' = tanh(W_ih x + b_ih + W_hh h + b_hh).

    Parameters
    ----------
    input_size, hidden_size : int
    bias : bool
    nonlinearity : {"tanh", "relu"}
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight_ih : Parameter, shape (hidden_size, input_size)
    weight_hh : Parameter, shape (hidden_size, hidden_size)
    bias_ih, bias_hh : Parameter, shape (hidden_size,), or None

    Examples
    --------
    >>> from autograd import zeros
    >>> RNNCell(2, 3)(zeros(5, 2)).shape
    (5, 3)
    """

    kind = "RNN"

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh", dtype: Any = None
    ) -> None:
        self.nonlinearity = choice_of("RNNCell", "nonlinearity", nonlinearity, list(_SQUASH))
        super().__init__(input_size, hidden_size, bias, dtype)


class LSTMCell(Cell):
    """One step of an :class:`LSTM`: takes and returns a pair of hidden and cell state.

    Parameters and attributes as of :class:`RNNCell`; the weights of the gates i, f, g, o stand one below the other.

    Examples
    --------
    >>> from autograd import zeros
    >>> hidden, cell = LSTMCell(2, 3)(zeros(5, 2))
    >>> hidden.shape, cell.shape
    ((5, 3), (5, 3))
    """

    kind = "LSTM"


class GRUCell(Cell):
    """One step of a :class:`GRU`.

    Parameters and attributes as of :class:`RNNCell`; the weights of the gates r, z, n stand one below the other.

    Examples
    --------
    >>> from autograd import zeros
    >>> GRUCell(2, 3)(zeros(5, 2)).shape
    (5, 3)
    """

    kind = "GRU"


class Recurrent(Module):
    """Layers of recurrent cells over whole sequences.

    Examples
    --------
    >>> import nn
    >>> isinstance(nn.GRU(2, 3), nn.modules.recurrent.Recurrent)
    True
    """

    kind: str
    nonlinearity = "tanh"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: Any = None,
    ) -> None:
        check_counts(self.kind, input_size=input_size)
        check_counts(self.kind, 1, hidden_size=hidden_size, num_layers=num_layers)
        if not 0 <= dropout <= 1:
            raise ValueError(f"{self.kind}: dropout is a probability between 0 and 1, got {dropout}")
        if dropout and num_layers == 1:
            warnings.warn(
                f"{self.kind}: dropout={dropout} acts between layers, and there is only one; use more layers or "
                f"nn.Dropout afterwards",
                stacklevel=3,
            )
        self.input_size, self.hidden_size, self.num_layers, self.bias = input_size, hidden_size, num_layers, bias
        self.batch_first, self.dropout, self.bidirectional = batch_first, dropout, bidirectional
        self._step, gates, self._states = _KINDS[self.kind]
        bound, outputs = inverse_root(hidden_size), gates * hidden_size
        for layer in range(num_layers):
            inputs = input_size if layer == 0 else hidden_size * len(self._directions)
            for way in self._directions:
                shapes = {"weight_ih": (outputs, inputs), "weight_hh": (outputs, hidden_size)}
                shapes |= {"bias_ih": (outputs,), "bias_hh": (outputs,)} if bias else {}
                for name, shape in shapes.items():
                    setattr(self, f"{name}_l{layer}{way}", uniform_parameter(*shape, bound=bound, dtype=dtype))

    @property
    def _directions(self) -> tuple[str, ...]:
        return ("", "_reverse") if self.bidirectional else ("",)

    def forward(self, input: Tensor, hx: Any = None) -> tuple[Tensor, Any]:
        """Return the outputs of the last layer at all steps, and the last state of every layer.

        Parameters
        ----------
        input : Tensor, shape (L, N, input_size), with `batch_first` (N, L, input_size), or (L, input_size)
        hx : Tensor, or for an LSTM a pair of them, optional
            The first state, shape (layers * directions, N, hidden_size); zeros by default.

        Returns
        -------
        Tensor, shape (L, N, directions * hidden_size)
        Tensor, or for an LSTM a pair of them, shape (layers * directions, N, hidden_size)

        Raises
        ------
        ValueError
            When the shapes do not fit.
        """
        if input.ndim not in (2, 3) or input.shape[-1] != self.input_size or 0 in input.shape:
            axes = "(N, L, {0})" if self.batch_first else "(L, N, {0})"
            raise ValueError(
                f"{self.kind}: input {input.shape}; it has shape {axes.format(self.input_size)} or "
                f"(L, {self.input_size}), with at least one step"
            )
        alone = input.ndim == 2
        x = input.unsqueeze(1) if alone else input.transpose(0, 1) if self.batch_first else input
        ways = self._directions
        shape = (self.num_layers * len(ways), *(() if alone else (x.shape[1],)), self.hidden_size)
        first = _state_of(self, hx, self._states, shape, input)
        first = [tensor.unsqueeze(1) for tensor in first] if alone else first
        last: list[State] = []
        for layer in range(self.num_layers):
            if layer and self.dropout:
                x = F.dropout(x, self.dropout, self.training)
            runs = []
            for way in ways:
                state = tuple(tensor[len(last)] for tensor in first)
                outputs, state = self._run(x, state, f"_l{layer}{way}", way == "_reverse")
                runs.append(outputs)
                last.append(state)
            x = runs[0] if len(runs) == 1 else cat(runs, -1)
        final = [stack(tensors) for tensors in zip(*last, strict=True)]
        if alone:
            x, final = x.squeeze(1), [tensor.squeeze(1) for tensor in final]
        elif self.batch_first:
            x = x.transpose(0, 1)
        return x, tuple(final) if self._states > 1 else final[0]

    def _run(self, x: Tensor, state: State, suffix: str, backwards: bool) -> tuple[Tensor, State]:
        """Take all steps of one layer in one direction."""
        w_ih, w_hh, b_ih, b_hh = self._weights(suffix)
        squash, step = _SQUASH[self.nonlinearity], self._step
        given = _steps(F.linear(x, w_ih, b_ih))
        outputs = []
        for part in reversed(given) if backwards else given:
            state = step(part, state, w_hh, b_hh, squash)
            outputs.append(state[0])
        return stack(outputs[::-1] if backwards else outputs), state

    def _weights(self, suffix: str) -> list[Any]:
        return [getattr(self, name + suffix, None) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]

    def extra_repr(self) -> str:
        """Return the sizes and the options that are not the usual ones."""
        text = f"{self.input_size}, {self.hidden_size}"
        usual = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False}
        options = {name: getattr(self, name) for name in usual}
        return text + "".join(f", {name}={value}" for name, value in options.items() if value != usual[name])


class RNN(Recurrent):
    """Layers of h' = tanh(W_ih x + b_ih + W_hh h + b_hh) over sequences.

    Parameters
    ----------
    input_size, hidden_size, num_layers : int
    nonlinearity : {"tanh", "relu"}
    bias : bool
    batch_first : bool
        Whether sequences have shape (N, L, features) instead of (L, N, features).
    dropout : float
        The probability of dropout between layers.
    bidirectional : bool
        Whether a second set of cells reads the sequence backwards.
    dtype : numpy.dtype, optional

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, ... : Parameter
        Of every layer ``_l0``, ``_l1``, ..., and backwards ``_l0_reverse``, ...; see :class:`RNNCell`.

    Examples
    --------
    >>> from autograd import zeros
    >>> outputs, state = RNN(2, 3, num_layers=2)(zeros(7, 5, 2))
    >>> outputs.shape, state.shape
    ((7, 5, 3), (2, 5, 3))
    """

    kind = "RNN"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: Any = None,
    ) -> None:
        self.nonlinearity = choice_of("RNN", "nonlinearity", nonlinearity, list(_SQUASH))
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, dtype)


class LSTM(Recurrent):
    """Layers of long short-term memory over sequences, after Hochreiter and Schmidhuber (1997).

    Parameters and attributes as of :class:`RNN`, without `nonlinearity`; see :class:`LSTMCell`.

    Examples
    --------
    >>> from autograd import zeros
    >>> outputs, (hidden, cell) = LSTM(2, 3, batch_first=True)(zeros(5, 7, 2))
    >>> outputs.shape, hidden.shape, cell.shape
    ((5, 7, 3), (1, 5, 3), (1, 5, 3))
    """

    kind = "LSTM"


class GRU(Recurrent):
    """Layers of gated recurrent units over sequences, after Cho et al. (2014).

    Parameters and attributes as of :class:`RNN`, without `nonlinearity`; see :class:`GRUCell`.

    Examples
    --------
    >>> from autograd import zeros
    >>> outputs, state = GRU(2, 3, bidirectional=True)(zeros(7, 5, 2))
    >>> outputs.shape, state.shape
    ((7, 5, 6), (2, 5, 3))
    """

    kind = "GRU"


def _state_of(module: Cell | Recurrent, given: Any, count: int, shape: tuple[int, ...], input: Tensor) -> State:
    """Return the states that a module starts from: those given, or zeros."""
    if given is None:
        return (zeros(*shape, dtype=input.dtype),) * count
    states = (given,) if isinstance(given, Tensor) else tuple(given)
    if len(states) != count or any(state.shape != shape for state in states):
        shapes = " and ".join(str(state.shape) for state in states)
        raise ValueError(
            f"{type(module).__name__}: the state has shape {shapes} for input {input.shape}; it is "
            f"{'a pair of tensors' if count > 1 else 'a tensor'} of shape {shape}"
        )
    return states
