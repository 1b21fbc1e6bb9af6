from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError

from common.monitoring import observe
from common.monitoring.observe import clean_attributes, clean_event, start

ROOT = Path(__file__).resolve().parents[3]
SECRETS = ("a@x.example", "my words", "Se-cret", "203.0.113.9", "cookie-value")


def test_an_event_leaves_without_what_the_request_brought_and_the_row_that_was_refused() -> None:
    row = IntegrityError("null value\nDETAIL:  Failing row contains (a@x.example, my words)")
    outer = ValueError("a@x.example is wrong")
    outer.__cause__ = row
    event = {
        "level": "error",
        "transaction": "/s/Se-cret/",
        "request": {
            "method": "POST",
            "url": "https://koe.example.com/s/Se-cret/?q=my words",
            "data": {"comment": "my words"},
            "cookies": {"sessionid": "cookie-value"},
            "headers": {"X-Forwarded-For": "203.0.113.9"},
            "env": {"REMOTE_ADDR": "203.0.113.9"},
        },
        "user": {"email": "a@x.example"},
        "extra": {"sys.argv": ["my words"]},
        "logentry": {"message": "for a@x.example", "params": ["my words"]},
        "exception": {
            "values": [
                {"type": "IntegrityError", "value": str(row)},
                {"type": "ValueError", "value": str(outer)},
                {"type": "OtherError", "value": "of a library DETAIL: my words"},
            ]
        },
    }

    found = clean_event(event, {"exc_info": (ValueError, outer, None)})

    assert [each for each in SECRETS if each in str(found)] == []
    assert found["request"] == {"method": "POST", "url": "https://koe.example.com/s/***/"}
    assert [each["value"] for each in found["exception"]["values"]] == [
        "null value",
        "*** is wrong",
        "of a library ",
    ]


def test_a_span_leaves_without_tokens_searches_and_reasons() -> None:
    found = clean_attributes(
        {
            "http.target": "/s/Se-cret/?q=my words",
            "url.query": "q=my words",
            "exception.message": "null\nDETAIL: (a@x.example)",
            "exception.stacktrace": "... a@x.example",
            "http.status_code": 500,
            "list": ("to a@x.example",),
        }
    )

    assert found == {
        "http.target": "/s/***/",
        "exception.message": "null\n",
        "http.status_code": 500,
        "list": ("to ***",),
    }


@pytest.mark.parametrize("variable", ["SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"])
def test_a_place_without_its_packages_stops_the_start(settings, monkeypatch, variable) -> None:
    setattr(settings, variable, "https://key@errors.example/1")

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(observe, "import_module", missing)

    with pytest.raises(ImproperlyConfigured, match=f"{variable} is set, and the packages"):
        start()


def test_nothing_of_it_is_imported_where_no_place_is_named() -> None:
    program = (
        "import sys, django; django.setup();"
        "heavy = {'sentry_sdk', 'opentelemetry', 'common.monitoring.traces'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True
    )

    assert done.stdout.strip() == "[]"
