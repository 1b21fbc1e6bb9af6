"""Every page that an admin opens without choosing anything, at 10,000 and at 1,000,000 answers.

The world of `benchmarks.figures.metrics`; the addresses are those of the URL list, and a page of
each kind of row. Each is a whole request through middleware, view, template and charts, with
nothing kept from one to the next; its growth is against the smaller world, in which it is measured
the same way.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from benchmarks import harness, lists
from benchmarks.figures import metrics

SIZES = ((10_000, 2_000), (1_000_000, 20_000))
BAR_SECONDS, BAR_GROWTH = 0.3, 3.0
APPS = ("actions", "accounts", "analytics", "api", "customers", "surveys")
# Of a machine or for a moment, not of what is known.
LEFT_OUT = ("/health/", "/metrics", "/inbox/")


def run(*, sizes: Any = SIZES, rounds: int = 3) -> list[dict[str, Any]]:
    """Answers and customers of the smaller and of the larger world."""
    small, large = (_measured(answers, customers, rounds) for answers, customers in sizes)
    name = f"{sizes[-1][0]:,} answers"
    return [row for path in large for row in _rows(path, large[path], small[path], name)]


def _rows(path: str, large: list[float], small: list[float], name: str) -> list[dict[str, Any]]:
    (ours, queries), (before, queries_before) = large, small
    grown = harness.compared(f"{path} at {name} (s)", ours, before, bar=BAR_GROWTH)
    # What takes no time may grow.
    grown["ok"] = grown["ok"] or ours <= BAR_SECONDS / 3
    timed = harness.limited(f"{path} at {name}: time (s)", ours, bar=BAR_SECONDS, unit="s")
    if queries == queries_before:
        return [grown, timed]
    more = queries - queries_before
    return [grown, timed, harness.limited(f"{path}: queries more", more, bar=0, unit="")]


def _measured(answers: int, customers: int, rounds: int) -> dict[str, list[float]]:
    with harness.database() as url:
        environment = {"REDIS_URL": harness.REDIS}
        arguments = (answers, customers, rounds)
        found: dict[str, list[float]] = harness.run_module(
            "web.pages", *arguments, url=url, environment=environment
        )
    return found


def compare(rounds: int) -> dict[str, tuple[float, int]]:
    """On the world that is there: by page its median seconds and its number of queries."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = lists.logged_in()
    found = {}
    for name, path in pages():
        # Loads the code and the templates; what is only posted to is no page.
        if client.get(path).status_code in (404, 405):
            continue
        seconds = []
        for _ in range(rounds):
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                response, taken = harness.timed(lambda path=path: client.get(path))  # type: ignore[misc]
            if response.status_code != 200:
                raise SystemExit(f"{path} answered {response.status_code}")
            seconds.append(taken)
        found[name] = statistics.median(seconds), len(queries)
    return found


def pages() -> Iterator[tuple[str, str]]:
    """What a page is called, and its address."""
    from accounts.models import Customer
    from surveys.models import Campaign, Response

    for path in sorted(_addresses()):
        yield path, path
    campaign, response = Campaign.objects.latest("pk"), Response.objects.latest("pk")
    last = -(-Response.objects.count() // 50)
    yield "/responses/, the last page", f"/responses/?page={last}"
    yield "/responses/, one in the middle", f"/responses/?page={last // 2}"
    yield "/analytics/segments/, by two", "/analytics/segments/?by=contract&by=region"
    yield "a campaign", f"/campaigns/{campaign.slug}/"
    yield "a customer", f"/customers/{Customer.objects.latest('pk').pk}/"
    yield "a response", f"/responses/{response.pk}/"


def _addresses() -> set[str]:
    """Of the pages that take no argument and show something."""
    from django.urls import NoReverseMatch, get_resolver, reverse

    found = {reverse("home")}
    for app in APPS:
        _, resolver = get_resolver().namespace_dict[app]
        for name in filter(lambda each: isinstance(each, str), resolver.reverse_dict):
            with suppress(NoReverseMatch):
                found.add(reverse(f"{app}:{name}"))
    return {path for path in found if not path.startswith(LEFT_OUT)}


def main() -> None:
    import django

    django.setup()
    answers, customers, rounds = map(int, sys.argv[1:])
    harness.make_tables()
    metrics.build(answers, customers)
    print(json.dumps(compare(rounds)))


if __name__ == "__main__":
    main()
