"""What an imported row makes of what is known: a blank cell clears, an absent column keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged_attributes(before: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    known = {**before, **given}
    return {name: value for name, value in known.items() if value != ""}
