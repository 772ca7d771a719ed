"""Colours of a picture; position carries the meaning too, value above the wire and gradient below."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """The colours of a picture, as ``#rrggbb``."""

    background: str
    line: str
    text: str
    value: str
    gradient: str
    gate: str
    mark: str = "#fff3c4"

    def __post_init__(self) -> None:
        for part, colour in vars(self).items():
            if not (isinstance(colour, str) and re.fullmatch("#[0-9a-fA-F]{6}", colour)):
                raise ValueError(f"the theme's {part} is a colour such as '#00775a', got {colour!r}")


THEMES = {
    "default": Theme(
        background="#ffffff", line="#1a1a1a", text="#1a1a1a", value="#00775a", gradient="#b54708", gate="#ffffff"
    ),
    "cs231n": Theme(
        background="#ffffff", line="#000000", text="#000000", value="#128228", gradient="#d0222e", gate="#ffffff"
    ),
    "dark": Theme(
        background="#14171c",
        line="#d8dce3",
        text="#eef0f4",
        value="#2fd6a3",
        gradient="#ff8f4d",
        gate="#222831",
        mark="#463a12",
    ),
}
"""``default`` survives colour blindness, ``cs231n`` has the lecture's green and red, ``dark`` is for dark pages."""


def theme(name: str | Theme) -> Theme:
    """Return the theme called `name`.

    Raises
    ------
    ValueError
        When there is none of that name.

    Examples
    --------
    >>> theme("default").value
    '#00775a'
    """
    if isinstance(name, Theme):
        return name
    if name not in list(THEMES):
        raise ValueError(f"there is no theme {name!r}; choose one of {', '.join(map(repr, THEMES))}")
    return THEMES[name]
