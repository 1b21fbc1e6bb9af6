"""An invited person, for the tests of what happens after the mail was sent."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from accounts.models import Customer, Person, Respondent
from surveys.models import Campaign, Invitation
from surveys.queries.tokens import Purpose, make_token

SENT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
_numbers = count(1)


def invite(
    *,
    language: str = "en",
    name: str = "Hanako",
    owner_email: str = "",
    sent_at: dt.datetime = SENT,
    state: str = "sent",
    **campaign: Any,
) -> Invitation:
    number = next(_numbers)
    customer = Customer.objects.create(
        customer_id=f"c{number}", name=f"Customer {number}", owner_email=owner_email
    )
    person = Person.objects.create(mail_key=f"person{number}@example.com")
    respondent = Respondent.objects.create(
        person=person,
        customer=customer,
        email=f"person{number}@example.com",
        name=name,
        language=language,
    )
    fields = {"name": "Spring", "product_name": "Ledgerly", "state": "running", **campaign}
    return Invitation.objects.create(
        campaign=Campaign.objects.create(slug=f"spring-{number}", **fields),
        respondent=respondent,
        person=person,
        language=language,
        state=state,
        claimed_at=sent_at,
        sent_at=sent_at,
        email=respondent.email,
    )


def answer_path(invitation: Invitation) -> str:
    return f"/s/{make_token(Purpose.ANSWER, invitation.public_id)}/"


def opt_out_path(invitation: Invitation) -> str:
    return f"/u/{make_token(Purpose.OPT_OUT, invitation.public_id)}/"
