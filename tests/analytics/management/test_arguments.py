"""Arguments, each refused in one sentence."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from tests.analytics.management.commanding import PERIOD, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_customer")]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["report_segments", *PERIOD], "--by: name one dimension"),
        (["report_segments", "--by", "size", *PERIOD], "Available: plan."),
        (["report_segments", "--by", "a,b,c", *PERIOD], "one dimension, or two"),
        (["report_segments", "--by", "plan", "--to", "2026-06-30"], "--from: write a day"),
        (["report_segments", "--by", "plan", "--from", "4/1", "--to", "x"], "'4/1' is not a day"),
        (["report_segments", "--by", "plan", "--from", "2026-02-01", "--to", "2026-01-01"],
         "is before --from"),
        (["report_segments", "--by", "plan", *PERIOD, "--compare", "ever"], "previous, year"),
        (["report_segments", "--by", "plan", *PERIOD, "--format", "pdf"], "json, csv"),
        (["report_segments", "--by", "plan", *PERIOD, "--where", "plan"], "--where: "),
        (["report_segments", "--by", "plan", *PERIOD, "--campaign", "no"], "no campaign “no”"),
        (["report_trend", "--by", "week", *PERIOD], "month, quarter"),
        (["report_trend", *PERIOD, "--where", "size=9"], "Available: plan."),
        (["report_outcomes", *PERIOD, "--horizon", "-3"], "not a number of days"),
    ],
)  # fmt: skip
def test_bad_argument_is_refused_in_one_sentence(command: list[str], words: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(*command)

    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_days_near_the_ends_of_the_calendar_are_refused() -> None:
    with pytest.raises(CommandError, match="--to: 9999-12-31 is not between 1900-01-01 and 2199"):
        run("report_trend", "--from", "2026-01-01", "--to", "9999-12-31")
    with pytest.raises(CommandError, match="--from: 0001-01-01 is not between"):
        run("report_segments", "--by", "plan", "--from", "0001-01-01", "--to", "2026-01-01")
    with pytest.raises(CommandError, match="--from, --to: choose at most 50 years"):
        run("report_segments", "--by", "plan", "--from", "1950-01-01", "--to", "2026-01-01")
