from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from accounts.models import Dimension, Respondent
from tests.surveys.helpers.answered import FURTHER, answer, answer_further, scores_shown
from tests.world import NOW, make_customer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", [3, 8, 10]),
        ("?category=detractor", [3]),
        ("?category=passive", [8]),
        ("?score=10", [10]),
        ("?has_comment=on", [3, 8, 10]),
        ("?text=請求書", [3]),
        ("?text=請求書　遅い", [3]),
        ("?text=請求書+helpful", []),
        ("?text=acme", [3, 8, 10]),
        ("?text=very+HELPFUL", [8]),
        ("?text=ＶＥＲＹ", [8]),
        ("?text=Élan", [10]),
        ("?text=person+8", [8]),
        ("?text=100%25", []),
        ("?text=v_ry", []),
        ("?from_=2026-11-25", [10]),
        ("?to=2026-11-24", [3, 8]),
        ("?segment-contract=enterprise", [8]),
        ("?suspect=on", [1]),
        ("?language=ja", []),
    ],
)
def test_list_shows_what_was_asked_for(staff, query, shown) -> None:
    Dimension.objects.create(name="contract", attribute="contract", source="customer")
    make_customer(attributes={"contract": "enterprise"})
    answer(3, "請求書の発行が遅いです")
    answer(8, "Very helpful", segment="enterprise")
    answer(10, "plein d'ÉLAN", at=NOW + dt.timedelta(days=1))
    answer(1, suspect=True)

    html = staff("viewer").get("/responses/" + query).content.decode()

    assert scores_shown(html) == shown


def test_an_address_is_found_by_those_only_who_see_addresses(staff) -> None:
    response = answer(3)
    Respondent.objects.filter(pk=response.invitation.respondent_id).update(
        name="Aya", email="secret@example.com"
    )

    for role, query, shown in (
        ("cs", "secret@ex", [3]),
        ("viewer", "secret@ex", []),
        ("viewer", "aya", [3]),
    ):
        html = staff(role).get(f"/responses/?text={query}").content.decode()
        assert scores_shown(html) == shown, (role, query)


def test_list_is_newest_first(staff) -> None:
    answer(3)
    answer(9, at=NOW + dt.timedelta(days=1))

    html = staff("viewer").get("/responses/").content.decode()

    assert html.index("<b>9</b>") < html.index("<b>3</b>")


def test_export_has_a_column_for_each_further_question(staff) -> None:
    answer_further(q1=["c2"])
    answer_further(q1=["c1", "c2"], q2=4)
    answer(3)

    response = staff("cs").get("/responses/export.csv")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    # Asked by two campaigns in the same words: one column.
    assert header[-2:] == ["Features?", "'=Satisfied?"]
    assert sorted(row[-2:] for row in rows) == [["", ""], ["Alerts, Tables", "4"], ["Tables", ""]]


def test_a_campaign_that_asks_twice_in_the_same_words_has_two_columns(staff) -> None:
    response = answer_further(q1=["c1"], q3=["c2"])
    campaign = response.invitation.campaign
    campaign.questions = [FURTHER[0], {**FURTHER[0], "key": "q3"}]
    campaign.save()

    page = staff("cs").get("/responses/export.csv")

    text = b"".join(page.streaming_content).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    assert header[-2:] == ["Features?", "Features? (q3)"]
    assert row[-2:] == ["Alerts", "Tables"]
