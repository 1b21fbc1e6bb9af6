from __future__ import annotations

import datetime as dt
import itertools
from importlib import import_module

import pytest
from anymail.signals import AnymailTrackingEvent
from django.apps import apps

from accounts.models import Suppression
from surveys.models import Campaign, DeliveryEvent, DomainHealth, Invitation
from surveys.sending.events.provider_events import apply_events, record_event
from tests.world import DAY, NOW, make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> Invitation:
    return make_invitation(make_respondent(), state="sent", sent_at=NOW)


def event(row: Invitation, kind: str, *, at: dt.datetime = NOW, **fields) -> AnymailTrackingEvent:
    fields = {
        "event_id": f"{kind}-{at}",
        "recipient": row.email,
        "message_id": f"<{row.public_id}@koe.example>",
        "metadata": {},
    } | fields
    return AnymailTrackingEvent(event_type=kind, timestamp=at, **fields)


def keep(*events: AnymailTrackingEvent) -> None:
    for each in events:
        record_event(each, provider="Provider", now=NOW)


def status_of(row: Invitation) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.delivery_status


def test_events_three_times_in_every_order_end_the_same(sent):
    """R17."""
    kinds = ["sent", "deferred", "delivered", "complained"]
    ends = set()
    for order in itertools.permutations(kinds):
        DeliveryEvent.objects.all().delete()
        Suppression.objects.all().delete()
        Invitation.objects.update(delivery_status="")
        for kind in order:
            keep(*[event(sent, kind)] * 3)
            apply_events(now=NOW)
        assert DeliveryEvent.objects.count() == 4
        ends.add((*status_of(sent), *Suppression.objects.values_list("reason", flat=True)))

    assert ends == {("sent", "complained", "complained")}


def test_receiver_only_inserts(sent):
    keep(event(sent, "bounced", reject_reason="invalid"))

    assert DeliveryEvent.objects.get().applied_at is None
    assert status_of(sent) == ("sent", "")


def test_event_without_id_is_known_by_its_content(sent):
    keep(*[event(sent, "delivered", event_id=None)] * 2)
    keep(event(sent, "delivered", event_id=None, at=NOW + DAY))

    assert DeliveryEvent.objects.count() == 2


@pytest.mark.parametrize("kind", ["delivered", "bounced", "deferred", "complained"])
def test_event_with_only_the_reference_settles_an_unknown(sent, kind):
    """R19."""
    Invitation.objects.update(state="unknown")
    keep(event(sent, kind, message_id="x-1", metadata={"reference": sent.public_id}))
    apply_events(now=NOW)

    assert status_of(sent)[0] == "sent"


def test_flood_of_opened_and_clicked_moves_no_report(sent, staff):
    """R20: every table but that of the events, and what a report shows."""
    page = staff("admin")
    report = "/analytics/segments/?from=2026-01-01&to=2026-12-31&format=json"
    shown, rows = page.get(report).content, every_row()
    for number in range(200):
        keep(event(sent, ["opened", "clicked"][number % 2], event_id=str(number)))
    apply_events(now=NOW)

    assert DeliveryEvent.objects.count() == 200
    assert every_row() == rows
    assert page.get(report).content == shown


def every_row() -> dict[str, list[tuple]]:
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for app in ("accounts", "surveys", "analytics", "actions")
        for model in apps.get_app_config(app).get_models()
        if model is not DeliveryEvent
    }


@pytest.mark.parametrize("kind", ["opened", "clicked"])
def test_opened_and_clicked_change_nothing(sent, kind):
    """R20."""
    Invitation.objects.update(state="unknown")
    keep(event(sent, kind))
    apply_events(now=NOW)

    assert status_of(sent) == ("unknown", "")
    assert Suppression.objects.count() == 0
    assert DeliveryEvent.objects.get().applied_at == NOW


def test_hard_bounce_and_complaint_suppress_at_once_and_policy_never(sent):
    keep(event(sent, "bounced", reject_reason="blocked"))
    apply_events(now=NOW)
    assert Suppression.objects.count() == 0
    assert DomainHealth.objects.get().domain == sent.email.partition("@")[2]

    keep(event(sent, "bounced", at=NOW + DAY, mta_response="550 5.1.1 nobody"))
    apply_events(now=NOW)
    assert Suppression.objects.get().reason == "bounced"


def test_soft_bounces_of_one_survey_give_nobody_up(sent):
    for day in (0, 20, 45):
        keep(event(sent, "bounced", at=NOW + day * DAY, mta_response="552 5.2.2 full"))
    apply_events(now=NOW)

    assert Suppression.objects.count() == 0
    assert Campaign.objects.get().state == "running"


def test_a_refusal_for_our_sake_pauses_the_campaign_and_says_what_was_said(sent):
    keep(event(sent, "bounced", reject_reason="blocked", mta_response="550 5.7.1 looks like spam"))
    apply_events(now=NOW)

    campaign = Campaign.objects.get()
    assert campaign.state == "paused"
    assert campaign.state_reason.startswith("1 of 1 e-mails were refused for their sender or")
    assert campaign.state_reason.endswith("550 5.7.1 looks like spam")
    assert Suppression.objects.count() == 0


