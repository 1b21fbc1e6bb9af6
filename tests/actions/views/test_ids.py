"""What an address names in place of an id is no error of the server."""

from __future__ import annotations

import pytest

from tests.staffing import client_as
from tests.world import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NO_IDS = ("9" * 5000, "9" * 19, "²", "-1", "x")


@pytest.mark.parametrize("text", NO_IDS, ids=["digits", "long", "power", "minus", "letter"])
def test_what_is_no_id_is_not_found(text: str) -> None:
    admin, customer = client_as("admin"), make_customer()

    assert admin.get(f"/goals/improvements/new/?follow_up={text}").status_code == 404
    assert admin.get(f"/customers/{customer.pk}/ask/?step={text}").status_code == 404
    assert admin.get(f"/analytics/health/formulas/?version={text}").status_code == 200
    chosen = {"chosen": [text], "to": "1"}
    assert admin.post("/follow-ups/assign/", chosen).status_code == 302
