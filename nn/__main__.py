"""The command line: ``python -m nn train digits --model "FC64-RELU-FC10" --epochs 10``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

import nn
from autograd import manual_seed
from nn.data import Subset, TensorDataset, random_split
from nn.data.transforms import Standardize

DATA_SETS: dict[str, Callable[[int], TensorDataset]] = {
    "digits": lambda seed: nn.data.digits(),
    "iris": lambda seed: nn.data.iris(),
    "wine": lambda seed: nn.data.wine(),
    "breast_cancer": lambda seed: nn.data.breast_cancer(),
    "moons": lambda seed: nn.data.moons(1000, seed=seed),
    "spirals": lambda seed: nn.data.spirals(1500, seed=seed),
    "mnist": lambda seed: nn.data.mnist("train"),
    "fashion_mnist": lambda seed: nn.data.fashion_mnist("train"),
}
TESTS = {"mnist": lambda: nn.data.mnist("test"), "fashion_mnist": lambda: nn.data.fashion_mnist("test")}
OPTIMISERS = {name.lower(): name for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax")}
ROWS = 20
"""Of the table in the end."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"error: {message}; see {self.prog} --help", file=sys.stderr)
        sys.exit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m nn", description="Train a neural network, or show what it consists of.")
    commands = parser.add_subparsers(dest="command", required=True)

    train = commands.add_parser("train", help="train a classifier on a data set")
    train.add_argument("data", choices=DATA_SETS, help="the data set")
    train.add_argument(
        "--model", required=True, metavar="PATTERN", help='such as "[CONV16-RELU-POOL]*2-FC64-RELU-FC10"'
    )
    train.add_argument("--epochs", type=int, default=10, metavar="N", help="(default: %(default)s)")
    train.add_argument("--optimiser", "--optimizer", choices=OPTIMISERS, default="adam", help="(default: %(default)s)")
    train.add_argument("--lr", type=float, help="learning rate (default: the optimiser's)")
    train.add_argument("--momentum", type=float, help="of an optimiser that has one")
    train.add_argument("--weight-decay", type=float, help="(default: the optimiser's)")
    train.add_argument("--batch-size", type=int, default=64, metavar="N", help="(default: %(default)s)")
    train.add_argument("--seed", type=int, default=0, metavar="N", help="of all that is random (default: %(default)s)")
    train.add_argument("--hold-out", type=float, default=0.2, metavar="SHARE", help="for validation (default: 0.2)")
    train.add_argument("--patience", type=int, metavar="N", help="stop after N epochs without a lower validation loss")
    train.add_argument("--out", metavar="FILE", help="save the weights, as safetensors")
    train.add_argument("--plot", metavar="FILE", help="save a picture of loss and accuracy, such as curves.png")
    train.add_argument("--csv", metavar="FILE", help="save the history")
    train.add_argument("--checkpoint", metavar="FILE", help="save the state of the run after every epoch")
    train.add_argument("--resume", action="store_true", help="go on from the checkpoint, if it is there")
    train.add_argument("--quiet", action="store_true", help="no progress bar")
    train.set_defaults(run=_train)

    summary = commands.add_parser("summary", help="show the layers, shapes and parameters of a pattern")
    summary.add_argument("model", metavar="PATTERN")
    summary.add_argument("--input", required=True, metavar="SHAPE", help="of one sample, such as 1x28x28")
    summary.set_defaults(run=_summary)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}" if error.strerror else str(error))
    except (ValueError, TypeError, ImportError, nn.Diverged) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return 0


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 2


