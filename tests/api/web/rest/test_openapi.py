from __future__ import annotations

from api.views.rest.app import api
from api.web.rest.openapi import NAMED, described

PATHS = described(api)["paths"]


def parameters(path: str, method: str) -> dict[str, dict]:
    found = PATHS[f"/api/v1/{path}"][method]["parameters"]
    return {each["name"]: each["schema"] for each in found}


def test_an_address_has_no_null() -> None:
    found = parameters("reports/segments", "get")

    assert found["from"]["type"] == "string"
    assert "null" not in str(found)


def test_what_is_read_has_a_tag_and_what_is_written_a_name() -> None:
    assert "If-None-Match" in parameters("customers", "get")
    for path, methods in PATHS.items():
        if "post" in methods:
            assert methods["post"][NAMED], path
            assert "Idempotency-Key" in parameters(path.removeprefix("/api/v1/"), "post")


def test_many_rows_may_come_line_by_line_and_a_file_is_none_of_json() -> None:
    body = PATHS["/api/v1/usage"]["post"]["requestBody"]["content"]
    file = PATHS["/api/v1/exports/{id}/file"]["get"]["responses"]["200"]["content"]

    assert body.keys() == {"application/json", "application/x-ndjson"}
    assert file.keys() == {"text/csv"}
