"""The progress bar that training and searching share: tqdm's, for a terminal or a notebook."""

from __future__ import annotations

import warnings
from typing import Any


def bar(**options: Any) -> Any:
    """Return a progress bar of tqdm, or ``None`` when tqdm is missing.

    Parameters
    ----------
    **options
        Of ``tqdm.tqdm``.

    Examples
    --------
    >>> shown = bar(total=3, disable=True)
    >>> shown is None or shown.total == 3
    True
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # in a notebook without ipywidgets the bar is one of text
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return None
    return tqdm(**options)
