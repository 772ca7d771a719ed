"""Pictures of computational graphs, of numbers or of tensors: values above the wires, gradients below.

>>> import viz
>>> from autograd import Value
>>> x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
>>> f = (x + y) * z
>>> f.backward()
>>> viz.draw(f)
<Diagram of 3 inputs, 2 gates, result -12.00>
"""

import autograd

if getattr(autograd, "DISTRIBUTION", None) != "chainrule":
    raise ImportError(
        f"viz needs Chainrule's package 'autograd', but Python finds another one at {autograd.__file__} "
        f"(HIPS autograd has the same import name); use separate environments, or run "
        f"'pip uninstall autograd' and then 'pip install --force-reinstall chainrule'"
    )

from viz import plots
from viz.convolution import ConvolutionSteps, convolution_steps
from viz.diagram import Diagram, draw
from viz.frames import frames
from viz.lessons import Lesson, mistake
from viz.render import RenderError
from viz.stepper import Stepper, step
from viz.themes import THEMES, Theme
from viz.trace import trace
from viz.training import Training, training

__all__ = [
    "THEMES",
    "ConvolutionSteps",
    "Diagram",
    "Lesson",
    "RenderError",
    "Stepper",
    "Theme",
    "Training",
    "convolution_steps",
    "draw",
    "frames",
    "mistake",
    "plots",
    "step",
    "trace",
    "training",
]
