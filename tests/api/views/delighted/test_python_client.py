"""The last Python client that Delighted published, unchanged, against a server of ours."""

from __future__ import annotations

import datetime as dt
import time
import warnings
from typing import Any

import pytest
from django.utils import timezone

from accounts.domain.contactability import SuppressionReason
from accounts.services.suppression import suppress
from api.models import Member
from surveys.models import Invitation
from tests.api.calling import make_key

with warnings.catch_warnings():
    # It says that it is no longer made.
    warnings.simplefilter("ignore", FutureWarning)
    import delighted
    from delighted.errors import (
        AuthenticationError,
        GeneralAPIError,
        ResourceValidationError,
        TooManyRequestsError,
    )

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(live_server: Any) -> str:
    return f"{live_server.url}/v1/"


@pytest.fixture
def client(url: str) -> Any:
    return delighted.Client(api_key=make_key()[1], api_base_url=url)


def sent() -> list[str]:
    """To whom e-mails are under way, or would be at their moments."""
    return sorted(Invitation.objects.values_list("email", flat=True))


def test_people_are_asked_listed_and_deleted(client: Any, url: str) -> None:
    now = int(time.time())
    with_key = {"client": client}
    aya = delighted.Person.create(email="aya@example.com", name="Aya", **with_key)
    again = delighted.Person.create(email="AYA@example.com", name="Aya S", send=False, **with_key)
    later = delighted.Person.create(email="ken@example.com", delay=3600, **with_key)

    assert (aya.id.isdigit(), aya.email, aya.name) == (True, "aya@example.com", "Aya")
    assert abs(aya.survey_scheduled_at - now) < 5
    assert (again.id, again.name, again.survey_scheduled_at) == (aya.id, "Aya S", None)
    assert abs(later.survey_scheduled_at - now - 3600) < 5
    assert sent() == ["aya@example.com", "ken@example.com"]

    for number in range(3):
        email = f"p+{number}@example.com"
        delighted.Person.create(email=email, send=False, **with_key)
    # As Delighted's own README has it, the server gets a parameter of the client's.
    pages = delighted.Person.list(per_page=2, auto_handle_rate_limits=True, **with_key)
    listed = [each.email for each in pages.auto_paging_iter()]
    assert listed == [
        "aya@example.com",
        "ken@example.com",
        *(f"p+{n}@example.com" for n in range(3)),
    ]
    [found] = delighted.Person.list(email="p+1@example.com", **with_key).auto_paging_iter()
    assert found.email == "p+1@example.com"

    assert delighted.SurveyRequest.delete_pending(person_email="ken@example.com", **with_key) == {
        "ok": True
    }
    assert sent() == ["aya@example.com"]
    assert delighted.Person.delete(id=found.id, **with_key) == {"ok": True}
    assert delighted.Person.delete(email="p+0@example.com", **with_key) == {"ok": True}
    with pytest.raises(GeneralAPIError) as gone:
        delighted.Person.delete(id=found.id, **with_key)
    assert gone.value.response.status_code == 404
    with pytest.raises(ResourceValidationError) as wrong:
        delighted.Person.create(name="x", **with_key)
    assert '"email"' in wrong.value.response.body


