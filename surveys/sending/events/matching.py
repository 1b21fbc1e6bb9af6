"""Which invitation an event is about: by our reference, else by our Message-ID, else by address and
time, where that leaves only one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.domain.mail_key import mail_key
from accounts.models import Person
from accounts.queries.merges import kept_ids, members_of
from surveys.domain.mail.references import message_ids_in, references_in
from surveys.domain.states import COUNTED
from surveys.models import Invitation
from surveys.queries.senders import own_domain

# Providers try for three days, and people take their time to complain.
ABOUT = dt.timedelta(days=7)
# Their clock may be behind ours.
EARLIER = dt.timedelta(minutes=10)
_OUR_MESSAGE_ID = re.compile(r"<?([A-Za-z0-9_-]{22})(?:\.reminder)?@")


def storable(value: object) -> str:
    """PostgreSQL has no zero byte, in text as in JSON, and no half of a letter."""
    return str(value).replace("\x00", "").encode(errors="replace").decode()


def by_reference(reference: object) -> Invitation | None:
    text = storable(reference or "")
    found = Invitation.objects.filter(public_id=text) if 0 < len(text) <= 22 else None
    return found.first() if found is not None else None


def by_message_id(message_id: object) -> Invitation | None:
    ours = _OUR_MESSAGE_ID.match(str(message_id or "").strip())
    return by_reference(ours[1]) if ours else None


def by_address(address: object, *, at: dt.datetime) -> Invitation | None:
    """The one that was e-mailed there shortly before; none where there are several."""
    text = storable(address or "").strip()
    people = list(Person.objects.filter(mail_key=mail_key(text)).values_list("pk", flat=True))
    family = members_of(kept_ids(people).values())
    lately = (at - ABOUT, at + EARLIER)
    asked = Q(state__in=COUNTED, sent_at__range=lately) | Q(reminded_at__range=lately)
    found = Invitation.objects.filter(asked, person__in=family, email__iexact=text)[:2]
    return found[0] if len(found) == 1 else None


def invitation_of(event: Any, *, at: dt.datetime) -> Invitation | None:
    """Of an event as anymail reads it, with what the provider sent as `esp_event`."""
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    raw = event.esp_event
    references = [metadata.get("reference"), *references_in(raw)]
    ids = [event.message_id, *message_ids_in(raw)]
    named = _first(map(by_reference, references)) or _first(map(by_message_id, ids))
    if named is not None or metadata.get("reference") or any(map(_is_ours, ids)):
        # Of ours, but no survey, or of somebody who was erased: no address is asked.
        return named
    return by_address(event.recipient, at=at)


def _first(found: Iterable[Invitation | None]) -> Invitation | None:
    return next((each for each in found if each is not None), None)


def _is_ours(message_id: object) -> bool:
    return str(message_id or "").strip(" <>").lower().endswith(f"@{own_domain()}")
