from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest
from django.contrib.auth import authenticate
from django.utils.translation import override

from accounts.domain.access.demo import DEMO_PASSWORD
from accounts.models import AuditEvent, Dimension, Event, Import
from surveys.demo import organisation, world
from surveys.domain.states import CampaignState
from surveys.models import Campaign, Response
from tests.surveys.demo.made import NOW, USUAL
from tests.world import make_campaign, make_customer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def seeded_campaigns(*, in_local_inbox: bool = True) -> dict[str, Campaign]:
    plans = world.campaigns(USUAL, now=NOW, in_local_inbox=in_local_inbox)
    [admin, *_] = (each for each in organisation.make_staff() if each.role == "admin")
    return organisation.make_campaigns(plans, by=admin, now=NOW)


def of_state(rows: Iterable[Campaign], state: CampaignState) -> Campaign:
    [row] = (each for each in rows if each.state == state)
    return row


def test_staff_of_every_role_can_log_in() -> None:
    staff = organisation.make_staff()

    assert {each.role for each in staff} == {"cs", "admin", "viewer"}
    assert [authenticate(None, username=each.email, password=DEMO_PASSWORD) for each in staff] == (
        staff
    )


def test_dimensions_replace_what_an_import_had_registered_by_itself() -> None:
    Dimension.objects.create(name="usage", label="usage", source="respondent", attribute="x")

    organisation.make_dimensions()

    usage = Dimension.objects.get(name="usage")
    assert (usage.label, usage.source) == ("Usage per seat", "customer")
    assert list(usage.definition.bands.labels) == ["low", "middle", "high"]
    assert Dimension.objects.count() == len(organisation.DIMENSIONS)


def test_built_in_dimensions_are_in_the_readers_language() -> None:
    organisation.make_dimensions()

    with override("ja"):
        names = [str(each) for each in Dimension.objects.filter(name__in=["role", "language"])]
    assert names == ["役割", "言語"]


def test_campaigns_bear_the_dates_of_their_story() -> None:
    rows = seeded_campaigns().values()
    running, draft, imported = (
        of_state(rows, state)
        for state in (CampaignState.RUNNING, CampaignState.DRAFT, CampaignState.IMPORTED)
    )

    assert (running.launched_at, running.finished_at) == (running.starts_at, None)
    assert (draft.launched_at, draft.finished_at) == (None, None)
    assert (imported.launched_at, imported.starts_at, imported.finished_at) == (None, None, NOW)
    ended = [each for each in rows if each.state == CampaignState.FINISHED]
    assert all(each.launched_at < each.finished_at < NOW for each in ended)
    launched = AuditEvent.objects.filter(action="campaign.launch").values_list("target", "at")
    assert dict(launched) == {each.slug: each.starts_at for each in (*ended, running)}
    assert not AuditEvent.objects.filter(at__gt=NOW).exists()


def test_where_mail_leaves_the_machine_the_open_campaign_is_seeded_resting() -> None:
    rows = seeded_campaigns(in_local_inbox=False).values()

    assert of_state(rows, CampaignState.PAUSED).state_reason == organisation.RESTS
    assert CampaignState.RUNNING not in {each.state for each in rows}


def test_only_what_was_seeded_is_put_to_rest() -> None:
    running = of_state(seeded_campaigns().values(), CampaignState.RUNNING)
    other = make_campaign()

    organisation.let_demo_rest(now=NOW)

    running.refresh_from_db()
    other.refresh_from_db()
    assert (running.state, running.state_reason) == ("paused", organisation.RESTS)
    assert other.state == "running"


def test_the_imports_on_record_brought_the_rows_that_there_are() -> None:
    customer = make_customer()
    for number, reason in enumerate(["imported", "imported", ""]):
        respondent = make_respondent(customer=customer)
        row = make_invitation(respondent, state="sent", reason=reason)
        at = NOW + dt.timedelta(minutes=number)
        Response.objects.create(invitation=row, score=9, answered_at=at, changed_at=at)
    [admin, *_] = organisation.make_staff()
    written = {"customer": customer, "kind": "contacted", "at": NOW, "known_from": NOW.date()}
    Event.objects.create(ref="by hand", channel="call", **written)
    Event.objects.create(ref="by file", **written)

    organisation.note_imports(by=admin, now=NOW)

    assert dict(Import.objects.values_list("kind", "created")) == {
        "customers": 1,
        "respondents": 3,
        "revenue": 0,
        "responses": 2,
        "usage": 0,
        "events": 1,
    }
