from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from accounts.domain.segments import MRR, TENURE, UNKNOWN, Definition, matches, tenure_on
from accounts.models import Customer, Dimension
from accounts.queries.money.currency import conversion
from accounts.queries.money.revenue import mrr_known_on
from surveys.domain.campaigns.ranges import ranges_from
from surveys.models import Campaign

# Columns of a customer that one may choose by; as names of attributes they cannot occur.
STARTED, RENEWS = "started_on", "renews_on"


class AudienceTest:
    """Whether respondents belong to a campaign's audience; their customers must be read before."""

    def __init__(
        self,
        audience: Mapping[str, Sequence[str]],
        *,
        day: dt.date,
        ranges: Mapping[str, Mapping[str, str]] | None = None,
        former: bool = False,
    ) -> None:
        self._day = day
        # Of customers who left alone.
        self._former = former
        chosen = ranges_from(ranges or {})
        # Read with the first batch of customers, for all of them.
        self._conversion = cache(conversion)
        named = {
            each.name: each for each in Dimension.objects.filter(name__in=[*audience, *chosen])
        }
        self._wanted = [
            # A segment nobody has registered is the attribute of that name.
            (named[name].definition if name in named else Definition(name, name), frozenset(values))
            for name, values in audience.items()
            if values
        ]
        # What a segment has another name for; two of them may be of one attribute.
        self._ranges = [
            (named[name].attribute if name in named else name, each)
            for name, each in chosen.items()
        ]
        self._attributes = {name for definition, _ in self._wanted for name in definition.reads}
        self._attributes |= {name for name, _ in self._ranges}
        self._customers: dict[int, dict[str, Any]] = {}
        self._gone: set[int] = set()

    @classmethod
    def of(cls, campaign: Campaign, *, day: dt.date) -> AudienceTest:
        return cls(campaign.audience, day=day, ranges=campaign.ranges, former=campaign.asks_former)

    @property
    def _is_chosen(self) -> bool:
        return bool(self._wanted or self._ranges)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of Respondent that `holds` takes."""
        if not self._is_chosen:
            return ("customer_id",)
        return ("customer_id", "role", "language", "attributes")

    def holds(
        self,
        customer_id: int | None,
        role: str = "",
        language: str = "",
        own: Mapping[str, Any] | None = None,
    ) -> bool:
        """Who is known without a customer, from imported answers alone, belongs to no audience."""
        if customer_id is None:
            return False
        if self._former and customer_id not in self._gone:
            return False
        if not self._is_chosen:
            return True
        # The same order of precedence as when the values are frozen on sending.
        values = {
            **self._customers[customer_id],
            **(own or {}),
            "role": role,
            "language": language,
        }
        in_ranges = (each.holds(str(values.get(name, UNKNOWN))) for name, each in self._ranges)
        return matches(values, wanted=self._wanted) and all(in_ranges)

    def _mrr(self, customers: Iterable[int]) -> dict[int | None, str]:
        return mrr_known_on(customers, day=self._day, known=self._conversion)

    def read_customers(self, customer_ids: Iterable[int | None]) -> None:
        """Read those not known yet; of each only what the audience asks about is kept."""
        new = {pk for pk in customer_ids if pk is not None} - self._customers.keys()
        if self._former:
            gone = Customer.objects.filter(pk__in=new, churned_on__lte=self._day)
            self._gone.update(gone.values_list("pk", flat=True))
        if not self._is_chosen:
            return
        mrr = self._mrr(new) if MRR in self._attributes else {}
        rows = Customer.objects.filter(pk__in=new).values_list(
            "pk", "attributes", "started_on", "renews_on"
        )
        for customer_id, attributes, started_on, renews_on in rows:
            facts = {
                MRR: mrr.get(customer_id, UNKNOWN),
                TENURE: tenure_on(self._day, started_on),
                STARTED: str(started_on or UNKNOWN),
                RENEWS: str(renews_on or UNKNOWN),
            }
            known = {**attributes, **facts}
            self._customers[customer_id] = {
                name: known[name] for name in self._attributes if name in known
            }
