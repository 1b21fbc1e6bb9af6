from __future__ import annotations

import datetime as dt
from dataclasses import replace

from actions.domain.rules.dry_run import Past, Result, dry_run
from actions.domain.rules.triggers import DEFAULTS, Said, Trigger

NOW, DAY = dt.datetime(2026, 11, 24, tzinfo=dt.UTC), dt.timedelta(days=1)
RULE = DEFAULTS[Trigger.SCORE]


def test_answers_join_the_follow_up_before_them_until_it_is_due() -> None:
    answers = [
        Past(NOW + days * DAY, subject, Said(score, has_comment=False))
        for days, subject, score in (
            (0, "a", 3),
            (1, "a", 2),
            (1, "b", 6),
            (1, "c", 9),
            (2, "a", 0),
        )
    ]

    found = dry_run(answers, RULE, due=lambda at: at + 2 * DAY)

    assert found == Result(answers=5, fired=4, opened=3)
    silent = replace(RULE, only_with_comment=True)
    assert dry_run(answers, silent, due=lambda at: at) == Result(5, 0, 0)
