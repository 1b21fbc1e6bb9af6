from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Measure
from actions.forms.playbooks.editing import PlaybookForm, StepForm
from actions.models import TouchTable
from actions.services.playbooks.presets import PRESETS, make_from
from tests.staffing import make_staff
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", PRESETS)
def test_a_template_is_off_can_be_saved_as_it_is_and_speaks_every_language(key: str) -> None:
    Measure.objects.create(key="logins")
    playbook = make_from(PRESETS[key], by=make_staff(), now=NOW)

    assert not playbook.is_on
    shown = PlaybookForm(playbook=playbook, today=dt.date(2026, 11, 24))
    sent = {name: shown[name].value() or "" for name in shown.fields}
    assert PlaybookForm(sent, playbook=playbook, today=dt.date(2026, 11, 24)).is_valid()
    for step in playbook.steps.all():
        form = StepForm(step=step)
        filled = {name: form[name].value() or "" for name in form.fields}
        assert StepForm({**filled, "after_days": step.after_days}, step=step).is_valid()
    mails = [step.mails for step in playbook.steps.filter(kind="mail")]
    assert mails
    assert all(set(each) == {"en", "ja"} for each in mails)
    assert all(each["en"]["text"] != each["ja"]["text"] for each in mails)


def test_only_large_customers_where_a_table_knows_which_are() -> None:
    admin = make_staff()
    assert make_from(PRESETS["detractor"], by=admin, now=NOW).sizes == []

    TouchTable.objects.create(basis="mrr", medium_from=Decimal(1), large_from=Decimal(9))
    assert make_from(PRESETS["detractor"], by=admin, now=NOW).sizes == ["large"]
