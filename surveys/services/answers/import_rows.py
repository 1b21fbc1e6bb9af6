"""Writing imported answers, in the transaction of the import's batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.domain.imports.changes import CellChange, cell_changes
from accounts.domain.imports.file_columns import ResponseRow
from accounts.domain.segments import TENURE, tenure_on
from accounts.models import Respondent
from accounts.services.people import Answerer, respondents_for
from accounts.services.rebuilds import go_over_again_if_running
from accounts.services.segments import current_attributes, profile_ids
from surveys.domain.frequency import WINDOW
from surveys.domain.reasons import InvitationReason
from surveys.domain.states import InvitationState
from surveys.models import Invitation, Response
from surveys.services.answers.import_campaigns import imported_campaigns
from surveys.services.answers.receive import change_of, counted_score, write_ledger
from surveys.services.slots import occupy_from_history


@dataclass(frozen=True, slots=True)
class New:
    """A row to be added; the customer is None where the file names none."""

    row: ResponseRow
    customer: int | None
    # When it became known here, where that is to be told; else it is as old as the answer.
    known_at: dt.datetime | None = None

    @property
    def answerer(self) -> Answerer:
        return Answerer(self.row.mail_key, self.row.email, self.customer, self.row.language)


@dataclass(frozen=True, slots=True)
class Change:
    """What an answer imported before is to become."""

    response: Response
    score: int
    comment: str
    sent_at: dt.datetime | None
    response_id: str | None

    @property
    def matters(self) -> bool:
        return self._before != self._after

    def cells(self, email: str) -> list[CellChange]:
        name = f"{email} {self.response.answered_at.isoformat()}"
        return cell_changes(name, before=self._before, after=self._after)

    @property
    def _before(self) -> dict[str, object]:
        response = self.response
        return {
            "score": response.score,
            "comment": response.comment,
            "response_id": response.response_id,
            "invited_at": response.invitation.sent_at,
        }

    @property
    def _after(self) -> dict[str, object]:
        return {
            "score": self.score,
            "comment": self.comment,
            "response_id": self.response_id,
            "invited_at": self.sent_at,
        }


def write_responses(
    new: Sequence[New], changes: Sequence[Change], *, now: dt.datetime
) -> list[Response]:
    """Those that were added."""
    added = _add(new, now=now) if new else []
    for change in changes:
        _apply(change, now=now)
    sent = [
        *(each.invitation for each in added),
        *(change.response.invitation for change in changes),
    ]
    recent = {
        each.person_id for each in sent if each.sent_at is not None and each.sent_at > now - WINDOW
    }
    if recent:
        occupy_from_history(sorted(recent), now=now)
    return added


def _add(new: Sequence[New], *, now: dt.datetime) -> list[Response]:
    respondents = respondents_for([each.answerer for each in new])
    known = current_attributes(respondents, day=timezone.localdate(now))
    frozen = [
        {**attributes, TENURE: _tenure(each.row, of), **_given(each.row)}
        for each, of, attributes in zip(new, respondents, known, strict=True)
    ]
    campaigns = imported_campaigns((each.row.campaign for each in new), now=now)
    rows = [each.row for each in new]
    invitations = Invitation.objects.bulk_create(
        Invitation(
            campaign=campaigns[row.campaign],
            respondent=respondent,
            person_id=respondent.person_id,
            state=InvitationState.SENT,
            reason=InvitationReason.IMPORTED,
            sent_at=row.invited_at,
            settled_at=row.answered_at,
            email=row.email,
            language=row.language or respondent.language,
            attributes=attributes,
            profile_id=profile,
        )
        for row, respondent, attributes, profile in zip(
            rows, respondents, frozen, profile_ids(frozen), strict=True
        )
    )
    responses = Response.objects.bulk_create(
        _response(each, invitation) for each, invitation in zip(new, invitations, strict=True)
    )
    write_ledger(change_of(each, before=None, at=now) for each in responses)
    return responses


def _tenure(row: ResponseRow, of: Respondent) -> str:
    """Of the day of the answer: when a customer started says it for every day."""
    day = timezone.localdate(row.answered_at)
    return tenure_on(day, of.customer.started_on if of.customer else None)


def _given(row: ResponseRow) -> dict[str, str]:
    """Extra columns say what held when the person answered, as the language does."""
    given = {name: value for name, value in row.attributes.items() if value}
    return {**given, "language": row.language} if row.language else given


def _response(new: New, invitation: Invitation) -> Response:
    row = new.row
    return Response(
        invitation=invitation,
        score=row.score,
        comment=row.comment,
        language=invitation.language,
        answered_at=row.answered_at,
        changed_at=new.known_at or row.answered_at,
        response_id=row.response_id or None,
    )


def _apply(change: Change, *, now: dt.datetime) -> None:
    response, invitation = change.response, change.response.invitation
    if change.sent_at != invitation.sent_at:
        invitation.sent_at = change.sent_at
        invitation.save(update_fields=["sent_at"])
        go_over_again_if_running()
    before = counted_score(response)
    response.score, response.comment = change.score, change.comment
    response.response_id = change.response_id
    response.changed_at = now
    response.save(update_fields=["score", "comment", "response_id", "changed_at"])
    write_ledger([change_of(response, before=before, at=now)])
