from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Dimension
from actions.models import AlertRule, Delivery
from tests.actions.alerting import make_channel, make_rule, tick
from tests.actions.following import answered
from tests.staffing import logged_in, make_staff
from tests.world import HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return logged_in(make_staff("admin"))


def fields(**more):
    return {"name": "Promoters", "group": "promoter", "is_active": "on", **more}


def test_a_rule_is_tried_on_the_last_year_before_it_is_saved(admin) -> None:
    viewer, now = make_staff("viewer"), timezone.now()
    for score, comment in ((10, "Great"), (9, ""), (3, "Bad")):
        answered(score, comment=comment, at=now - HOUR)
    answered(10, comment="Old", at=now - 400 * 24 * HOUR)
    data = fields(staff=[viewer.pk], only_with_comment="on")

    page = admin.post("/settings/alerts/new/", data | {"try": "1"})
    assert "It would have told 1 time in the last 12 months." in page.content.decode()
    assert not AlertRule.objects.exists()

    assert admin.post("/settings/alerts/new/", data)["Location"] == "/settings/alerts/"
    rule = AlertRule.objects.get()
    assert [*rule.staff.all()] == [viewer]
    assert "Promoters" in admin.get("/settings/alerts/").content.decode()


def test_a_rule_that_tells_nobody_is_no_rule(admin) -> None:
    answer = admin.post("/settings/alerts/new/", fields())

    assert answer.status_code == 422
    assert "Choose at least one person or channel." in answer.content.decode()


def test_a_key_account_is_a_value_of_a_segment_or_mrr(admin) -> None:
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    channel = make_channel()
    rule = make_rule(channel, group="any")

    page = admin.get(f"/settings/alerts/{rule.pk}/").content.decode()
    assert "Key accounts" in page
    data = fields(group="any", channels=[channel.pk], mrr_at_least="1000")
    assert admin.post(f"/settings/alerts/{rule.pk}/", data).status_code == 302
    rule.refresh_from_db()
    assert (rule.mrr_at_least, rule.dimension) == (Decimal(1000), None)


def test_a_test_goes_to_everybody_whom_the_rule_tells(admin) -> None:
    viewer = make_staff("viewer", language="ja")
    gone = make_staff("cs", is_active=False)
    rule = make_rule(viewer, gone, make_channel())

    answer = admin.post(f"/settings/alerts/{rule.pk}/test/", follow=True)
    assert "2 tests are on their way." in answer.content.decode()
    Delivery.objects.filter(channel__isnull=False).delete()
    tick(timezone.now())
    assert [(each.to, each.subject) for each in mail.outbox] == [
        (["viewer@koe.example"], "通知のテスト")
    ]


def test_a_rule_goes_after_a_question(admin) -> None:
    rule = make_rule(make_staff("cs"))
    address = f"/settings/alerts/{rule.pk}/delete/"

    assert "Delete the rule Promoters?" in admin.get(address).content.decode()
    assert AlertRule.objects.exists()
    admin.post(address)
    assert not AlertRule.objects.exists()