def _train(options: argparse.Namespace) -> None:
    manual_seed(options.seed)
    _check_files(options)
    train, validation, test = _data(options)
    shape = train[0][0].shape
    model = nn.from_pattern(options.model, input_shape=shape)
    given = {"lr": options.lr, "momentum": options.momentum, "weight_decay": options.weight_decay}
    kind = getattr(nn.optim, OPTIMISERS[options.optimiser])
    given = {name: value for name, value in given.items() if value is not None}
    if "momentum" in given and "momentum" not in kind(model.parameters()).defaults:
        raise ValueError(f"--optimiser {options.optimiser} has no --momentum; leave it out, or take sgd or rmsprop")
    optimizer = kind(model.parameters(), **given)
    trainer = nn.Trainer(
        model,
        optimizer,
        nn.functional.cross_entropy,
        metrics={"accuracy": nn.accuracy},
        early_stopping=nn.EarlyStopping(options.patience) if options.patience is not None else None,
        seed=options.seed,
        checkpoint=options.checkpoint,
    )
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(f"{options.data}: {len(train)} samples to train on, {len(validation)} held out; {parameters:,} parameters")
    history = trainer.fit(
        train,
        validation,
        options.epochs,
        batch_size=options.batch_size,
        progress=not options.quiet,
        resume=options.resume,
    )
    print(history[-ROWS:])
    if trainer.stopped:
        print(f"stopped after epoch {trainer.epoch}: {trainer.stopped}")
    if test is not None:
        found = trainer.evaluate(test)
        print(f"test set: loss {found['loss']:.4g}, accuracy {found['accuracy']:.2%}")
    if options.out:
        made_of = {"pattern": options.model, "input_shape": shape, "data": options.data}
        nn.save(model, options.out, {"chainrule.model": json.dumps(made_of)})  # one note: their order is random
    if options.csv:
        history.to_csv(options.csv)
    if options.plot:
        _plot(history, options.plot)
    written = [file for file in (options.out, options.csv, options.plot) if file]
    if written:
        print(f"wrote {', '.join(written)}")


def _check_files(options: argparse.Namespace) -> None:
    """Raise an error for a file that could not be written in the end."""
    for file in (options.out, options.csv, options.plot, options.checkpoint):
        if file and (Path(file).is_dir() or not Path(file).absolute().parent.is_dir()):
            raise ValueError(f"{file} cannot be written: it is a folder, or its folder is not there")
    if options.resume and not options.checkpoint:
        raise ValueError("--resume goes on from a checkpoint; give --checkpoint FILE")
    if options.checkpoint and not options.resume and Path(options.checkpoint).exists():
        raise ValueError(f"{options.checkpoint} is there already; give --resume to go on with it, or remove it")
    if options.plot:
        try:
            from matplotlib.figure import Figure
        except ImportError:
            raise ImportError('--plot needs Matplotlib: pip install "chainrule[plots]"') from None
        endings = Figure().canvas.get_supported_filetypes()
        if Path(options.plot).suffix.lstrip(".") not in endings:
            raise ValueError(f"{options.plot}: a picture ends in one of .{', .'.join(sorted(endings))}")


def _data(options: argparse.Namespace) -> tuple[Any, Any, Any]:
    """Return what to train on, what to hold out and, where there is one, the test set; tables are standardised."""
    whole = DATA_SETS[options.data](options.seed)
    test = TESTS[options.data]() if options.data in TESTS else None
    if not 0 < options.hold_out < 1:
        raise ValueError(f"--hold-out is a share between 0 and 1, got {options.hold_out}")
    train, validation = random_split(whole, [1 - options.hold_out, options.hold_out], seed=options.seed)
    if whole.tensors[0].ndim > 2:
        return train, validation, test
    table, labels = (tensor.numpy() for tensor in whole.tensors)
    scale = Standardize().fit(table[np.asarray(train.indices)])
    scaled = TensorDataset(scale(table), labels)
    return Subset(scaled, train.indices), Subset(scaled, validation.indices), test


def _plot(history: nn.History, path: str) -> None:
    from matplotlib.figure import Figure

    from viz import plots  # this is a program that uses both packages; neither package imports the other

    left, right = (figure := Figure(figsize=(10, 4), layout="constrained")).subplots(1, 2)
    plots.loss_curves(history, ax=left)
    plots.loss_curves(history, metric="accuracy", ax=right)
    figure.savefig(path, dpi=150)


def _summary(options: argparse.Namespace) -> None:
    sizes = options.input.lower().split("x")
    if not all(size.isdecimal() and int(size) for size in sizes):
        raise ValueError(f"--input {options.input}: a shape is written as 784 or 1x28x28")
    shape = tuple(map(int, sizes))
    print(nn.summary(nn.from_pattern(options.model, input_shape=shape), shape))


if __name__ == "__main__":
    sys.exit(main())
