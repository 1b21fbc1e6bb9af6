"""The reports that there are, registered once: addresses, tabs and downloads follow from it.

Small on purpose: every command reads the addresses, and pandas takes a second to import.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Registered:
    # Of the address, the template, the files and the module of its view.
    name: str
    title: str | Promise
    # Dotted, of the view; imported when it is first asked for.
    view: str
    path: str


def registered(
    name: str, title: str | Promise, *, module: str | None = None, path: str | None = None
) -> Registered:
    """A report whose view is called `view` in the module of its name, or in that of `views`."""
    found = f"{name}/" if path is None else path
    return Registered(name, title, view=f"analytics.views.{module or name}.view", path=found)


REPORTS = [
    registered("overview", _("Overview"), path=""),
    registered("segments", _("Segments"), module="answers.segments"),
    registered("trend", _("Trend"), module="answers.trend"),
    registered("csat", _("CSAT"), module="answers.csat"),
    registered("outcomes", _("Outcomes")),
    registered("retention", _("Retention")),
    registered("metrics", _("Metrics"), module="metrics.listing"),
    registered("health", _("Health"), module="health.scores"),
    registered(
        "health_evidence", _("Proof of health"), module="health.evidence", path="health/evidence/"
    ),
]
