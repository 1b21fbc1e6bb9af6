from __future__ import annotations

import logging

import pytest

from common.logs import TokenFilter


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /s/Se-cret_1~/thanks/", "GET /s/***/thanks/"),
        ("GET /S/Se-cret_1~/", "GET /S/***/"),
        ("/accounts/password/reset/key/1-abc/", "/accounts/password/reset/key/***/"),
        ("DELETE /v1/people/email%3Aa%40x.example 202", "DELETE /v1/people/*** 202"),
        (
            "/v1/people/a@x.example/survey_requests/pending",
            "/v1/people/***/survey_requests/pending",
        ),
        ("/v1/people.json?email=a@x.example&page=2", "/v1/people.json?email=***&page=2"),
        ("/v1/survey_responses?a=1&person_email=a@x", "/v1/survey_responses?a=1&person_email=***"),
        ("GET /x\n127.0.0.1 - GET /admin/ 200", r"GET /x\n127.0.0.1 - GET /admin/ 200"),
        ("\x00 \x1b[31m \x85 \u2028 é 声", r"\x00 \x1b[31m \x85 \u2028 é 声"),
    ],
)
def test_a_log_line_shows_no_token_and_stays_one_line(said: str, kept: str) -> None:
    record = logging.makeLogRecord({"msg": "%s", "args": (said,)})

    assert TokenFilter().filter(record)
    assert record.getMessage() == kept
