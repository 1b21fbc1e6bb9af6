"""What the history of a person's mail says of them: whoever wants no more, and dead addresses."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from accounts.domain.contactability import SuppressionReason, SurveyMail, given_up_until
from accounts.models import Suppression
from accounts.queries.merges import kept_ids, members_of
from accounts.services.suppression import suppress
from surveys.domain.mail.bounces import BounceKind
from surveys.domain.states import COUNTED
from surveys.models import DeliveryEvent, Invitation

_ARRIVED = {"delivered", "autoresponded", "complained"}


class _Told(NamedTuple):
    invitation: int
    kind: str
    at: dt.datetime
    detail: dict[str, Any]

    @property
    def bounce(self) -> str:
        return str(self.detail.get("bounce", ""))

    @property
    def words(self) -> str:
        said = self.detail.get("text") or self.detail.get("reply") or ""
        return f"{self.detail.get('code', '')} {said}".strip()


def judge(invitation: Invitation, *, now: dt.datetime) -> None:
    """Whatever the order in which it was told, the same comes of it."""
    family = set(members_of(kept_ids([invitation.person_id]).values()))
    told = _told(family)
    campaign = invitation.campaign.name
    wishes = _since(told, family, SuppressionReason.OPTED_OUT)
    if any(each.kind == "unsubscribed" or each.bounce == BounceKind.OPT_OUT for each in wishes):
        suppress(invitation.person, SuppressionReason.OPTED_OUT, now=now, source="mail provider")
    spam = _since(told, family, SuppressionReason.COMPLAINED)
    if any(each.kind == "complained" or each.bounce == BounceKind.COMPLAINT for each in spam):
        source = f"mail of {campaign}"
        suppress(invitation.person, SuppressionReason.COMPLAINED, now=now, source=source)
    _give_up(invitation, family, _since(told, family, SuppressionReason.BOUNCED), now=now)


def _give_up(
    invitation: Invitation, family: set[int], told: list[_Told], *, now: dt.datetime
) -> None:
    campaign = invitation.campaign.name
    hard = [each for each in told if each.bounce == BounceKind.HARD]
    until = None if hard else given_up_until(_surveys(family, told))
    if not hard and (until is None or until <= now):
        return
    last = max(hard or [each for each in told if each.bounce], key=lambda each: each.at)
    what = "address gone" if hard else "not delivered twice"
    source = f"{what}: {last.words or campaign}"[:200]
    suppress(invitation.person, SuppressionReason.BOUNCED, now=now, source=source, until=until)


def _told(family: set[int]) -> list[_Told]:
    rows = DeliveryEvent.objects.filter(invitation__person__in=family).order_by("id")
    return [
        _Told(*row) for row in rows.values_list("invitation_id", "kind", "occurred_at", "detail")
    ]


def _since(told: list[_Told], family: set[int], reason: SuppressionReason) -> list[_Told]:
    """What happened since such a suppression was lifted last."""
    lifted = Suppression.objects.filter(person__in=family, reason=reason, lifted_at__isnull=False)
    latest = lifted.order_by("-lifted_at").values_list("lifted_at", flat=True).first()
    return [each for each in told if latest is None or each.at > latest]


def _surveys(family: set[int], told: list[_Told]) -> Iterator[SurveyMail]:
    by_survey: dict[int, list[_Told]] = defaultdict(list)
    for each in told:
        by_survey[each.invitation].append(each)
    rows = Invitation.objects.filter(person__in=family).values_list(
        "pk", "state", "sent_at", "claimed_at", "response__id"
    )
    for pk, state, sent_at, claimed_at, answer in rows:
        events = by_survey[pk]
        mailed_at = sent_at or claimed_at or next((each.at for each in events), None)
        if mailed_at is not None and (events or state in COUNTED):
            yield _survey(events, mailed_at=mailed_at, answered=answer is not None)


def _survey(events: list[_Told], *, mailed_at: dt.datetime, answered: bool) -> SurveyMail:
    soft = tuple(each.at for each in events if each.bounce == BounceKind.SOFT)
    last_soft = max(soft, default=mailed_at)
    arrived = any(each.kind in _ARRIVED and each.at >= last_soft for each in events)
    # Of plain mail nobody tells that it arrived.
    silent = not any(each.bounce for each in events)
    return SurveyMail(mailed_at, soft, arrived or answered or silent)
