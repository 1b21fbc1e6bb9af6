from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Suppression
from surveys.models import DeliveryEvent
from tests.surveys.helpers.provided import MADE, mail_of
from tests.world import NOW, make_campaign, make_invitation, make_respondent

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]


@pytest.mark.parametrize("provider", MADE)
def test_a_body_is_kept_and_applied_at_once(provider, settings, tmp_path, capsys):
    settings.EMAIL_PROVIDER = provider
    sent = make_invitation(make_respondent(), make_campaign(), state="sent", sent_at=NOW)
    file = tmp_path / "event.json"
    file.write_text(json.dumps(MADE[provider](mail_of(sent), "550 5.1.1 user unknown")))
    settings.EMAIL_PROVIDER = ""

    call_command("process_event", str(file), provider=provider)
    call_command("process_event", str(file), provider=provider)

    said = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[2] for line in said] == ["kept", "repeated"]
    assert DeliveryEvent.objects.get().invitation == sent
    assert Suppression.objects.get().person == sent.person


def test_an_event_of_ses_may_stand_without_the_envelope_of_sns(tmp_path, capsys):
    sent = make_invitation(make_respondent(), make_campaign(), state="sent", sent_at=timezone.now())
    bounce = {"bounceType": "Transient", "bounceSubType": "General"}
    bounced = {**bounce, "bouncedRecipients": [{"emailAddress": sent.email}]}
    headers = [{"name": "X-Invitation-Ref", "value": sent.public_id}]
    event = {"notificationType": "Bounce", "bounce": bounced, "mail": {"headers": headers}}
    for number, body in enumerate((event, {"Type": "Notification", "Message": event})):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(body))
        call_command("process_event", str(file), provider="amazon_ses")

    assert {each.invitation for each in DeliveryEvent.objects.all()} == {sent}
    assert Suppression.objects.count() == 0
    sent.refresh_from_db()
    assert sent.delivery_status == "delayed"


def test_what_cannot_be_read_is_named(tmp_path):
    file = tmp_path / "event.json"
    with pytest.raises(CommandError, match="cannot be read as JSON"):
        call_command("process_event", str(file), provider="postmark")
    file.write_text("[]")
    with pytest.raises(CommandError, match="is no event of postmark"):
        call_command("process_event", str(file), provider="postmark")
