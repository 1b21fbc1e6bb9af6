"""An answer whose connection to the database breaks is stored all the same, once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from surveys.models import Response, ResponseChange
from surveys.services.answers import receive
from tests.surveys.helpers.invited import answer_path, invite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def break_connection() -> None:
    """As a restart of the database does."""
    if connection.vendor == "sqlite":
        raise OperationalError("disk I/O error")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.parametrize("when", ["before", "in the middle", "after"])
def test_an_answer_whose_connection_breaks_is_stored_once(monkeypatch, when) -> None:
    invitation = invite(sent_at=timezone.now())
    path = answer_path(invitation)
    name = {"before": "hold_invitation", "in the middle": "write_ledger", "after": "receive"}[when]
    original, calls = getattr(receive, name), []

    def breaking(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        found = original(*args, **kwargs)
        if len(calls) == 1:
            break_connection()
        return found

    module = "surveys.views.public.answer" if when == "after" else receive.__name__
    monkeypatch.setattr(f"{module}.{name}", breaking)

    reply = Client().post(path, {"score": "3", "comment": "slow"})

    assert (reply.status_code, len(calls)) == (303, 2)
    response = Response.objects.get()
    assert (response.score, response.comment, response.suspect) == (3, "slow", False)
    assert {each.score_after for each in ResponseChange.objects.all()} == {3}
