"""Requests made of the description: such as it allows, and such as it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from config.wsgi import application

PATH = "/api/v1/openapi.json"


def explore(
    key: str,
    *,
    examples: int,
    number: int = 1,
    every: int = 1,
) -> Counter[int]:
    """How many answers had which status; fails on the first one that is not as described.

    `every`: of the operations only each so-manieth, as making up its first case takes long.
    """
    seen: Counter[int] = Counter()
    with _one_connection():
        schema = schemathesis.openapi.from_wsgi(PATH, application)
        for found in list[Any](schema.get_all_operations())[::every]:
            for mode in GenerationMode:
                _explore(found.ok(), mode, key=key, examples=examples, number=number, seen=seen)
    return seen


@contextmanager
def _one_connection() -> Iterator[None]:
    """A server closes its connection between two requests; here it is the test's."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def _explore(
    operation: Any,
    mode: GenerationMode,
    *,
    key: str,
    examples: int,
    number: int,
    seen: Counter[int],
) -> None:
    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        response = case.call_and_validate(headers={"Authorization": f"Bearer {key}"})
        seen[response.status_code] += 1

    ask()
