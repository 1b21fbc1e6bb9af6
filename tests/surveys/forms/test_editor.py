from __future__ import annotations

import pytest

from tests.surveys.helpers.editor import form_data, open_panels

pytestmark = pytest.mark.django_db


def open_steps(html: str) -> list[bool]:
    """Of the four, in their order."""
    heads = [part.split(">")[0] for part in html.split('<details class="panel step"')[1:]]
    return [" open" in head for head in heads]


@pytest.mark.parametrize(
    ("wrong", "steps"),
    [
        ({"name": ""}, [True, False, False, False]),
        ({"en-intro": "{nmae}"}, [False, True, False, False]),
        ({"reply_to": "nobody"}, [False, True, False, False]),
        ({"per_hour": "0"}, [False, False, True, False]),
        ({"send_from": "09:00"}, [False, False, True, False]),
        ({"name": "", "per_hour": "0"}, [True, False, True, False]),
    ],
)
def test_the_steps_with_a_fault_are_open_and_else_the_first(staff, wrong, steps) -> None:
    client = staff("cs")

    html = client.post("/campaigns/new/", form_data(**wrong)).content.decode()

    assert open_steps(html) == steps
    # Of steps with one name, a browser closes all but one.
    assert ('name="step"' in html) == (sum(steps) == 1)
    assert open_steps(client.get("/campaigns/new/").content.decode()) == [True] + [False] * 3


def test_editor_unfolds_the_language_in_error_and_links_to_its_fields(staff) -> None:
    data = form_data(**{"name": "", "en-intro": "Dear {nmae}", "question-1-label_en": "Why?"})

    html = staff("cs").post("/campaigns/new/", data).content.decode()

    assert open_panels(html) == [False, True]
    assert '<li><a href="#id_name">Name</a></li>' in html
    assert '<li><a href="#id_en-intro">English: Introduction</a></li>' in html
    assert '<li><a href="#id_question-1-kind">Question 1: Kind</a></li>' in html
    for field in ("id_name", "id_en-intro", "id_question-1-kind"):
        assert f'id="{field}"' in html


def test_editor_unfolds_the_first_language_or_all_that_are_in_error(staff) -> None:
    client = staff("cs")
    wrong = form_data(**{"ja-intro": "{nmae}", "en-intro": "{nmae}"})

    calm = client.get("/campaigns/new/").content.decode()
    both = client.post("/campaigns/new/", wrong).content.decode()

    assert open_panels(calm) == [True, False]
    assert open_panels(both) == [True, True]
    # Of panels with one name, a browser closes all but one.
    assert 'name="wording"' in calm
    assert 'name="wording"' not in both
