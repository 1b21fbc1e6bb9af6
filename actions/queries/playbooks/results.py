"""What came of the runs of each playbook, and what was seen of their customers since."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from accounts.models import Customer
from actions.domain.playbooks.steps import RunResult
from actions.models import Playbook, PlaybookRun
from analytics.domain.metrics.estimates import time_estimate
from analytics.queries.customers.known import knows_who_left
from surveys.models import Response

DAY = dt.timedelta(days=1)
# By customer, in order of time.
Answers = Mapping[int, tuple[list[dt.datetime], list[int]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    playbook: Playbook
    started: int
    running: int
    # By result, in the order of the results.
    ended: dict[RunResult, int]
    # From start to end; runs that are open are censored. None: half of them have not ended.
    median_days: float | None
    # Of runs whose customer answered before the start and after it: how many, and the means.
    answered: int
    before: float | None
    after: float | None
    # Of the customers, each once; None where it is not known who has left.
    customers: int
    stayed: int | None


def outcomes(*, now: dt.datetime, today: dt.date) -> list[Outcome]:
    runs: dict[int, list[PlaybookRun]] = {}
    for run in PlaybookRun.objects.select_related("customer"):
        runs.setdefault(run.playbook_id, []).append(run)
    answers = _answers({run.customer_id for each in runs.values() for run in each})
    knows_churn = knows_who_left()
    return [
        _outcome(
            each, runs.get(each.pk, []), answers, now=now, today=today if knows_churn else None
        )
        for each in Playbook.objects.all()
    ]


def _answers(customers: Collection[int]) -> Answers:
    rows: Any = (
        Response.objects.counted()
        .filter(invitation__respondent__customer__in=customers)
        .order_by("answered_at", "pk")
        .values_list("invitation__respondent__customer", "answered_at", "score")
    )
    found: dict[int, tuple[list[dt.datetime], list[int]]] = {}
    for customer, at, score in rows:
        moments, scores = found.setdefault(customer, ([], []))
        moments.append(at)
        scores.append(score)
    return found


def _outcome(
    playbook: Playbook,
    runs: Sequence[PlaybookRun],
    answers: Answers,
    *,
    now: dt.datetime,
    today: dt.date | None,
) -> Outcome:
    ended = Counter(run.result for run in runs)
    pairs = [pair for run in runs if (pair := _scores(run, answers)) is not None]
    customers = {run.customer_id: run.customer for run in runs}
    return Outcome(
        playbook,
        started=len(runs),
        running=ended[""],
        ended={result: ended[result] for result in RunResult},
        median_days=_median_days(runs, now=now),
        answered=len(pairs),
        before=_mean([before for before, _ in pairs]),
        after=_mean([after for _, after in pairs]),
        customers=len(customers),
        stayed=None
        if today is None
        else sum(_stays(each, today=today) for each in customers.values()),
    )


def _scores(run: PlaybookRun, answers: Answers) -> tuple[int, int] | None:
    """The customer's last one by the start and the first one after it."""
    moments, scores = answers.get(run.customer_id, ([], []))
    place = bisect_right(moments, run.started_at)
    return (scores[place - 1], scores[place]) if 0 < place < len(scores) else None


def _median_days(runs: Sequence[PlaybookRun], *, now: dt.datetime) -> float | None:
    waits = [
        {
            "customer": run.customer_id,
            "time": max(((run.ended_at or now) - run.started_at) / DAY, 0.0),
            "closed": run.ended_at is not None,
        }
        for run in runs
    ]
    return time_estimate(pd.DataFrame(waits)).value


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None


def _stays(customer: Customer, *, today: dt.date) -> bool:
    return customer.churned_on is None or customer.churned_on > today
