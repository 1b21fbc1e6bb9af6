from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from celery.signals import task_prerun
from django.db import connection
from django.utils import timezone, translation

import accounts.tasks  # noqa: F401 - its receiver
from accounts.models import AuditEvent, Organisation, Respondent
from accounts.services import organisation as said
from accounts.services.organisation import follow, lacks_sender, put_in_force, save_organisation
from tests.staffing import make_staff
from tests.world import NOW, make_campaign

pytestmark = pytest.mark.django_db


def row(**fields: Any) -> Organisation:
    given = {"name": "Aoba", "address": "Kyoto", "sender": "ask@aoba.example"}
    return Organisation(pk=Organisation.ONLY, **{**given, **fields})


def test_what_is_said_is_in_force_at_once_and_noted(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    admin = make_staff("admin")
    with django_capture_on_commit_callbacks(execute=True):
        changed = save_organisation(row(time_zone="Asia/Tokyo", language="ja"), by=admin, now=NOW)

    assert set(changed) == {"name", "address", "sender", "time_zone", "language"}
    assert (settings.ORGANISATION_NAME, settings.SERVER_EMAIL) == ("Aoba", "ask@aoba.example")
    # Django's own readers of them, too.
    assert timezone.get_default_timezone_name() == "Asia/Tokyo"
    assert str(timezone.localdate(NOW.replace(hour=20))) == "2026-11-25"
    translation.deactivate()
    assert translation.gettext("Campaigns") == "キャンペーン"
    assert Respondent().language == "ja"
    event = AuditEvent.objects.get(action="organisation.update")
    assert (event.actor, event.detail["name"]) == (admin, "Aoba")


def test_other_processes_follow_within_seconds_and_ask_no_more_than_once(
    settings: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    row().save()
    monkeypatch.setattr(said._Read, "at", float("-inf"))
    settings.ORGANISATION_FOLLOWED_EVERY = 5

    with django_assert_num_queries(1):
        follow(clock=lambda: 100)
        follow(clock=lambda: 104)
    assert settings.ORGANISATION_NAME == "Aoba"
    Organisation.objects.update(name="Midori")
    follow(clock=lambda: 104)
    assert settings.ORGANISATION_NAME == "Aoba"
    follow(clock=lambda: 105.5)
    assert settings.ORGANISATION_NAME == "Midori"


def test_a_task_goes_by_what_was_saved_just_before_it(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ORGANISATION_FOLLOWED_EVERY = 3600
    monkeypatch.setattr(said._Read, "at", float("-inf"))
    follow()
    row(time_zone="Asia/Tokyo").save()

    # Before any other than an eager one the connection of the test would be closed.
    request = SimpleNamespace(is_eager=True)
    task_prerun.send(sender=type("Task", (), {"request": request}))
    assert timezone.get_default_timezone_name() == "Asia/Tokyo"


def test_a_database_that_is_away_changes_nothing(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force({"name": "Aoba"})
    settings.ORGANISATION_FOLLOWED_EVERY = 0
    with connection.execute_wrapper(_away):
        follow()

    assert settings.ORGANISATION_NAME == "Aoba"


def _away(*_: Any) -> None:
    from django.db import OperationalError

    raise OperationalError("away")


def test_what_the_environment_says_wins(settings: Any) -> None:
    settings.GIVEN_BY_ENVIRONMENT = frozenset({"ORGANISATION_NAME"})
    put_in_force({"name": "Aoba", "address": "Kyoto"})

    assert settings.ORGANISATION_NAME == "Koe Demo"
    assert settings.ORGANISATION_ADDRESS == "Kyoto"


def test_nothing_that_leaves_this_machine_is_launched_as_the_demo(settings: Any) -> None:
    from surveys.services.campaigns.states import CampaignError, launch, pause, resume

    campaign = make_campaign(state="draft")
    assert not lacks_sender()
    settings.EMBEDDED_INBOX = False
    for near in ("localhost", "127.0.0.1", "10.0.0.9", "::1"):
        settings.EMAIL_HOST = near
        assert not lacks_sender()
    settings.SERVED_SECURELY = True
    assert lacks_sender()
    settings.SERVED_SECURELY, settings.EMAIL_HOST = False, "mail.aoba.example"

    with pytest.raises(CampaignError, match="are not said yet"):
        launch(campaign, by=None, now=NOW)
    campaign.refresh_from_db()
    assert campaign.state == "draft"
    put_in_force({"name": "Aoba", "address": "Kyoto", "sender": "ask@aoba.example"})
    launch(campaign, by=None, now=NOW)
    assert campaign.state == "running"
    pause(campaign, by=None, now=NOW)
    put_in_force({})
    with pytest.raises(CampaignError, match="are not said yet"):
        resume(campaign, by=None, now=NOW)
