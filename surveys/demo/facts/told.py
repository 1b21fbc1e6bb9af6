"""One company with all that files and CS members told of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from surveys.demo.companies import Window
from surveys.demo.facts.events import Story
from surveys.demo.facts.leaving import reason_for_leaving
from surveys.demo.facts.products import draw_sold
from surveys.demo.facts.terms import draw_renewals, terms_of
from surveys.demo.facts.usage import draw_usage
from surveys.demo.shape import Company, Happened, Judged, Sold, Terms


@dataclass(frozen=True)
class Told:
    company: Company
    window: Window

    @cached_property
    def sold(self) -> list[Sold]:
        return draw_sold(self.company)

    @cached_property
    def renewals(self) -> list[dt.date]:
        return draw_renewals(self.company, today=self.window.today)

    @cached_property
    def terms(self) -> list[Terms]:
        since = self.window.firsts[0]
        return terms_of(self.company, renewals=self.renewals, sold=self.sold, since=since)

    @cached_property
    def why_it_left(self) -> tuple[str, str]:
        return reason_for_leaving(self.company)

    @cached_property
    def usage(self) -> dict[str, list[tuple[dt.date, int]]]:
        return draw_usage(self.company, window=self.window)

    @cached_property
    def events(self) -> list[Happened]:
        return self._story.events(sold=self.sold, renewals=self.renewals)

    @cached_property
    def pulses(self) -> list[Judged]:
        return self._story.pulses()

    @property
    def _story(self) -> Story:
        return Story(self.company, window=self.window)
