"""Pictures of training with Matplotlib: curves, boundaries, activations, filters, paths and confusions.

The functions take arrays, tensors and plain records (a list of dicts, one per epoch), and return Matplotlib's Axes, or
a Figure where there are several panels.  The result shows itself in a notebook, and ``ax.figure.savefig("loss.png")``
writes it to a file.  With ``ax`` they draw into a picture of yours; ``theme="dark"`` is for dark slides.

>>> from viz import plots
>>> history = [{"epoch": 1, "loss": 2.3, "val_loss": 2.3}, {"epoch": 2, "loss": 1.1, "val_loss": 1.4}]
>>> ax = plots.loss_curves(history)
>>> [line.get_label() for line in ax.lines]
['training', 'validation']
"""

from viz.plots.activations import activation, activation_histograms, saturation
from viz.plots.boundary import decision_boundary
from viz.plots.confusion import confusion_matrix
from viz.plots.curves import learning_rate_curves, loss_curves, schedule, update_ratios
from viz.plots.surfaces import loss_curve_1d, loss_surface, optimiser_paths
from viz.plots.tiles import feature_maps, filters, images, templates

__all__ = [
    "activation",
    "activation_histograms",
    "confusion_matrix",
    "decision_boundary",
    "feature_maps",
    "filters",
    "images",
    "learning_rate_curves",
    "loss_curve_1d",
    "loss_curves",
    "loss_surface",
    "optimiser_paths",
    "saturation",
    "schedule",
    "templates",
    "update_ratios",
]
