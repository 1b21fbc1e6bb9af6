from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import Dimension, SegmentProfile
from actions.forms.alerts.rules import AlertForm
from actions.models import AlertRule
from tests.actions.alerting import make_channel, make_rule
from tests.staffing import make_staff
from tests.world import make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def test_a_rule_is_filled_as_it_was_entered_and_shown_as_it_is() -> None:
    dimension = Dimension.objects.create(name="plan", source="customer", attribute="plan")
    frozen = SegmentProfile.objects.create(digest="d", values={"plan": "pro"})
    make_invitation(make_respondent(), profile=frozen)
    viewer, channel = make_staff("viewer"), make_channel()
    data = {
        "name": "Key", "group": "any", "segment": "plan=pro", "mrr_at_least": "500",
        "staff": [viewer.pk], "channels": [channel.pk], "only_with_comment": "on",
    }  # fmt: skip
    form = AlertForm(data, rule=AlertRule())

    assert form.is_valid(), form.errors
    rule = form.filled()
    assert (rule.dimension, rule.value, rule.mrr_at_least) == (dimension, "pro", Decimal(500))
    assert (rule.only_with_comment, rule.is_active) == (True, False)
    rule.save()
    assert AlertForm(rule=rule).initial["segment"] == "plan=pro"


def test_nobody_who_may_not_log_in_is_offered_and_a_segment_must_be_one() -> None:
    left = make_staff("cs", is_active=False)
    form = AlertForm(
        {"name": "x", "group": "any", "staff": [left.pk], "segment": "plan=none"},
        rule=make_rule(),
    )

    assert not form.is_valid()
    assert set(form.errors) == {"staff", "segment"}
    assert "channels" not in form.fields
