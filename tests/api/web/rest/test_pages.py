from __future__ import annotations

from api.views.rest.app import api
from api.web.rest.openapi import described
from api.web.rest.pages import Operation, parts_of

OPERATIONS = {each.id: each for part in parts_of(described(api)) for each in part.operations}


def fields(rows: tuple) -> dict[str, tuple[str, bool]]:
    return {row.name: (row.kind, row.needed) for row in rows}


def test_an_operation_tells_what_goes_in_and_what_comes_out() -> None:
    usage: Operation = OPERATIONS["bring_usage"]

    body = fields(usage.body)
    assert (usage.method, usage.path, usage.many) == ("POST", "/api/v1/usage", True)
    assert (body["day"], body["email"]) == (("date", True), ("email | null", False))
    assert "waiting" in fields(usage.answer)
    assert fields(usage.parameters)["Idempotency-Key:"] == ("string", False)
    assert usage.roles == ("cs",)


def test_a_body_of_several_shapes_shows_all_of_their_fields() -> None:
    body = fields(OPERATIONS["change_follow_up"].body)

    assert {"version", "owner", "comment", "until", "root_cause", "dismissed"} <= body.keys()
    assert body["version"][1]
    assert not body["owner"][1]
    assert fields(OPERATIONS["list_customers"].answer)["data"][0] == "[object]"
    assert fields(OPERATIONS["report_trend"].parameters)["by"][0].startswith("month | quarter")
