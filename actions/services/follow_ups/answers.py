"""What follows from an answer, in its transaction: a follow-up, or a case that waits for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from actions.domain.follow_ups.hold_out import Arm, arm_of
from actions.domain.follow_ups.states import ClosedAs, Dismissal, State, Step
from actions.domain.rules.triggers import Rule, Said, Trigger, may_fire, needs_decision, rule_for
from actions.models import AnswerCase, FollowUp
from actions.queries.follow_ups.staff import owner_among, workers
from actions.queries.rules.in_force import answer_rules, held_out_percent
from actions.services.follow_ups.opening import Subject, open_or_join, write_entry
from surveys.domain.reasons import InvitationReason
from surveys.models import Response, ResponseChange

_READ = {
    "reason": "invitation__reason",
    "respondent": "invitation__respondent",
    "person": "invitation__person",
    "customer": "invitation__respondent__customer",
    "account": "invitation__respondent__customer__owner_email",
    "campaign": "invitation__campaign__created_by",
    "case": "case__pk",
    "follow_up": "case__follow_up",
    "state": "case__follow_up__state",
    "dismissed": "case__dismissed",
    "arm": "case__arm",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """A change of an answer, with whose it is and what was decided about it before."""

    change: ResponseChange
    known: dict[str, Any]

    @property
    def is_history(self) -> bool:
        return bool(self.known["reason"] == InvitationReason.IMPORTED)

    @property
    def is_settled(self) -> bool:
        return self.known["state"] == State.CLOSED or bool(self.known["dismissed"])

    @property
    def is_worse(self) -> bool:
        before, after = self.change.score_before, self.change.score_after
        return after is not None and (before is None or after < before)

    @property
    def is_new(self) -> bool:
        """Nothing was decided about it, or it was and has got worse since."""
        return self.known["case"] is None or (self.is_settled and self.is_worse)


def on_changes(changes: Sequence[ResponseChange]) -> None:
    concerned = [
        each for each in changes if may_fire(each.score_after) or may_fire(each.score_before)
    ]
    if not concerned:
        return
    known = _known_of([each.response_id for each in concerned])
    answers = [_Answer(each, known[each.response_id]) for each in concerned]
    new = [each for each in answers if each.is_new and may_fire(each.change.score_after)]
    _dismiss_history([each for each in new if each.is_history])
    _decide([each for each in new if not each.is_history])
    for each in answers:
        if not each.is_new and each.known["follow_up"] and each.known["state"] != State.CLOSED:
            _note_change(each)


def _known_of(response_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = Response.objects.filter(pk__in=response_ids).values_list("pk", *_READ.values())
    return {pk: dict(zip(_READ, values, strict=True)) for pk, *values in rows}


def _dismiss_history(answers: Sequence[_Answer]) -> None:
    AnswerCase.objects.bulk_create(
        [
            AnswerCase(
                response_id=each.change.response_id,
                dismissed=Dismissal.HISTORY,
                decided_at=each.change.at,
            )
            for each in answers
            if needs_decision(each.change.score_after) and each.known["case"] is None
        ]
    )


def _decide(answers: Sequence[_Answer]) -> None:
    if not answers:
        return
    rules = answer_rules()
    for each in answers:
        rule = rule_for(rules, _said(each, rules))
        arm = _drawn(each) if rule is not None else {}
        if arm.get("arm") == Arm.HELD_OUT:
            _settle(each, dismissed=Dismissal.HELD_OUT, **arm)
        elif rule is not None:
            _follow_up(each, rule, **arm)
        elif needs_decision(each.change.score_after):
            _settle(each)


def _said(answer: _Answer, rules: Sequence[Rule]) -> Said:
    change = answer.change
    falls = any(rule.is_active and rule.trigger is Trigger.FALL for rule in rules)
    before = _score_before(answer) if falls else None
    return Said(change.score_after or 0, has_comment=bool(change.comment), before=before)


def _score_before(answer: _Answer) -> int | None:
    response = answer.change.response
    earlier = Response.objects.counted().filter(
        invitation__person=answer.known["person"], answered_at__lt=response.answered_at
    )
    return earlier.exclude(pk=response.pk).values_list("score", flat=True).first()


def _drawn(answer: _Answer) -> dict[str, Any]:
    """Of an answer in the comparison its side, which it keeps; none where it joins what is open."""
    known = answer.known
    if needs_decision(answer.change.score_after) or known["customer"] is None:
        return {}
    percent = held_out_percent()
    if not percent:
        return {}
    if known["arm"]:
        return {"arm": known["arm"]}
    busy = FollowUp.objects.exclude(state=State.CLOSED).filter(customer=known["customer"])
    if busy.exists():
        return {}
    return {"arm": arm_of(known["customer"], percent=percent), "arm_percent": percent}


def _follow_up(answer: _Answer, rule: Rule, **arm: Any) -> None:
    known, change = answer.known, answer.change
    found = open_or_join(
        Subject(known["customer"], known["respondent"]),
        rule,
        owner=owner_among(workers(), account=known["account"] or "", campaign=known["campaign"]),
        now=change.at,
        response=change.response_id,
        score=change.score_after,
    )
    _settle(answer, follow_up=found, **arm)


def _settle(
    answer: _Answer, *, follow_up: FollowUp | None = None, dismissed: str = "", **arm: Any
) -> None:
    """Whoever changes an answer has its row: nobody else makes its case meanwhile."""
    response, change = answer.change.response_id, answer.change
    values: dict[str, Any] = {
        "follow_up": follow_up,
        "dismissed": dismissed,
        "decided_at": change.at if follow_up or dismissed else None,
        **arm,
    }
    if answer.known["case"] is None:
        AnswerCase.objects.create(response_id=response, **values)
    else:
        rows = AnswerCase.objects.filter(response=response)
        rows.update(note="", decided_by=None, **values)


def _note_change(answer: _Answer) -> None:
    change = answer.change
    found = FollowUp.objects.select_for_update().get(pk=answer.known["follow_up"])
    if found.state == State.CLOSED or change.score_after == change.score_before:
        return
    FollowUp.objects.filter(pk=found.pk).update(version=F("version") + 1)
    write_entry(
        found, Step.CHANGED, at=change.at, by=None, response=change.response_id,
        before=change.score_before, score=change.score_after,
    )  # fmt: skip
    if found.state == State.OPEN and not _counts(found):
        _withdraw(found, at=change.at)


def _counts(follow_up: FollowUp) -> bool:
    return follow_up.cases.filter(response__suspect=False).exists()


def _withdraw(follow_up: FollowUp, *, at: dt.datetime) -> None:
    """A machine's answers were set aside before anybody had touched it."""
    FollowUp.objects.filter(pk=follow_up.pk).update(
        state=State.CLOSED, closed_as=ClosedAs.WITHDRAWN, closed_at=at
    )
    write_entry(follow_up, Step.CLOSED, at=at, by=None, closed_as=ClosedAs.WITHDRAWN)
