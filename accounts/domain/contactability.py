"""Who may be mailed at all, whatever the campaign."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

SOFT_IN_A_ROW = 2
SOFT_AT_MOST = TRIED_AGAIN_AFTER = timedelta(days=182)


class SuppressionReason(StrEnum):
    OPTED_OUT = "opted_out"
    COMPLAINED = "complained"
    BOUNCED = "bounced"
    MANUAL = "manual"


class SurveyMail(NamedTuple):
    """How one survey to a person fared, its reminder counted in."""

    mailed_at: datetime
    soft: tuple[datetime, ...] = ()
    """When it bounced softly."""
    arrived: bool = False


def strongest(reasons: Collection[SuppressionReason]) -> SuppressionReason | None:
    """The one reason to show: the person's own wish before what happened to their mail."""
    return next((known for known in SuppressionReason if known in reasons), None)


def given_up_until(surveys: Iterable[SurveyMail]) -> datetime | None:
    """When an address is tried again that is given up: two surveys in a row bounced softly, or for
    six months each e-mail did. What arrived ends the row; what was refused for our sake does not.
    """
    row: list[SurveyMail] = []
    for survey in sorted(surveys, key=lambda each: each.mailed_at, reverse=True):
        if survey.arrived:
            break
        if survey.soft:
            row.append(survey)
    moments = [at for survey in row for at in survey.soft]
    if not moments:
        return None
    lasts = max(moments) - min(moments) >= SOFT_AT_MOST
    return max(moments) + TRIED_AGAIN_AFTER if lasts or len(row) >= SOFT_IN_A_ROW else None
