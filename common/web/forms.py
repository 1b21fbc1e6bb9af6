from __future__ import annotations

from typing import Any

from django import forms


class SelectMultipleAsOne(forms.Select):
    """Shows one choice, takes as many as the address repeats."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return [value for value in values if value]
