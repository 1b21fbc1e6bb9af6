"""Amounts of several currencies in one: converted at their month's rate, or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
# Of the customers of the month before: where more are gone unexplained, the file was cut.
MOST_MISSING = 0.1


def looks_incomplete(paid: int, *, missing: int) -> bool:
    """Of a month's revenue: so many paid the month before, so many of them have no row now.

    Not even one of 0, and are not marked as churned by its end.
    """
    return missing > MOST_MISSING * paid


def reporting_currency(rows: Mapping[str, int], *, chosen: str) -> str:
    """What was chosen, else the currency of most rows; among equals the first of the alphabet."""
    named = {currency: number for currency, number in rows.items() if currency}
    if chosen or not named:
        return chosen
    return min(named, key=lambda currency: (-named[currency], currency))


@dataclass(frozen=True, slots=True)
class Paid:
    """What a customer pays in a month, as it is billed; None: not known."""

    amount: Decimal | None
    currency: str
    month: date


@dataclass(frozen=True, slots=True)
class Conversion:
    """Into the currency of reports; a row without a currency is in it."""

    currency: str
    # By currency and the first day of the month.
    rates: Mapping[tuple[str, date], Decimal]
    # Whether any amount is in another one.
    has_foreign: bool = True

    def is_foreign(self, currency: str) -> bool:
        return currency not in ("", self.currency)

    def rate(self, currency: str, *, month: date) -> Decimal | None:
        """None where it is not known: such an amount is left out, and never added up as it is."""
        if not self.is_foreign(currency):
            return Decimal(1)
        return self.rates.get((currency, month))

    def amount(self, mrr: Decimal, *, currency: str, month: date) -> Decimal | None:
        rate = self.rate(currency, month=month)
        if rate is None or not self.is_foreign(currency):
            return None if rate is None else mrr
        return (mrr * rate).quantize(CENT, rounding=ROUND_HALF_UP)

    def total(
        self, amounts: Sequence[tuple[Decimal, str]], *, month: date
    ) -> tuple[Decimal | None, str]:
        """Of a customer's products in a month, and its currency: as billed where all are in one,
        else in that of reports; None where one of the rates is not known."""
        currencies = {currency for _, currency in amounts}
        if len(currencies) == 1:
            return sum((mrr for mrr, _ in amounts), Decimal(0)), currencies.pop()
        found = [self.amount(mrr, currency=currency, month=month) for mrr, currency in amounts]
        known = [amount for amount in found if amount is not None]
        return (sum(known, Decimal(0)) if len(known) == len(found) else None), self.currency

    def pair(self, before: Paid, after: Paid) -> tuple[Decimal, Decimal] | None:
        """Two amounts that can be held against each other; None where one of them is not known.

        As billed where both are in one currency: a rate that moved is no change of what is paid.
        """
        if before.amount is None or after.amount is None:
            return None
        if self._named(before.currency) == self._named(after.currency):
            return before.amount, after.amount
        first, then = self.converted(before), self.converted(after)
        return None if first is None or then is None else (first, then)

    def converted(self, paid: Paid) -> Decimal | None:
        if paid.amount is None:
            return None
        return self.amount(paid.amount, currency=paid.currency, month=paid.month)

    def _named(self, currency: str) -> str:
        return currency or self.currency
