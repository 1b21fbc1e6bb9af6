from __future__ import annotations

import pytest

from accounts.models import Suppression
from surveys.models import DeliveryEvent, DomainHealth, Invitation
from surveys.sending.events.bounce_address import bounce_address
from surveys.sending.events.bounces import receive_bounce
from surveys.sending.events.provider_events import apply_events
from tests.surveys.helpers.bounced import dsn
from tests.world import NOW, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> Invitation:
    return make_invitation(make_respondent(), state="sent", sent_at=NOW)


def status_of(row: Invitation) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.delivery_status


@pytest.fixture
def verp(settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@koe.example"


# R16: status, action -> what it says of the delivery, whether the person is suppressed, whether
# the domain's breaker hears of it. Each also in the three other shapes that servers give it.
DSNS = [
    ("5.1.1", "failed", "bounced", True, False),
    ("5.1.2", "failed", "bounced", True, False),
    ("5.1.10", "failed", "bounced", True, False),
    ("5.7.1", "failed", "bounced", False, True),
    ("5.7.26", "failed", "bounced", False, True),
    ("5.7.515", "failed", "bounced", False, True),
    ("5.2.2", "failed", "bounced", False, False),
    ("4.2.2", "failed", "bounced", False, False),
    ("5.4.4", "failed", "bounced", False, False),
    ("4.4.7", "failed", "bounced", False, False),
    ("4.4.1", "delayed", "delayed", False, False),
    ("5.1.1", "delayed", "delayed", False, False),
    ("2.0.0", "delivered", "delivered", False, False),
]


def as_postfix(raw: bytes) -> bytes:
    """More fields, folded ones, and a status with its words."""
    more = b"X-Postfix-Queue-ID: 4F\r\nDiagnostic-Code: smtp; 550 said\r\n    to us\r\nStatus: "
    return raw.replace(b"Status: ", more)


def as_exchange(raw: bytes) -> bytes:
    """Other cases of letters, and no line ends of mail."""
    raw = raw.replace(b"Status:", b"STATUS:").replace(b"Action: ", b"action:  ")
    return raw.replace(b"multipart/report", b"Multipart/Report").replace(b"\r\n", b"\n")


def as_international(raw: bytes) -> bytes:
    """RFC 6533, from servers that take addresses in other scripts."""
    raw = raw.replace(b"message/delivery-status", b"message/global-delivery-status")
    return raw.replace(b"rfc822; x@", "utf-8; 声@".encode())


SHAPES = [bytes, as_postfix, as_exchange, as_international]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("status", "action", "expected", "suppressed", "refused"), DSNS)
def test_bounce_mail_acts_by_its_class(
    verp, sent, status, action, expected, suppressed, refused, shape
):
    raw = shape(dsn(to=bounce_address(sent.pk, now=NOW, sender=""), status=status, action=action))

    assert receive_bounce(raw, now=NOW) == "kept"
    assert receive_bounce(raw, now=NOW) == "repeated"
    apply_events(now=NOW)

    assert status_of(sent) == ("sent", expected)
    assert Suppression.objects.exists() == suppressed
    assert DomainHealth.objects.exists() == refused


def test_forged_bounce_is_ignored(verp, sent):
    address = bounce_address(sent.pk, now=NOW, sender="")
    forged = dsn(to=address.replace("@", "0@"), extra=f"X-Invitation-Ref: {sent.public_id}\r\n")

    assert receive_bounce(forged, now=NOW) == "unknown"
    assert DeliveryEvent.objects.count() == 0


def test_without_a_bounce_address_the_returned_mail_names_its_invitation(sent):
    raw = dsn(to="survey@koe.example", extra=f"X-Invitation-Ref: {sent.public_id}")

    assert receive_bounce(raw, now=NOW) == "kept"
    assert DeliveryEvent.objects.get().invitation == sent


def test_out_of_office_note_is_ignored(verp, sent):
    to = bounce_address(sent.pk, now=NOW, sender="")
    note = f"To: {to}\r\nSubject: Away\r\n\r\nBack soon.\r\n".encode()

    assert receive_bounce(note, now=NOW) == "ignored"


def test_bounce_that_names_nothing_we_know_is_unknown(sent):
    assert receive_bounce(dsn(to="survey@koe.example"), now=NOW) == "unknown"
    assert DeliveryEvent.objects.count() == 0


def test_the_envelope_is_believed_before_the_headers(verp, sent):
    other = make_invitation(make_respondent(), state="sent", sent_at=NOW)
    raw = dsn(to=bounce_address(other.pk, now=NOW, sender=""))

    receive_bounce(raw, recipient=bounce_address(sent.pk, now=NOW, sender=""), now=NOW)

    assert DeliveryEvent.objects.get().invitation == sent


def test_the_mail_that_came_back_is_known_by_its_message_id(sent):
    raw = dsn(to="survey@koe.example", extra=f"Message-ID: <{sent.public_id}.reminder@koe.example>")

    assert receive_bounce(raw, now=NOW) == "kept"
    assert DeliveryEvent.objects.get().invitation == sent


@pytest.mark.both_databases
def test_forged_bounce_with_a_zero_byte_stops_no_mail_server(sent):
    """PostgreSQL has no such letter; the mail server would bring it again for ever."""
    assert receive_bounce(dsn(to="x", extra="X-Invitation-Ref: \x00"), now=NOW) == "unknown"
    named = f"X-Invitation-Ref: {sent.public_id}"
    assert receive_bounce(dsn(to="x", action="fa\x00iled", extra=named), now=NOW) == "kept"
