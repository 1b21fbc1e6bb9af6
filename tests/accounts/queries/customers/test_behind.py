from __future__ import annotations

import pytest
from django.http import QueryDict

from accounts.queries.customers import behind as registry
from accounts.queries.customers.behind import Behind, behind, counted_by


def chooser(query: QueryDict, reader: str) -> Behind | None:
    return Behind([7], f"{query['figure']} of {reader}")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_chooser", registry._chooser)
    counted_by(f"{__name__}.chooser")


@pytest.mark.usefixtures("counted")
def test_who_counts_says_which_customers_stand_behind_a_figure() -> None:
    found = behind(QueryDict("figure=churned"), reader="me@koe.example")

    assert found == Behind([7], "churned of me@koe.example")


@pytest.mark.usefixtures("counted")
def test_a_list_without_a_figure_asks_nobody() -> None:
    assert behind(QueryDict("mine=1"), reader="me@koe.example") is None


def test_analytics_counts_them() -> None:
    assert registry._chooser == "analytics.views.metrics.behind.choose"
