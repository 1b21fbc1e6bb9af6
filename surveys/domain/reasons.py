"""Why an invitation stands where it does: every reason that is ever written on its row."""

from __future__ import annotations

import re
from enum import StrEnum

from accounts.domain.contactability import SuppressionReason

_REFUSED = re.compile(r"([1-5][0-9]{2})_at_([a-z_]+)")
_LOST = re.compile(r"lost_at_([a-z_]+)")


class InvitationReason(StrEnum):
    IMPORTED = "imported"
    """Asked by another system, so never mailed nor limited to once per campaign."""
    ENTERED = "entered"
    """Given by phone or in a talk and entered by staff: within the cap, but never mailed."""

    # Skipped before its claim: what speaks against a mail by then.
    ERASED = "erased"
    CHURNED_CUSTOMER = "churned_customer"
    CAME_BACK = "came_back"
    """A customer again, in a campaign that asks those who left."""
    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    COMPLAINED = "complained"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    CAPPED = "capped"
    TOO_LATE = "too_late"
    CAMPAIGN_ENDED = "campaign_ended"

    CAMPAIGN_CANCELLED = "campaign_cancelled"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    """Taken back by the program that wanted it."""

    UNFIT_MAIL = "unfit_mail"
    GAVE_UP = "gave_up"
    LOST = "lost"
    """Stored with the step at which the connection was lost: `lost_at_body`."""
    REFUSED = "refused"
    """Stored with the server's code and the step it answered: `550_at_rcpt`."""

    LOST_AFTER_FINAL_DOT = "lost_after_final_dot"
    WORKER_LOST = "worker_lost"
    PROVIDER_EVENT = "provider_event"


# Of answers that no e-mail of ours asked for.
WITHOUT_MAIL = (InvitationReason.IMPORTED, InvitationReason.ENTERED)

BY_SUPPRESSION = {
    SuppressionReason.OPTED_OUT: InvitationReason.OPTED_OUT,
    SuppressionReason.COMPLAINED: InvitationReason.COMPLAINED,
    SuppressionReason.BOUNCED: InvitationReason.BOUNCED,
    SuppressionReason.MANUAL: InvitationReason.SUPPRESSED,
}


def lost_at(step: str) -> str:
    return f"lost_at_{step}"


def refused_at(step: str, *, code: int) -> str:
    return f"{code}_at_{step}"


def reason_of(stored: str) -> InvitationReason | None:
    """The reason that a row's text means; `None` where it is none of ours."""
    if _REFUSED.fullmatch(stored):
        return InvitationReason.REFUSED
    if _LOST.fullmatch(stored):
        return InvitationReason.LOST
    known = InvitationReason.__members__.values()
    return next((reason for reason in known if reason == stored), None)


def refusal_code(stored: str) -> str:
    """The mail server's code of a refusal, such as `550`; empty for any other reason."""
    found = _REFUSED.fullmatch(stored)
    return found[1] if found else ""
