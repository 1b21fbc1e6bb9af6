"""What a report is asked for, checked against what there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Dimension
from accounts.queries.rebuilds import running_rebuild
from analytics.domain.periods import Period
from analytics.queries.database.snapshot import once
from surveys.models import Campaign

MAX_DIMENSIONS = 2


class FilterError(ValueError):
    """A sentence for whoever asked."""


class Compare(StrEnum):
    PREVIOUS = "previous"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Filters:
    period: Period
    by: tuple[str, ...] = ()
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    campaign: str = ""
    language: str = ""
    compare: Compare | None = None
    # The e-mail address of the CS member whose customers alone are counted; empty: all.
    owner: str = ""
    # None: each answer in the segment frozen when its e-mail was sent, each customer in that of the
    # period's start. A day: all in the segments that their values of now make on that day.
    as_of: dt.date | None = None
    # Instead of what `compare` says, where the period is a part of the calendar that still runs.
    same_days: Period | None = None
    # Customers and revenue are unknown, instead of those of all, where a campaign or a language
    # chooses the answers.
    only_filtered: bool = False
    # The day on which it is asked, so that what still runs or comes in is marked; None: nothing is.
    today: dt.date | None = None

    @property
    def chooses_answers(self) -> bool:
        """Customers and revenue have neither a language nor a campaign."""
        return bool(self.language or self.campaign)

    @property
    def chooses_part(self) -> bool:
        """The organisation's targets are those of all its customers and answers together."""
        return self.chooses_answers or self.chooses_customers

    @property
    def chooses_customers(self) -> bool:
        return bool(self.where or self.owner)

    @property
    def compared(self) -> Period | None:
        if self.compare is None:
            return None
        if self.same_days is not None:
            return self.same_days
        if self.compare is Compare.PREVIOUS:
            return self.period.previous()
        return self.period.year_earlier()


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters with the rows that they name."""

    filters: Filters
    dimensions: tuple[Dimension, ...]
    conditions: tuple[Dimension, ...]
    campaign_id: int | None

    @property
    def about_customers(self) -> bool:
        """Attributes of respondents split and choose answers: they say nothing of customers."""
        if self.filters.only_filtered and self.filters.chooses_answers:
            return False
        used = (*self.dimensions, *self.conditions)
        return all(each.source == Dimension.Source.CUSTOMER for each in used)


def scope_of(filters: Filters) -> Scope:
    if len(filters.by) > MAX_DIMENSIONS or len(set(filters.by)) != len(filters.by):
        raise FilterError(_("Choose one dimension, or two different ones."))
    dimensions = once("dimensions", lambda: list(Dimension.objects.all()))
    known = {each.name: each for each in dimensions}
    if filters.language and filters.language not in dict(settings.LANGUAGES):
        codes = ", ".join(code for code, _name in settings.LANGUAGES)
        raise FilterError(
            _("There is no language “%(code)s”. Available: %(codes)s.")
            % {"code": filters.language, "codes": codes}
        )
    return Scope(
        filters,
        dimensions_named(filters.by, known),
        dimensions_named(filters.where, known),
        _campaign_id(filters.campaign) if filters.campaign else None,
    )


def dimensions_named(names: Iterable[str], known: Mapping[str, Dimension]) -> tuple[Dimension, ...]:
    for name in names:
        if name not in known:
            raise FilterError(_unknown_dimension(name, sorted(known)))
    return tuple(known[name] for name in names)


def _unknown_dimension(name: str, known: Sequence[str]) -> str:
    if not known:
        return _("There is no dimension “%(name)s”: none are known before the first import.") % {
            "name": name
        }
    return _("There is no dimension “%(name)s”. Available: %(known)s.") % {
        "name": name,
        "known": ", ".join(known),
    }


def _campaign_id(slug: str) -> int:
    found = Campaign.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        raise FilterError(_("There is no campaign “%(slug)s”.") % {"slug": slug})
    return found


def share_rebuilt(filters: Filters) -> float | None:
    """Between 0 and 1 while what the filters ask for mixes frozen values of two definitions.

    The values of now are not frozen anywhere, so nothing of them waits to be.
    """
    if filters.as_of is not None or not (filters.by or filters.where):
        return None
    running = running_rebuild()
    return None if running is None else running.share or 0.0
