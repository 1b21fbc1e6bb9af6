from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import StaffUser
from accounts.services.audit import record_event
from surveys.domain.states import InvitationState
from surveys.models import Invitation
from surveys.services import slots
from surveys.services.deadlocks import in_transaction


class ResendError(Exception):
    """An unknown cannot be sent again; the text says why."""


def resend_unknown(invitation: Invitation, *, by: StaffUser, note: str, now: dt.datetime) -> None:
    """Queue a mail again whose fate nobody knows: by a person, with a note, on another slot.

    The first mail may have arrived, so its slot stays taken and the second one needs its own.
    """
    if not note.strip():
        raise ResendError(_("Write down why this mail is sent again."))

    def work() -> None:
        unknown = Invitation.objects.filter(pk=invitation.pk, state=InvitationState.UNKNOWN)
        if not unknown.update(
            state=InvitationState.QUEUED,
            reason="",
            send_at=now,
            sent_at=None,
            settled_at=None,
            dispatched_at=None,
        ):
            raise ResendError(_("It is no longer unknown what became of this mail."))
        if not slots.reserve({invitation.person_id: invitation.pk}, now=now):
            raise ResendError(_("This person has been asked as often as allowed for now."))
        record_event(
            "invitation.resend_unknown", actor=by, now=now, target=invitation.pk, note=note
        )

    in_transaction(work)
