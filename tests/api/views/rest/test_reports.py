from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import Dimension
from tests.actions.goals import make_goal
from tests.api.calling import Rest
from tests.world import NOW, answer, make_customer, make_respondent, send

pytestmark = pytest.mark.django_db
SPAN = "from=2026-01-01&to=2026-12-31"


@pytest.fixture
def world() -> None:
    customer = make_customer(attributes={"plan": "pro"})
    Dimension.objects.create(name="plan", source="customer", attribute="plan")
    answer(send(make_respondent(customer=customer), now=NOW), 9)


def printed(command: str, *arguments: str) -> dict:
    out = StringIO()
    span = () if "goals" in command else ("--from", "2026-01-01", "--to", "2026-12-31")
    call_command(command, *span, *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_a_report_is_what_its_command_prints(world: None) -> None:
    rest = Rest(role="viewer")

    segments = printed("report_segments", "--by", "plan", "--compare", "year")
    assert rest.get(f"reports/segments?{SPAN}&by=plan&compare=year") == segments
    assert rest.get(f"reports/trend?{SPAN}&by=quarter") == printed("report_trend", "--by=quarter")
    assert rest.get(f"reports/outcomes?{SPAN}&horizon=90") == printed(
        "report_outcomes", "--horizon=90"
    )
    assert rest.get(f"reports/retention?{SPAN}") == printed("report_retention")
    metric = printed("report_metrics", "--metric", "nps", "--where", "plan=pro")
    assert rest.get(f"reports/metrics?{SPAN}&metric=nps&where=plan%3Dpro") == metric
    assert rest.get(f"metrics?{SPAN}&metric=nps&where=plan%3Dpro") == metric
    assert rest.get(f"reports/follow_ups?{SPAN}") == printed("report_follow_ups")
    for name in ("overview", "csat"):
        assert rest.get(f"reports/{name}")
    make_goal()
    assert rest.get("reports/goals?on=2026-06-30") == printed("report_goals", "--on=2026-06-30")


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("segments?by=nothing", 404, "by, where, campaign"),
        ("segments?campaign=nothing", 404, "by, where, campaign"),
        ("segments?where=plan", 404, "where"),
        ("segments?from=2026-02-30", 422, "from"),
        ("segments?from=1700000000", 422, "from"),
        ("segments?from=1800-01-01", 409, "from"),
        ("segments?from=2026-02-01&to=2026-01-01", 409, "to"),
        ("segments?from=1900-01-01&to=2026-01-01", 409, "to"),
        ("trend?by=week", 422, "by"),
        ("metrics?metric=zzz", 422, "metric.0"),
        ("outcomes?horizon=1_0", 422, "horizon"),
        ("outcomes?horizon=0", 422, "horizon"),
        ("health_evidence?every=7&from=2000-01-01&to=2026-01-01", 409, "every"),
        ("health", 409, "formula"),
        ("health?on=1800-01-01", 409, "on"),
        ("follow_ups?by=nothing", 404, "by"),
    ],
)
def test_what_cannot_be_reported_names_the_field(path: str, status: int, field: str) -> None:
    [first, *_] = Rest().get(f"reports/{path}", status=status)["errors"]

    assert first["field"] == field
    assert first["detail"]
    assert first["fix"]


def test_who_has_the_answer_gets_it_once() -> None:
    rest = Rest()
    first = rest("GET", "reports/goals")

    again = rest("GET", "reports/goals", HTTP_IF_NONE_MATCH=f'"x", W/{first["ETag"]}')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert rest("GET", "reports/goals", HTTP_IF_NONE_MATCH='"x"').status_code == 200
    head = rest("HEAD", "reports/goals")
    assert (head.content, head["Content-Length"]) == (b"", str(len(first.content)))
