from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import AuditEvent
from surveys.models import DomainHealth
from tests.surveys.working import background_works
from tests.world import make_campaign, make_invitation, make_respondent

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = dt.timedelta(minutes=30)


def mail_server_is_away(now: dt.datetime) -> None:
    DomainHealth.objects.create(
        domain="", open_until=now + HALF_AN_HOUR, failing_since=now - HALF_AN_HOUR
    )


def test_home_and_the_campaign_say_that_nothing_is_sent_and_offer_to_try_it(staff) -> None:
    now = timezone.now()
    background_works(now=now)
    campaign = make_campaign()
    make_invitation(make_respondent(), campaign, send_at=now - HALF_AN_HOUR, state="unknown")
    make_invitation(make_respondent(), campaign, send_at=now)
    cs = staff("cs")
    assert "No e-mails are being sent" not in cs.get("/").content.decode()
    mail_server_is_away(now)

    for address in ("/", f"/campaigns/{campaign.slug}/"):
        page = cs.get(address).content.decode()

        assert "No e-mails are being sent" in page
        assert "Our mail server has refused, or been away, since" in page
        assert "It is tried again at" in page
        assert f'name="back" value="{address}"' in page
    assert "never sent again by itself" in page

    reply = cs.post("/sending/try/", {"domain": "", "back": "/campaigns/"})

    assert reply.url == "/campaigns/"
    assert DomainHealth.objects.get().open_until <= timezone.now()
    assert AuditEvent.objects.filter(action="sending.try").count() == 1


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "evil", ""])
def test_the_button_leads_back_to_our_own_pages_only(staff, back) -> None:
    assert staff("cs").post("/sending/try/", {"domain": "x", "back": back}).url == "/"


def test_a_viewer_tries_nothing(staff) -> None:
    mail_server_is_away(timezone.now())

    assert staff("viewer").post("/sending/try/", {"domain": ""}).status_code == 403
    assert DomainHealth.objects.get().open_until > timezone.now()


def test_all_other_obstacles_have_their_sentence(staff, monkeypatch) -> None:
    from surveys.queries import obstacles as queries

    cache.clear()
    make_invitation(make_respondent(), make_campaign(), send_at=timezone.now())
    cs = staff("cs")
    page = cs.get("/").content.decode()
    assert "The scheduler (beat) has not been seen yet." in page
    assert "No worker for planning has been seen yet." in page

    background_works(now=timezone.now() - HALF_AN_HOUR)
    DomainHealth.objects.create(domain="example.com", open_until=timezone.now())
    monkeypatch.setattr(queries, "is_writable", lambda: False)
    monkeypatch.setattr(queries, "pending_migrations", lambda: 1)
    page = cs.get("/").content.decode()
    assert "The scheduler (beat) has been silent since" in page
    assert "No worker has been there for e-mails since" in page
    assert "it is read-only or full" in page
    assert "older than the program" in page
    assert "The mail server of example.com refuses. It is tried again with the next" in page

    monkeypatch.setattr(queries, "is_kept", lambda: False)
    assert "Redis is away, full or read-only." in cs.get("/").content.decode()
