"""Errors to Sentry and traces to OpenTelemetry, where an installation names a place for them.

Their packages are imported only then (requirements-observe.txt). What leaves is cleaned like a line
of the log: no tokens, no addresses, nothing of what was posted, no rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from common.monitoring.logs import chain, reason_of, without_tokens

# Of a request what was asked for, and nothing that it brought along.
REQUEST_KEPT = ("method", "url")
DROPPED = ("user", "extra", "breadcrumbs", "contexts")
# What quotes what was asked for, or the reasons of errors, beside where these are cleaned.
ATTRIBUTES_DROPPED = ("exception.stacktrace", "url.query", "db.statement", "db.query.text")


def start() -> None:
    if settings.SENTRY_DSN:
        _start_errors(_package("sentry_sdk", "SENTRY_DSN"))
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        _package("opentelemetry.sdk.trace", "OTEL_EXPORTER_OTLP_ENDPOINT")
        import_module("common.monitoring.traces").start()


def _package(name: str, variable: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise ImproperlyConfigured(
            f"{variable} is set, and the packages that it needs are not installed: "
            "pip install -r requirements-observe.txt"
        ) from None


def _start_errors(sentry: Any) -> None:
    sentry.init(
        dsn=settings.SENTRY_DSN,
        before_send=clean_event,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
    )


def clean_event(event: dict[str, Any], hint: Mapping[str, Any]) -> dict[str, Any]:
    """An event of Sentry, as it may leave."""
    kept = {name: value for name, value in event.items() if name not in DROPPED}
    if request := kept.get("request"):
        kept["request"] = {name: _path(request[name]) for name in REQUEST_KEPT if name in request}
    if kept.get("transaction"):
        kept["transaction"] = _path(kept["transaction"])
    if logged := kept.get("logentry"):
        kept["logentry"] = {"message": without_tokens(logged.get("message") or "")}
    error = (hint.get("exc_info") or (None, None))[1]
    reasons = {str(each): reason_of(each) for each in chain(error)} if error else {}
    for each in (kept.get("exception") or {}).get("values", ()):
        text = str(each.get("value") or "")
        each["value"] = reasons.get(text, without_tokens(text.partition("DETAIL:")[0]))
    return kept


def clean_attributes(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Those of a span, as they may leave."""
    return {
        name: _clean(value)
        for name, value in (attributes or {}).items()
        if name not in ATTRIBUTES_DROPPED
    }


def clean_text(text: str) -> str:
    return _path(text.partition("DETAIL:")[0])


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Sequence):
        return tuple(_clean(each) for each in value)
    return value


def _path(text: str) -> str:
    """Without what stands behind a question mark: what somebody searched or chose."""
    return without_tokens(text.partition("?")[0])
