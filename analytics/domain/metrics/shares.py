"""Metrics that are shares: which units count, and which of them are hits.

Each rule gives a row per unit (a customer, a ticket, a renewal date): `customer` and `hit`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from accounts.domain.facts.events import EventKind
from analytics.domain.metrics.facts import Facts
from analytics.domain.metrics.tickets import tickets
from analytics.domain.metrics.windows import USE_DAYS, YEAR
from analytics.domain.statistics.nps.counts import Counts
from analytics.domain.statistics.nps.intervals import Sample, Shared

AFTERWARDS = pd.Timedelta(days=30)


def onboarding_completion(facts: Facts) -> pd.DataFrame:
    started = facts.dates["started_on"].dropna()
    ends = started + pd.Timedelta(days=facts.choices.onboarding_days)
    ends = ends[facts.ends_in(ends)]
    done = facts.of(EventKind.ONBOARDING_COMPLETED).groupby("customer")["at"].min()
    gone = facts.dates["churned_on"].reindex(ends.index)
    at = done.reindex(ends.index).dt.normalize()
    return _units(ends.index, (at <= ends) & ~(gone < at))


def renewal(facts: Facts) -> pd.DataFrame:
    rows = facts.renewals.drop_duplicates()
    day = rows["renews_on"] + AFTERWARDS
    rows, day = rows[facts.ends_in(day)], day[facts.ends_in(day)]
    gone = facts.dates["churned_on"].reindex(rows["customer"]).to_numpy()
    return _units(rows["customer"], ~(gone <= day.to_numpy()))


def repurchase(facts: Facts) -> pd.DataFrame:
    times = facts.of(EventKind.PURCHASED, EventKind.RENEWED).groupby("customer").size()
    return _units(times.index, times >= 2)


def education(facts: Facts) -> pd.DataFrame:
    return _took_part(facts, EventKind.TRAINED, since=facts.end - YEAR)


def community(facts: Facts) -> pd.DataFrame:
    return _took_part(facts, EventKind.COMMUNITY, EventKind.ATTENDED, since=facts.start)


def referral(facts: Facts) -> pd.DataFrame:
    return _took_part(facts, EventKind.REFERRED, since=facts.start)


def feedback(facts: Facts) -> pd.DataFrame:
    customers = facts.at_start()
    return _units(customers, customers.isin(facts.answered))


def comments(facts: Facts) -> pd.DataFrame:
    customers = facts.at_start()
    return _units(customers, customers.isin(facts.commented))


def engagement(facts: Facts) -> pd.DataFrame:
    """Of those whose seats are known and not 0; who had facts and stopped is not engaged."""
    use = facts.use
    seats = use.seats.reindex(use.total.index)
    mean = (use.total / USE_DAYS / seats.where(seats > 0)).dropna()
    mean = mean[mean.index.isin(facts.at_end())]
    threshold = facts.choices.engaged_from
    return _units(mean.index, mean >= (np.inf if threshold is None else threshold))


def self_directed(facts: Facts) -> pd.DataFrame:
    days = facts.use.days_active
    days = days[days.index.isin(facts.at_end())]
    helped = facts.of(EventKind.TICKET_OPENED, EventKind.CONTACTED, since=facts.use_from)
    alone = ~days.index.isin(helped["customer"])
    return _units(days.index, alone & (2 * days.to_numpy() >= facts.use.working_days))


def resolution(facts: Facts) -> pd.DataFrame:
    rows = tickets(facts, EventKind.TICKET_RESOLVED, since=facts.start - AFTERWARDS)
    due = rows["opened"] + AFTERWARDS
    rows, due = rows[facts.ends_in(due)], due[facts.ends_in(due)]
    return _units(rows["customer"], rows["then"] <= due)


SHARES: Mapping[str, Callable[[Facts], pd.DataFrame]] = {
    "onboarding_completion_rate": onboarding_completion,
    "renewal_rate": renewal,
    "repurchase_rate": repurchase,
    "feedback_rate": feedback,
    "comment_rate": comments,
    "engagement_rate": engagement,
    "self_directed_rate": self_directed,
    "education_rate": education,
    "community_rate": community,
    "referral_rate": referral,
    "resolution_rate": resolution,
}


def sample_of(units: pd.DataFrame) -> Sample:
    """Clustered by customer: the units of one are alike."""
    sums = _by_customer(units)
    hits, number = sums["hit"].to_numpy(), sums["n"].to_numpy()
    answers, promoters = int(number.sum()), int(hits.sum())
    return Sample(
        counts=Counts(promoters=promoters, passives=answers - promoters),
        customers=len(sums),
        yy=int((hits * hits).sum()),
        yn=int((hits * number).sum()),
        nn=int((number * number).sum()),
    )


def shared_by(units: pd.DataFrame, others: pd.DataFrame) -> Shared:
    """Over the customers that have units in both."""
    both = _by_customer(units).join(_by_customer(others).add_suffix("_other"), how="inner")
    y, n, t, m = (both[name].to_numpy() for name in ("hit", "n", "hit_other", "n_other"))
    return Shared(*(int((one * other).sum()) for one, other in ((y, t), (y, m), (n, t), (n, m))))


def _by_customer(units: pd.DataFrame) -> pd.DataFrame:
    groups = units.groupby("customer")["hit"]
    return pd.DataFrame({"hit": groups.sum().astype(np.int64), "n": groups.size()})


def _took_part(facts: Facts, *kinds: str, since: pd.Timestamp) -> pd.DataFrame:
    customers = facts.at_start()
    return _units(customers, customers.isin(facts.of(*kinds, since=since)["customer"]))


def _units(customers: pd.Index | pd.Series, hits: object) -> pd.DataFrame:
    return pd.DataFrame({"customer": np.asarray(customers), "hit": np.asarray(hits, dtype=bool)})
