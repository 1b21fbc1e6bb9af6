from __future__ import annotations

from api.domain.problems import STATUS, Code, FieldError, Problem, code_of


def test_every_code_has_a_status_and_is_found_by_it() -> None:
    assert STATUS.keys() == set(Code)
    assert code_of(404) is Code.NOT_FOUND
    assert code_of(418) is Code.FAULT


def test_a_problem_has_no_more_members_than_it_says_something_with() -> None:
    plain = Problem(Code.ROLE, "No.").as_dict(title="Forbidden", page="/d")
    more = Problem(Code.REFUSED, "No.", [FieldError("a", "b", "c")], more={"from": None})

    assert plain == {"type": "/d#role", "title": "Forbidden", "status": 403, "detail": "No."}
    found = more.as_dict(title="Conflict", page="/d")
    assert (found["from"], found["errors"]) == (None, [{"field": "a", "detail": "b", "fix": "c"}])
