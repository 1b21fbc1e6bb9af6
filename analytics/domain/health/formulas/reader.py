"""Reading JSON with bounds: each value is checked where it stands, and every fault kept."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from analytics.domain.health.formulas.faults import Fault, FaultCode

Choice = TypeVar("Choice", bound=StrEnum)


class Node:
    """A value and its place; all nodes of one formula share the list of faults."""

    def __init__(self, value: Any, *, place: str = "", faults: list[Fault]) -> None:
        self.value = value
        self.place = place
        self.faults = faults

    def fault(self, code: FaultCode, **params: object) -> None:
        self.faults.append(Fault(self.place, code, params))

    @property
    def given(self) -> bool:
        return self.value is not None

    def child(self, key: str) -> Node:
        place = f"{self.place}.{key}" if self.place else key
        found = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Node(found, place=place, faults=self.faults)

    def required(self, key: str) -> Node:
        found = self.child(key)
        if not found.given:
            found.fault(FaultCode.MISSING)
        return found

    def object(self, known: Collection[str]) -> bool:
        """Whether it is one; keys that are not known are faults."""
        if not isinstance(self.value, Mapping):
            self.fault(FaultCode.OBJECT)
            return False
        for key in self.value:
            if key not in known:
                place = f"{self.place}.{key}" if self.place else str(key)
                self.faults.append(Fault(place, FaultCode.UNKNOWN_KEY, {"known": ", ".join(known)}))
        return True

    def items(self, *, least: int, most: int) -> list[Node]:
        if not isinstance(self.value, list) or not least <= len(self.value) <= most:
            self.fault(FaultCode.LIST, least=least, most=most)
            return []
        return [
            Node(value, place=f"{self.place}[{number}]", faults=self.faults)
            for number, value in enumerate(self.value)
        ]

    def text(self, *, most: int) -> str:
        if not isinstance(self.value, str) or not 0 < len(self.value.strip()) <= most:
            self.fault(FaultCode.TEXT, most=most)
            return ""
        return self.value.strip()

    def number(self, *, low: float, high: float, code: FaultCode = FaultCode.NUMBER) -> float:
        if not is_number(self.value) or not low <= self.value <= high:
            self.fault(code, low=f"{low:g}", high=f"{high:g}")
            return low
        return float(self.value)

    def whole(self, *, low: int, high: int) -> int:
        found = self.number(low=low, high=high)
        if found != int(found):
            self.fault(FaultCode.NUMBER, low=low, high=high)
        return int(found)

    def choice(self, of: type[Choice], *, default: Choice) -> Choice:
        if not self.given:
            return default
        if not isinstance(self.value, str) or self.value not in set(of):
            self.fault(FaultCode.CHOICE, value=self.value, known=", ".join(of))
            return default
        return of(self.value)


def is_number(value: object) -> bool:
    """JSON knows no infinity, but Python reads it; true and false are no numbers."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and math.isfinite(value)  # type: ignore[arg-type]


def twice(texts: Iterable[str]) -> list[str]:
    """Those that occur again, each once."""
    seen: set[str] = set()
    found = [text for text in texts if text in seen or seen.add(text)]  # type: ignore[func-returns-value]
    return list(dict.fromkeys(found))
