from __future__ import annotations

import pytest

from tests.api.calling import Caller

pytestmark = pytest.mark.django_db


def test_a_method_that_is_not_there_names_those_that_are() -> None:
    answer = Caller()("DELETE", "people")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST, PUT")
    assert Caller()("OPTIONS", "metrics").status_code == 405