def test_what_an_admin_lifted_does_not_come_back_by_old_events(sent):
    keep(event(sent, "bounced", mta_response="550 5.1.1 nobody"))
    apply_events(now=NOW)
    Suppression.objects.update(lifted_at=NOW + DAY)
    keep(event(sent, "delivered", at=NOW + 2 * DAY))
    apply_events(now=NOW + 2 * DAY)
    assert Suppression.objects.active().count() == 0

    keep(event(sent, "bounced", at=NOW + 3 * DAY, mta_response="550 5.1.1 nobody"))
    apply_events(now=NOW + 3 * DAY)
    assert Suppression.objects.active().count() == 1


def test_unsubscribing_at_the_provider_is_an_opt_out(sent):
    keep(event(sent, "unsubscribed"))
    apply_events(now=NOW)

    assert Suppression.objects.get().reason == "opted_out"


def test_poison_event_stops_no_other(sent, caplog):
    poisoned = make_invitation(make_respondent(), state="sent", sent_at=NOW)
    keep(event(poisoned, "delivered", event_id="1"), event(sent, "complained", event_id="2"))
    DeliveryEvent.objects.filter(kind="delivered").update(detail=["not", "an", "object"])

    apply_events(now=NOW)

    assert status_of(sent) == ("sent", "complained")


def campaign_of(number: int, creator=None) -> list[Invitation]:
    campaign = make_campaign(created_by=creator)
    return [
        make_invitation(make_respondent(), campaign, state="sent", sent_at=NOW)
        for _ in range(number)
    ]


def test_too_many_hard_bounces_pause_the_campaign_and_tell_its_creator(
    django_user_model, mailoutbox
):
    """R44: over 5 % after 100."""
    creator = django_user_model._default_manager.create_user("cs@koe.example", role="cs")
    rows = campaign_of(100, creator)
    for row in rows[:5]:
        keep(event(row, "bounced", event_id=row.pk, reject_reason="invalid"))
    apply_events(now=NOW)
    assert Campaign.objects.get().state == "running"

    keep(event(rows[5], "bounced", event_id="6", reject_reason="invalid"))
    apply_events(now=NOW)
    campaign = Campaign.objects.get()
    assert campaign.state == "paused"
    assert campaign.state_reason == "6 of 100 addresses do not exist."
    assert [mail.to for mail in mailoutbox] == [["cs@koe.example"]]


def test_too_many_complaints_pause_the_campaign(django_user_model, mailoutbox):
    """R44: over 0.1 % after 1,000."""
    creator = django_user_model._default_manager.create_user("cs@koe.example", role="cs")
    rows = campaign_of(1000, creator)
    keep(event(rows[0], "complained", event_id="1"))
    apply_events(now=NOW)
    assert Campaign.objects.get().state == "running"

    keep(event(rows[1], "complained", event_id="2"))
    apply_events(now=NOW)
    assert Campaign.objects.get().state == "paused"
    assert [mail.to for mail in mailoutbox] == [["cs@koe.example"]]


@pytest.mark.both_databases
def test_event_with_a_zero_byte_is_kept_without_it(sent):
    """PostgreSQL has no such letter: the provider would send the whole batch again for ever."""
    keep(
        event(sent, "bounced", event_id="1\x00", mta_response="550 5.1.1 no\x00body"),
        event(sent, "delivered", message_id=None, metadata={"reference": "\x00"}),
    )

    assert list(DeliveryEvent.objects.order_by("pk").values_list("event_id", "invitation")) == [
        ("1", sent.pk),
        (f"delivered-{NOW}", None),
    ]
    assert DeliveryEvent.objects.earliest("pk").detail["text"] == "550 5.1.1 nobody"


def test_a_suppression_names_the_campaign_as_staff_know_it(sent):
    Campaign.objects.update(slug="spring-1", name="Spring in Osaka")
    keep(event(sent, "complained"))

    apply_events(now=NOW)

    assert Suppression.objects.get().get_source_display() == "e-mail of Spring in Osaka"


def test_suppressions_of_before_get_the_campaigns_name(sent):
    Campaign.objects.update(slug="spring-1", name="Spring in Osaka")
    sources = ["mail of spring-1", "mail of gone", "mail provider"]
    for reason, source in zip(("bounced", "complained", "manual"), sources, strict=True):
        Suppression.objects.create(person=sent.person, reason=reason, created_at=NOW, source=source)
    migration = import_module("surveys.migrations.0007_name_campaigns_of_suppressions")

    migration.name_campaigns(apps, None)

    found = Suppression.objects.order_by("pk").values_list("source", flat=True)
    assert list(found) == ["mail of Spring in Osaka", "mail of gone", "mail provider"]
