from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command
from standardwebhooks import Webhook

from api.models import Event, Subscription
from common.secrets.sealing import unseal
from tests.actions.following import answered
from tests.api.calling import Caller
from tests.servers.receiver import Receiver

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.org/x"


def test_the_command_makes_one_that_a_real_server_hears_of_and_can_check(
    settings, capsys, time_machine
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as server:
        call_command("create_webhook", server.url, "--event=response.created")
        secret = capsys.readouterr().out.splitlines()[-1]
        answered(3, comment="Slow")
        call_command("deliver_webhooks")
        call_command("deliver_webhooks")

    assert capsys.readouterr().out.splitlines() == ["delivered: 1", "delivered: 0"]
    [taken] = server.taken
    assert json.loads(taken.body)["data"]["response"]["comment"] == "Slow"
    assert Webhook(secret).verify(taken.body, taken.headers)["type"] == "response.created"
    assert Event.objects.count() == 1


def test_as_delighted_sent_it_the_newest_key_of_the_project_signs(capsys) -> None:
    caller = Caller("web")
    call_command("create_webhook", URL, "--dialect=delighted", "--project=web")

    found = Subscription.objects.get()
    assert found.key == caller.key
    assert found.events == ["response.created", "response.updated", "person.opted_out"]
    said = capsys.readouterr()
    assert said.out == ""
    assert "waits for the key's next request" in said.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["http://hooks.example.org/x"], "https"),
        ([URL, "--event=nonsense"], "nonsense"),
        ([URL, "--dialect=delighted"], "--project"),
        ([URL, "--project=unknown"], "unknown"),
        ([URL, "--dialect=chatwork"], "--token"),
        ([URL, "--project=empty", "--dialect=delighted"], "no API key"),
    ],
)
def test_what_cannot_be_is_refused_in_words(arguments: list[str], why: str) -> None:
    caller = Caller("empty")
    caller.key.delete()

    with pytest.raises(CommandError, match=why):
        call_command("create_webhook", *arguments)
    assert not Subscription.objects.exists()


def test_no_secret_need_stand_in_the_list_of_processes(monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{URL}\nsesame\n"))

    call_command("create_webhook", "-", "--dialect=chatwork", "--token=-")

    channel = Subscription.objects.get().channel
    assert (unseal(channel.sealed_url), unseal(channel.sealed_secret)) == (URL, "sesame")
