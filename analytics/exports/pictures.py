"""Charts as files, drawn without a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import vl_convert
from django.conf import settings

FILE_WIDTH = 820
# As Vega-Lite has it.
Spec = Mapping[str, Any]
# A server often has no Japanese font: its pictures would be rows of empty boxes.
vl_convert.register_font_directory(str(settings.BASE_DIR / "static" / "vendor" / "noto-sans-cjk"))


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands around a chart on its page and must come along in a file."""

    title: str
    lines: Sequence[str]


def as_svg(spec: Spec, heading: Heading) -> str:
    text: str = vl_convert.vegalite_to_svg(_for_file(spec, heading))
    return text


def as_png(spec: Spec, heading: Heading) -> bytes:
    data: bytes = vl_convert.vegalite_to_png(_for_file(spec, heading), scale=2)
    return data


# By the name in addresses and of the file's ending: the type of the content, and how it is drawn.
PICTURES: dict[str, tuple[str, Callable[[Spec, Heading], str | bytes]]] = {
    "svg": ("image/svg+xml", as_svg),
    "png": ("image/png", as_png),
}


def _for_file(spec: Spec, heading: Heading) -> dict[str, Any]:
    """A file has no container to fill and no page that says what it shows."""
    fixed = {**spec, "background": "white", "padding": 16, "title": _title(heading)}
    fixed["description"] = " ".join([heading.title, *heading.lines])
    if fixed.get("width") == "container":
        fixed["width"] = FILE_WIDTH
    return fixed


def _title(heading: Heading) -> dict[str, Any]:
    return {
        "text": heading.title,
        "subtitle": list(heading.lines),
        "anchor": "start",
        "frame": "group",
        "fontSize": 16,
        "subtitleFontSize": 12,
        "subtitlePadding": 6,
        "offset": 14,
    }
