from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from collections.abc import Callable

import pytest
from django.db import IntegrityError

from common.monitoring.logs import LineFormatter, TokenFilter, formatter, without_tokens


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


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /customers/?q=%E5%B1%B1%E7%94%B0&page=2", "GET /customers/?q=***&page=2"),
        (
            "GET /accounts/sign-on/callback/?code=a.B-1&state=x",
            "GET /accounts/sign-on/callback/?code=***&state=x",
        ),
        ("refused: {'a.b@x.example': (550, b'no')}", "refused: {'***': (550, b'no')}"),
        ("to 山田@例え.jp, b%40y.example", "to ***, ***"),
        ("worker@machine ready", "worker@machine ready"),
    ],
)
def test_a_log_line_shows_no_address_and_no_search(said: str, kept: str) -> None:
    assert without_tokens(said) == kept


def failed(work: Callable[[], object]) -> logging.LogRecord:
    try:
        work()
    except Exception:
        return logging.makeLogRecord(
            {"msg": "failed", "levelname": "ERROR", "exc_info": sys.exc_info(), "name": "koe"}
        )
    raise AssertionError


ADDRESS = "a@x.example"
ROW = f'null value in column "x"\nDETAIL:  Failing row contains (1, {ADDRESS}, my words\n\nall)'


def refuse() -> None:
    try:
        raise IntegrityError(ROW)
    except IntegrityError as error:
        raise ValueError(f"{ADDRESS} cannot be written") from error


def test_an_error_says_where_it_came_from_and_quotes_no_row() -> None:
    said = LineFormatter("%(levelname)s %(message)s").format(failed(refuse))

    first, *rest = said.splitlines()
    assert first == "ERROR failed"
    assert 'IntegrityError: null value in column "x"' in rest
    assert rest[-1] == "ValueError: *** cannot be written"
    assert "in refuse" in said
    assert "my words" not in said
    assert "x.example" not in said


def test_a_line_of_json_holds_an_error_in_one_line(monkeypatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")

    said = formatter().format(failed(refuse))

    assert "\n" not in said
    found = json.loads(said)
    assert (found["level"], found["logger"], found["message"]) == ("ERROR", "koe", "failed")
    assert found["error"].endswith("ValueError: *** cannot be written")
    assert dt.datetime.fromisoformat(found["at"]).tzinfo
