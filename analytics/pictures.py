"""Charts as files, drawn without a browser."""

from __future__ import annotations

import vl_convert

from analytics.charts import Spec

FILE_WIDTH = 820


def as_svg(spec: Spec) -> str:
    text: str = vl_convert.vegalite_to_svg(_for_file(spec))
    return text


def as_png(spec: Spec) -> bytes:
    data: bytes = vl_convert.vegalite_to_png(_for_file(spec), scale=2)
    return data


def _for_file(spec: Spec) -> Spec:
    """A file has no container to fill and no style sheet to take its fonts from."""
    fixed = {**spec, "background": "white"}
    if fixed.get("width") == "container":
        fixed["width"] = FILE_WIDTH
    return fixed