def test_answers_are_given_changed_and_counted(client: Any) -> None:
    with_key = {"client": client}
    aya = delighted.Person.create(email="aya@example.com", send=False, **with_key)
    ken = delighted.Person.create(email="ken@example.com", send=False, **with_key)
    for _ in range(2):
        made = delighted.SurveyResponse.create(
            person=aya.id, score=9, comment="Good", person_properties={"plan": "pro"}, **with_key
        )
    old = dt.datetime(2020, 2, 1, tzinfo=dt.UTC)
    delighted.SurveyResponse.create(
        person=aya.id, score=1, created_at=int(old.timestamp()), **with_key
    )

    assert sorted(made) == [
        "additional_answers", "comment", "created_at", "id", "notes", "permalink", "person",
        "person_properties", "score", "survey_type", "tags", "updated_at",
    ]  # fmt: skip
    assert (made.person, made.score, made.created_at) == (aya.id, 9, made.updated_at)
    read = delighted.SurveyResponse.retrieve(made.id, expand=["person"], **with_key)
    assert (read.person.email, read.person_properties["plan"]) == ("aya@example.com", "pro")
    read.score = 3
    assert read.save(client=client).score == 3
    read.person = ken.id
    assert read.save(client=client).person == ken.id
    newest = delighted.SurveyResponse.all(order="desc", per_page=2, **with_key)
    assert [each.score for each in newest] == [3, 9]
    assert delighted.SurveyResponse.all(page=2, per_page=3, **with_key) == []
    figures = delighted.Metrics.retrieve(**with_key)
    assert (figures.nps, figures.response_count, figures.promoter_percent) == (0, 2, 50)
    of_2020 = delighted.Metrics.retrieve(until=old, **with_key)
    assert (of_2020.nps, of_2020.response_count) == (-100, 1)
    with pytest.raises(GeneralAPIError):
        delighted.SurveyResponse.retrieve("999999", **with_key)
    with pytest.raises(ResourceValidationError):
        delighted.SurveyResponse.create(person=aya.id, score=11, **with_key)


def test_who_unsubscribed_or_bounced_is_listed_and_not_asked(client: Any) -> None:
    with_key = {"client": client}
    gone = delighted.Person.create(email="gone@example.com", send=False, **with_key)
    member = Member.objects.get(email="gone@example.com")
    suppress(member.person, SuppressionReason.BOUNCED, now=timezone.now())

    assert delighted.Unsubscribe.create(person_email="no@example.com", **with_key) == {"ok": True}
    for email in ("no@example.com", "gone@example.com"):
        assert delighted.Person.create(email=email, **with_key).survey_scheduled_at is None

    [out] = delighted.Unsubscribe.all(**with_key)
    [bounced] = delighted.Bounce.all(**with_key)
    assert (out.email, out.name) == ("no@example.com", None)
    assert (bounced.person_id, bounced.email) == (gone.id, "gone@example.com")
    assert abs(out.unsubscribed_at - bounced.bounced_at) < 5
    assert delighted.Unsubscribe.all(page=2, **with_key) == []
    assert sent() == []


def test_autopilot_takes_somebody_in_and_lets_them_go(client: Any) -> None:
    with_key = {"client": client}
    members = delighted.AutopilotMembership.forEmail()
    made = members.create(person_email="aya@example.com", properties={"plan": "pro"}, **with_key)

    assert delighted.AutopilotConfiguration.retrieve("email", **with_key).active is True
    listed = list(members.list(**with_key).auto_paging_iter())
    assert [each["person"]["id"] for each in listed] == [made["person"]["id"]]
    gone = members.delete(person_email="aya@example.com", **with_key)
    assert gone["person"]["email"] == "aya@example.com"
    assert list(members.list(**with_key).auto_paging_iter()) == []


def test_a_wrong_key_and_too_many_requests_are_told_apart(url: str) -> None:
    stranger = delighted.Client(api_key="koe_wrong", api_base_url=url)
    with pytest.raises(AuthenticationError):
        delighted.Metrics.retrieve(client=stranger)
    slow = delighted.Client(api_key=make_key(rate=1)[1], api_base_url=url)
    with pytest.raises(TooManyRequestsError) as refused:
        _ask_often(slow)
    assert 0 < refused.value.retry_after <= 60


def _ask_often(client: Any) -> None:
    """At the turn of a minute the second one may be let in."""
    for _ in range(3):
        delighted.Metrics.retrieve(client=client)


def test_an_ask_is_mailed_with_the_words_it_came_with(client: Any) -> None:
    words = {
        "question_product_name": "Lamp",
        "locale": "ja",
        "Delighted Email Subject": "How is it?",
    }
    delighted.Person.create(email="aya@example.com", properties=words, client=client)

    asked = Invitation.objects.select_related("campaign").get()
    assert (asked.language, asked.campaign.product_name) == ("ja", "Lamp")
    assert asked.campaign.wording == {"ja": {"subject": "How is it?"}}
