from __future__ import annotations

import pytest
from anymail.signals import AnymailTrackingEvent

from surveys.models import Invitation
from surveys.sending.events.matching import by_address, invitation_of
from tests.world import (
    DAY,
    NOW,
    SECOND,
    make_campaign,
    make_invitation,
    make_person,
    make_respondent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> Invitation:
    respondent = make_respondent(make_person("hanako@a.example"), email="Hanako@A.example")
    return make_invitation(respondent, make_campaign(), state="sent", sent_at=NOW)


def event(**fields) -> AnymailTrackingEvent:
    return AnymailTrackingEvent(event_type="bounced", **fields)


def found(*, at=NOW + DAY, **fields) -> Invitation | None:
    return invitation_of(event(**fields), at=at)


def test_reference_stands_before_message_id_and_that_before_the_address(sent):
    other = make_invitation(make_respondent(), make_campaign(), state="sent", sent_at=NOW)
    ours = f"<{other.public_id}@koe.example>"

    assert found(metadata={"reference": sent.public_id}, message_id=ours) == sent
    assert found(message_id=ours, recipient=sent.email) == other
    assert found(message_id="0106019a", recipient=sent.email) == sent


@pytest.mark.parametrize(
    "raw",
    [
        {"mail": {"tags": {"reference": ["{ref}"]}}},
        {"mail": {"headers": [{"name": "X-Invitation-Ref", "value": "{ref}"}]}},
        {"mail": {"commonHeaders": {"messageId": "<{ref}@koe.example>"}}},
        {"payload": {"message": {"message_id": "{ref}@koe.example"}}},
        {"payload": {"original_message": {"tag": "{ref}"}}},
        {"smtp-id": "<{ref}.reminder@koe.example>"},
    ],
)
def test_it_is_found_wherever_the_provider_kept_it(sent, raw):
    def filled(value):
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [filled(each) for each in value]
        return value.replace("{ref}", sent.public_id)

    assert found(esp_event=filled(raw)) == sent


def test_address_and_time_count_only_where_they_leave_one(sent):
    assert by_address("hanako@a.example", at=NOW + DAY) == sent
    assert by_address("hanako@a.example", at=NOW - DAY) is None
    assert by_address("hanako@a.example", at=NOW + 7 * DAY + SECOND) is None
    assert by_address("taro@a.example", at=NOW + DAY) is None
    assert by_address("\x00", at=NOW) is None

    make_invitation(sent.respondent, make_campaign(), state="sent", sent_at=NOW + DAY)
    assert by_address("hanako@a.example", at=NOW + 2 * DAY) is None


def test_a_reminder_counts_from_when_it_went(sent):
    Invitation.objects.update(reminded_at=NOW + 20 * DAY)
    assert by_address(sent.email, at=NOW + 21 * DAY) == sent


@pytest.mark.parametrize("state", ["queued", "failed", "cancelled"])
def test_what_was_never_sent_is_not_meant(sent, state):
    Invitation.objects.update(state=state)
    assert by_address(sent.email, at=NOW + DAY) is None


def test_another_e_mail_of_ours_to_the_same_address_is_no_survey(sent):
    """A reply that staff wrote has a reference and a Message-ID of its own."""
    assert found(metadata={"reference": "letter-1"}, recipient=sent.email) is None
    assert found(message_id="<letter-1@koe.example>", recipient=sent.email) is None
