"""Nothing that Koe logs names a person, a link or what somebody wrote: driven, and grepped."""

from __future__ import annotations

import io
import logging
import smtplib
from collections.abc import Iterator

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from api.services.keys import create_key
from common.monitoring.logs import JsonFormatter, TokenFilter
from surveys.models import Response
from surveys.queries.tokens import Purpose, make_token
from surveys.sending.transports.maildir import MaildirTransport
from tests.staffing import logged_in, make_staff
from tests.surveys.helpers.invited import answer_path, invite
from tests.surveys.helpers.queued import queued, send

pytestmark = pytest.mark.django_db
WORDS, NAME = "words-of-somebody", "Somebody-Named"
SEARCHED = "what-staff-search"


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """All that is logged, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(TokenFilter())
    handler.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(name) for name in ("", "django.server")]
    for each in loggers:
        each.addHandler(handler)
    yield stream
    for each in loggers:
        each.removeHandler(handler)


def broken(error: Exception):
    def work(*_args: object, **_kwargs: object) -> None:
        raise error

    return work


def drive(address: str, path: str) -> None:
    """Everything that people, programs and staff do, as it should be and as it should not."""
    anybody, staff = Client(raise_request_exception=False), logged_in(make_staff(role="admin"))
    staff.raise_request_exception = False
    anybody.get(path)
    anybody.post(path, {"score": "11", "comment": WORDS})
    anybody.post(path, {"score": "2", "comment": WORDS})
    for tail in ("thanks/", "nothing/", "intent/"):
        anybody.get(f"{path}{tail}")
    anybody.post("/accounts/login/", {"login": address, "password": WORDS})
    anybody.post("/accounts/password/reset/", {"email": address})
    anybody.post("/anymail/postmark/tracking/", {"Recipient": address})
    key = create_key("k", role="cs", rate=60, project="Koe", by=None, now=timezone.now())
    headers = {"authorization": f"Basic {key}"}
    anybody.get(f"/v1/people/email:{address}", headers=headers)
    anybody.get(f"/v1/people.json?email={address}", headers=headers)
    response = Response.objects.get()
    respondent = response.invitation.respondent
    for page in (
        "/", "/responses/", f"/responses/{response.pk}/", f"/search/?q={SEARCHED}",
        f"/respondents/?q={address}", f"/respondents/{respondent.pk}/", "/customers/", "/metrics",
        f"/{address}/",
    ):  # fmt: skip
        staff.get(page)
    staff.post(f"/respondents/{respondent.pk}/edit/", {"email": "<<", "name": NAME})


def test_what_is_logged_names_nobody(said, monkeypatch, settings, redis_url) -> None:
    settings.REDIS_URL = redis_url
    invitation = invite(sent_at=timezone.now(), name=NAME)
    address, path = invitation.respondent.email, answer_path(invitation)
    drive(address, path)

    # What nobody foresaw: a database quotes the row, a mail server whom it refuses.
    row = f"duplicate key\nDETAIL:  Failing row contains (1, {address}, {WORDS})."
    monkeypatch.setattr("surveys.views.public.opt_out.record_opt_out", broken(IntegrityError(row)))
    stop = f"/u/{make_token(Purpose.OPT_OUT, invitation.public_id)}/"
    Client(raise_request_exception=False).post(stop)
    refused = smtplib.SMTPRecipientsRefused({address: (550, b"no " + address.encode())})
    monkeypatch.setattr(EmailBackend, "send_messages", broken(refused))
    Client(raise_request_exception=False).post("/accounts/password/reset/", {"email": address})
    settings.TRANSPORT = "surveys.sending.transports.maildir.MaildirTransport"
    monkeypatch.setattr(MaildirTransport, "compile", broken(ValueError(f"{address}?")))
    [other] = queued()
    send([other])

    logged = said.getvalue()
    for each in ("Internal Server Error", f"invitation {other.pk} was not sent"):
        assert each in logged  # it was driven
    assert [line for line in logged.splitlines() if line[0] != "{"] == []
    tokens = [each.split("/")[2] for each in (path, stop)]
    secrets = [address, *tokens, WORDS, NAME, SEARCHED]
    assert [each for each in secrets if each in logged] == []
