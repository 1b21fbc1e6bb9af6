from __future__ import annotations

import pytest

from tests.staffing import client_as
from tests.world import (
    make_person,
    make_respondent,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("nobody@example.com", "Nobody has the address nobody@example.com."),
        ("Me@example.com", "That is this person&#x27;s own address."),
    ],
)
def test_a_wrong_merge_is_refused(email: str, message: str) -> None:
    respondent = make_respondent(make_person("me@example.com"))

    answer = client_as("admin").post(f"/respondents/{respondent.pk}/merge/", {"email": email})

    assert answer.status_code == 422
    assert message in answer.content.decode()
