from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from api.models import Export
from api.services.rest import exporting
from tests.api.calling import Rest
from tests.world import make_customer

pytestmark = pytest.mark.django_db


def test_a_file_is_asked_for_and_fetched_once_it_is_done() -> None:
    customer = make_customer(name="A")
    rest = Rest()

    found = rest.send("POST", "exports", {"kind": "customers"}, status=202)
    path = f"exports/{found['id']}"
    assert (found["state"], found["file"]) == ("waiting", None)
    assert rest.get(f"{path}/file", status=409)["errors"][0]["field"] == "state"
    assert exporting.write(found["id"], clock=timezone.now)
    done = rest.get(path)
    assert (done["state"], done["rows"], done["file"]) == ("done", 1, f"/api/v1/{path}/file")
    answer = rest("GET", f"{path}/file")
    assert answer["Content-Type"] == "text/csv"
    assert f"{customer.customer_id},A," in answer.getvalue().decode()
    assert AuditEvent.objects.get(action="customers.export").detail["key"] == rest.key.shown
    # Another key's is not there.
    Rest().get(path, status=404)
    Rest().get(f"{path}/file", status=404)


def test_a_key_has_a_few_under_way_at_once() -> None:
    rest = Rest()
    for kind in ("customers", "respondents", "revenue", "usage", "responses"):
        rest.send("POST", "exports", {"kind": kind}, status=202)

    assert rest.send("POST", "exports", {"kind": "events"}, status=409)["errors"][0]["fix"]
    rest.send("POST", "exports", {"kind": "passwords"}, status=422)
    assert Export.objects.count() == 5
