from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.domain.events import Event
from api.models import Event as Row
from api.services.webhooks.heard import SECONDS, _Heard, heard
from api.services.webhooks.recording import wanted
from tests.api.hooks import make_webhook
from tests.world import NOW, answer, make_respondent, send

pytestmark = pytest.mark.django_db


def test_whoever_subscribes_hears_of_what_happens_from_then_on() -> None:
    invitation = send(make_respondent(), now=NOW)
    answer(invitation, 9)
    assert not Row.objects.exists()

    make_webhook(Event.ANSWER_CHANGED)
    answer(invitation, 8)
    assert Row.objects.count() == 1


def test_what_nobody_wants_costs_no_query_for_two_seconds(django_assert_num_queries) -> None:
    make_webhook(Event.ENDED)
    with django_assert_num_queries(1):
        assert not wanted(Event.ANSWERED)
    with CaptureQueriesContext(connection) as seen:
        for _ in range(3):
            answer(send(make_respondent(), now=NOW), 9)
        assert not wanted(Event.BOUNCED)
    assert not [each for each in seen if "api_subscription" in each["sql"]]


def test_another_process_finds_out_after_two_seconds() -> None:
    at = 0.0
    elsewhere = _Heard(clock=lambda: at)
    assert not elsewhere.any_of((Event.ANSWERED,))
    make_webhook(Event.ANSWERED)
    assert heard.any_of((Event.ANSWERED,))
    assert not elsewhere.any_of((Event.ANSWERED,))
    at = SECONDS
    assert elsewhere.any_of((Event.ANSWERED,))


def test_one_that_is_taken_away_is_told_nothing(django_assert_num_queries) -> None:
    subscription = make_webhook(Event.ANSWERED)
    assert len(wanted(Event.ANSWERED)) == 1
    subscription.channel.disabled = "staff"
    subscription.channel.save()
    with django_assert_num_queries(1):
        assert wanted(Event.ANSWERED) == []
