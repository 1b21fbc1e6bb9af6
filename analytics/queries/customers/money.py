"""What stands beside amounts of money: their currency, and what could not be brought into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.domain.money import Conversion
from accounts.queries.money.currency import LeftOut, amounts_left_out, conversion
from analytics.domain.periods import Period, last_month_end_before
from analytics.queries.database.snapshot import once


@dataclass(frozen=True, slots=True)
class Money:
    # Empty where no row of revenue names one.
    currency: str = ""
    left_out: tuple[LeftOut, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Beyond the contract."""
        left_out = [
            {
                "currency": each.currency,
                "amounts": each.amounts,
                "customers": each.customers,
                "from": f"{each.first:%Y-%m}",
                "to": f"{each.last:%Y-%m}",
            }
            for each in self.left_out
        ]
        found = {"currency": self.currency, "left_out": left_out}
        return {name: value for name, value in found.items() if value}


def known_conversion() -> Conversion:
    return once("conversion", conversion)


def money_of(period: Period) -> Money:
    known = known_conversion()
    since = last_month_end_before(period.start)
    return Money(known.currency, tuple(amounts_left_out(known, since=since)))
