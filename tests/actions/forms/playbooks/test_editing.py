from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Measure
from actions.forms.playbooks.editing import PlaybookForm, StepForm
from actions.models import PlaybookStep, TouchTable
from tests.actions.alerting import make_channel
from tests.actions.playbooks import make_playbook
from tests.staffing import make_staff

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


def form(started_by: str, sent: dict[str, Any] | None = None) -> PlaybookForm:
    return PlaybookForm(sent, playbook=make_playbook(started_by=started_by), today=TODAY)


def test_a_form_has_the_fields_of_what_starts_it() -> None:
    always = {"name", "aim", "every_days", "owner"}
    assert set(form("score").fields) == {*always, "level"}
    assert set(form("usage").fields) == {*always, "level", "measure"}
    assert set(form("band").fields) == always

    TouchTable.objects.create(basis="mrr", medium_from=Decimal(1), large_from=Decimal(9))
    assert set(form("score").fields) == {*always, "level", "sizes"}
    assert set(form("touch").fields) == {*always, "cells"}


def test_what_is_entered_becomes_the_playbooks() -> None:
    Measure.objects.create(key="logins")
    TouchTable.objects.create(basis="mrr", medium_from=Decimal(1), large_from=Decimal(9))
    owner = make_staff("cs")
    sent = {
        "name": "Quiet", "level": "40", "measure": "logins", "sizes": ["large"],
        "every_days": "30", "owner": str(owner.pk),
    }  # fmt: skip

    found = form("usage", sent)
    assert found.is_valid(), found.errors
    playbook = found.filled()
    assert (playbook.level, playbook.sizes, playbook.owner) == (40, ["large"], owner)


@pytest.mark.parametrize(
    ("started_by", "wrong", "field"),
    [
        ("score", {"level": "9"}, "level"),
        ("usage", {"level": "0"}, "level"),
        ("usage", {"measure": "nothing"}, "measure"),
        ("band", {"every_days": "0"}, "every_days"),
        ("band", {"owner": "999"}, "owner"),
        ("touch", {}, "cells"),
    ],
)
def test_what_no_playbook_can_be_is_refused(started_by: str, wrong: Any, field: str) -> None:
    Measure.objects.create(key="logins")
    sent = {"name": "A", "level": "5", "measure": "logins", "every_days": "30"} | wrong

    assert list(form(started_by, sent).errors) == [field]


def test_a_draft_needs_subject_and_text_in_one_language() -> None:
    def step(**texts: str) -> StepForm:
        sent = {"title": "Write", "after_days": "1", **texts}
        return StepForm(sent, step=PlaybookStep(kind="mail"))

    assert not step(subject_en="Hello").is_valid()
    found = step(subject_en="Hello", text_en="Dear {name}", subject_ja="件名")
    assert found.is_valid()
    assert found.filled().mails == {"en": {"subject": "Hello", "text": "Dear {name}"}}


def test_only_a_survey_asks_for_a_campaign_and_a_message_for_a_channel_in_use() -> None:
    kinds = ("task", "survey", "webhook")
    fields = {kind: set(StepForm(step=PlaybookStep(kind=kind)).fields) for kind in kinds}
    assert fields["survey"] - fields["task"] == {"campaign"}
    assert fields["webhook"] - fields["task"] == {"channel"}

    channel = make_channel()
    sent = {"title": "Tell", "after_days": "0", "channel": str(channel.pk)}
    form = StepForm(sent, step=PlaybookStep(kind="webhook"))
    assert form.is_valid()
    assert form.filled().channel == channel
    channel.disabled = "hand"
    channel.save()
    assert not StepForm(sent, step=PlaybookStep(kind="webhook")).is_valid()
