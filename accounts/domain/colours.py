"""Whether a colour can be read, and what it becomes on a dark ground."""

from __future__ import annotations

# WCAG 2.2, AA: text of any size; and what is no text.
TEXT, SHAPE = 4.5, 3.0
WHITE = "#ffffff"
# The grounds of e-mails and of the public pages in the dark, and of their score cells.
DARK = "#1a2129"
STEPS = 50


def contrast(one: str, other: str) -> float:
    """1 to 21, of two colours as `#rrggbb`."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def is_readable(colour: str) -> bool:
    """On white, and with white on it."""
    return contrast(colour, WHITE) >= TEXT


def in_the_dark(colour: str) -> str:
    """The same hue, as much lighter as it takes to be read on the dark ground."""
    mixed = (_mixed(colour, WHITE, step / STEPS) for step in range(STEPS + 1))
    return next(each for each in mixed if contrast(each, DARK) >= TEXT)


def darker(colour: str) -> str:
    """So that it is read on a tint of itself, too."""
    mixed = (_mixed(colour, "#000000", step / STEPS) for step in range(STEPS + 1))
    return next(each for each in mixed if contrast(each, tint(colour)) >= TEXT)


def tint(colour: str) -> str:
    """A pale ground of the hue."""
    return _mixed(colour, WHITE, 0.92)


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
