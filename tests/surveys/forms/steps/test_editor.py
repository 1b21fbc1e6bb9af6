from __future__ import annotations

import re

import pytest

from surveys.models import Campaign
from tests.surveys.helpers.editor import form_data, open_panels
from tests.world import make_respondent

pytestmark = pytest.mark.django_db


def shown_step(html: str) -> str:
    """The one of the four that is not hidden."""
    found = re.findall(r'data-step="(\w+)" aria-labelledby="[-\w]+"( hidden)?>', html)
    [shown] = [name for name, hidden in found if not hidden]
    return shown


@pytest.mark.parametrize(
    ("wrong", "step"),
    [
        ({"name": ""}, "whom"),
        ({"en-intro": "{nmae}"}, "what"),
        ({"reply_to": "nobody"}, "what"),
        ({"per_hour": "0"}, "when"),
        ({"send_from": "09:00"}, "when"),
        ({"name": "", "per_hour": "0"}, "whom"),
    ],
)
def test_the_first_step_with_a_fault_is_shown_and_else_the_first(staff, wrong, step) -> None:
    client = staff("cs")

    html = client.post("/campaigns/new/", form_data(**wrong)).content.decode()

    assert shown_step(html) == step
    assert shown_step(client.get("/campaigns/new/").content.decode()) == "whom"


def test_without_a_script_each_step_is_asked_of_the_server_and_nothing_is_lost(staff) -> None:
    make_respondent()
    client = staff("cs")
    written = form_data(**{"en-intro": "Written on the way", "at": "what", "repeat": "every"})

    page = client.post("/campaigns/new/", {**written, "every_months": "6", "go": "check"})
    html = page.content.decode()
    assert (page.status_code, shown_step(html)) == (200, "check")
    assert "Written on the way" in html
    assert "of 1 in the audience will be asked." in html
    # What a year of it would bring, before it is saved.
    assert "surveys left at its end" in html
    assert not Campaign.objects.exists()

    # What is left has to be in order first.
    stays = client.post("/campaigns/new/", {**written, "en-intro": "{nmae}", "go": "when"})
    assert (stays.status_code, shown_step(stays.content.decode())) == (422, "what")


def test_a_new_campaign_begins_as_a_template(staff) -> None:
    client = staff("cs")

    html = client.get("/campaigns/new/?template=renewal").content.decode()
    assert '<option value="renews_on" selected>' in html
    assert 'name="date_days" value="90"' in html
    assert client.get("/campaigns/new/?template=own-99999").status_code == 200


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
