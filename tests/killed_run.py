"""A training run that is killed again and again, as a script: test_checkpoint.py and people start it.

``killed_run.py FOLDER KILLS SEED [lines|signals]`` forks one process after the other.  Each goes on from the
checkpoint and is killed: with ``lines`` at a random line of the trainer, of the checkpoint or of the file writer, with
``signals`` by SIGKILL after a random time.  The last one is left alone.  It must end as a run that nobody disturbed.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np

import nn
from autograd import manual_seed
from nn.training import checkpoint

EPOCHS = 24
WATCHED = ("nn/training/trainer.py", "nn/training/checkpoint.py", "nn/training/stopping.py", "nn/files.py")


def train(path):
    """Dropout, batch norm, momentum, a schedule, early stopping, shuffling: all that has a state."""
    manual_seed(1)
    numbers = np.random.default_rng(0)
    x = numbers.normal(size=(96, 6))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    model = nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
    optimiser = nn.optim.Adam(model.parameters(), lr=0.01)
    trainer = nn.Trainer(
        model,
        optimiser,
        nn.functional.cross_entropy,
        metrics={"accuracy": nn.accuracy},
        scheduler=nn.optim.lr_scheduler.StepLR(optimiser, 5, gamma=0.5),
        early_stopping=nn.EarlyStopping(patience=EPOCHS),
        seed=3,
        checkpoint=nn.Checkpoint(path, batches=2),
    )
    trainer.fit((x[:64], y[:64]), (x[64:], y[64:]), epochs=EPOCHS, batch_size=8, progress=False)
    return trainer


def without_times(state):
    """Return a state as text, all but the seconds that it took."""
    if isinstance(state, dict):
        return {str(name): without_times(item) for name, item in state.items() if name != "seconds"}
    if isinstance(state, (list, tuple)):
        return [without_times(item) for item in state]
    return np.asarray(state).tobytes().hex() if hasattr(state, "shape") else repr(state)


def final_state(path):
    """Return the weights at the end and all that the last checkpoint holds."""
    trainer = train(path)
    return without_times([{**trainer.model.state_dict()}, checkpoint.load_state(path)])


def kill_at_line(countdown):
    """Count the lines of the watched files, and kill this process when `countdown` are done."""

    def trace(frame, event, argument):
        nonlocal countdown
        if not frame.f_code.co_filename.endswith(WATCHED):
            return None
        countdown -= event == "line"
        if countdown <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def fork(run):
    child = os.fork()
    if child == 0:
        try:
            run()
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return child


def main(folder, kills, seed, how):
    folder, choice = Path(folder), random.Random(int(seed))
    undisturbed = final_state(folder / "undisturbed.safetensors")
    path, killed, finished, places = folder / "killed.safetensors", 0, 0, set()
    while killed < int(kills):
        if how == "lines":
            moment = choice.randrange(1, 12000)
            child = fork(lambda moment=moment: (kill_at_line(moment), train(path)))
        else:
            child = fork(lambda: train(path))
            time.sleep(choice.uniform(0.0, 0.1))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            killed += 1
        elif status:
            sys.exit(1)
        if path.exists():
            place = checkpoint.load_state(path)["place"]  # a kill at any moment leaves a file that loads
            places.add((place["epoch"], place["batch"]))
            if place["epoch"] == EPOCHS:  # as far as it gets: compare, and begin anew
                finished += 1
                assert final_state(path) == undisturbed
                path.unlink()
    same = final_state(path) == undisturbed
    left = sorted(found.name for found in folder.iterdir())
    print(json.dumps({"killed": killed, "places": len(places), "finished": finished, "same": same, "files": left}))


if __name__ == "__main__":
    main(*sys.argv[1:])
