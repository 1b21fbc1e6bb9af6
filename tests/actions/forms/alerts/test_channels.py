from __future__ import annotations

import pytest

from actions.forms.alerts.channels import ChannelForm
from actions.models import Channel
from tests.actions.alerting import make_channel

pytestmark = pytest.mark.django_db
DATA = {"name": "Board", "kind": "slack", "url": "https://hooks.example.org/x", "language": "en"}


def test_a_kind_is_chosen_once_and_a_secret_is_for_programs() -> None:
    new = ChannelForm(DATA | {"kind": "webhook"}, channel=Channel())
    assert new.is_valid()
    new.filled()
    assert new.wants_secret

    chat, program = make_channel(), make_channel(kind="webhook")
    assert "kind" not in ChannelForm(channel=chat).fields
    assert ["new_secret" in ChannelForm(channel=each).fields for each in (chat, program)] == [
        False, True
    ]  # fmt: skip


def test_an_address_may_stay_only_where_there_is_one() -> None:
    empty = DATA | {"url": " "}
    assert not ChannelForm(empty, channel=Channel()).is_valid()
    kept = ChannelForm(empty, channel=make_channel())
    assert kept.is_valid()
    assert (kept.cleaned_data["url"], kept.wants_secret) == ("", False)
