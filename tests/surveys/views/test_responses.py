from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.temp import NamedTemporaryFile
from python_calamine import CalamineWorkbook

from accounts.models import AuditEvent, Dimension, Respondent, SegmentProfile
from common.spreadsheets.download import AT_ONCE
from surveys.models import Response
from tests.world import NOW, make_campaign, make_customer, make_invitation, make_respondent

pytestmark = pytest.mark.django_db


def answer(score: int, comment: str = "", **fields: Any) -> Response:
    name = fields.pop("name", f"Person {score}")
    customer = make_customer(name=str(fields.pop("customer", "Acme")))
    # An address of its own: the numbered one of others would be found by its digits.
    respondent = make_respondent(name=name, customer=customer, email=f"{name}@example.com")
    at = fields.pop("at", NOW)
    profile = SegmentProfile.objects.get_or_create(
        digest=str(fields.get("segment", "")), values={"contract": fields.pop("segment", "")}
    )[0]
    invitation = make_invitation(
        respondent, make_campaign(), state="sent", sent_at=at, profile=profile
    )
    return Response.objects.create(
        invitation=invitation, score=score, comment=comment, answered_at=at, changed_at=at, **fields
    )


def scores_shown(html: str) -> list[int]:
    return [score for score in range(11) if f"<b>{score}</b>" in html]


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


def test_a_hostile_comment_is_shown_as_text(staff) -> None:
    response = answer(0, "<script>alert(1)</script>")

    client = staff("viewer")
    pages = [client.get("/responses/"), client.get(f"/responses/{response.pk}/")]

    for page in pages:
        assert "&lt;script&gt;alert(1)" in page.content.decode()
        assert "<script>alert(1)" not in page.content.decode()


def test_list_costs_the_same_queries_for_one_and_three(staff, django_assert_num_queries) -> None:
    client = staff("cs")
    answer(3)
    client.get("/responses/")
    with django_assert_num_queries(8):
        client.get("/responses/")
    answer(4)
    answer(5)
    with django_assert_num_queries(8):
        client.get("/responses/")


def test_pages_go_on_where_the_one_before_ended(staff) -> None:
    for day in range(101):
        answer(day % 11, at=NOW + dt.timedelta(days=day))

    pages = [staff("cs").get(f"/responses/?page={number}") for number in (1, 2, 3)]
    shown = [each.answered_at for page in pages for each in page.context["responses"]]

    assert shown == sorted(shown, reverse=True)
    assert [len(page.context["responses"]) for page in pages] == [50, 50, 1]
    assert len(set(shown)) == 101


def test_csv_holds_exactly_what_the_list_shows(staff) -> None:
    answer(3, "=1+2")
    answer(9, "残さない")

    response = staff("cs").get("/responses/export.csv?category=detractor")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["score"], row["category"], row["comment"]) for row in rows] == [
        ("3", "detractor", "'=1+2")
    ]
    assert list(AuditEvent.objects.values_list("action", "target")) == [("responses.export", "csv")]


def test_xlsx_keeps_text_that_looks_like_a_formula_as_text(staff) -> None:
    answer(3, "=1+2")

    response = staff("cs").get("/responses/export.xlsx")

    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(b"".join(response.streaming_content))
        file.flush()
        rows = CalamineWorkbook.from_path(file.name).get_sheet_by_index(0).to_python()
    assert rows[0][3] == "comment"
    assert rows[1][3] == "=1+2"
    assert rows[1][1] == 3.0


FURTHER: list[dict[str, Any]] = [
    {
        "key": "q1",
        "kind": "several",
        "label": {"ja": "機能は？", "en": "Features?"},
        "choices": [
            {"value": "c1", "label": {"ja": "通知", "en": "Alerts"}},
            {"value": "c2", "label": {"ja": "表", "en": "Tables"}},
        ],
    },
    {"key": "q2", "kind": "csat", "label": {"ja": "満足？", "en": "=Satisfied?"}},
]


def answer_further(**extra: Any) -> Response:
    response = answer(9, extra=extra)
    campaign = response.invitation.campaign
    campaign.questions = FURTHER
    campaign.save()
    return response


def test_further_answers_are_shown_in_the_words_they_were_asked_in(staff) -> None:
    response = answer_further(q1=["c1", "c2"], q2=4, gone="old")

    html = staff("viewer").get(f"/responses/{response.pk}/").content.decode()

    assert "<dt>Features?</dt><dd>Alerts, Tables</dd>" in html
    assert "<dt>=Satisfied?</dt><dd>4</dd>" in html
    assert "<dt>gone</dt><dd>old</dd>" in html


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


def test_who_asks_for_one_download_too_many_is_told(staff) -> None:
    client = staff("cs")
    answer(3)
    held = [client.get("/responses/export.csv") for _ in range(AT_ONCE)]

    page = client.get("/responses/export.csv?category=detractor", follow=True)

    assert page.redirect_chain == [("/responses/?category=detractor", 302)]
    assert "Other downloads are in progress." in page.content.decode()
    assert AuditEvent.objects.filter(action="responses.export").count() == AT_ONCE
    for each in held:
        each.close()


def test_follow_up_keeps_tags_and_note(staff) -> None:
    response = answer(2)

    staff("cs").post(
        f"/responses/{response.pk}/", {"tags": "billing、 support, billing", "note": "Called back."}
    )

    response.refresh_from_db()
    assert (response.tags, response.note) == ("billing, support", "Called back.")


def test_a_viewer_cannot_follow_up(staff) -> None:
    response = answer(2)

    refused = staff("viewer").post(f"/responses/{response.pk}/", {"tags": "x", "note": "y"})

    response.refresh_from_db()
    assert (refused.status_code, response.tags) == (403, "")


def test_detail_shows_the_persons_other_answers(staff) -> None:
    first = answer(2, "Slow")
    later = make_invitation(first.invitation.respondent, make_campaign(), state="sent")
    second = Response.objects.create(
        invitation=later, score=9, comment="Better", answered_at=NOW, changed_at=NOW
    )

    html = staff("viewer").get(f"/responses/{second.pk}/").content.decode()

    assert "Slow" in html
    assert f"/responses/{first.pk}/" in html


@pytest.mark.parametrize(
    "query",
    ["from_=0001-01-01", "to=9999-12-31", f"text={'a+' * 400}", f"tag={'a' * 201}", "text=%00"],
)
def test_a_filter_that_no_database_can_answer_shows_its_error(staff, settings, query: str) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    answer(3)

    page = staff("cs").get(f"/responses/?{query}")

    assert page.status_code == 200
    assert page.context["form"].errors
    assert scores_shown(page.content.decode()) == [3]


def test_export_writes_down_the_filter_as_it_stood_in_the_address(staff) -> None:
    client = staff("cs")

    for query in ("text=%00", "category=detractor&x=%F0%9F%98%80"):
        b"".join(client.get(f"/responses/export.csv?{query}").streaming_content)

    # Encoded: PostgreSQL keeps no NUL, in text as in JSON.
    details = list(AuditEvent.objects.order_by("pk").values_list("detail", flat=True))
    assert details == [
        {"filter": "text=%00"},
        {"filter": "category=detractor&x=%F0%9F%98%80"},
    ]


def test_what_is_set_aside_under_the_filters_is_told_and_found_by_the_link(staff) -> None:
    client = staff("viewer")
    answer(3, "too slow")
    assert "not counted" not in client.get("/responses/?text=slow").content.decode()
    answer(1, "slow robot", suspect=True)
    answer(2, "slow, too", suspect=True)
    answer(0, "fast robot", suspect=True)

    html = client.get("/responses/?text=slow&page=1").content.decode()
    found = client.get("/responses/?text=slow&suspect=on").content.decode()

    assert "2 answers are flagged as suspicious and not counted." in html
    assert 'href="?text=slow&amp;suspect=on"' in html
    assert scores_shown(found) == [1, 2]
    assert 'href="?text=slow"' in found


def test_a_period_that_ends_before_it_begins_says_so_at_the_field(staff) -> None:
    answer(3)

    page = staff("viewer").get("/responses/?from_=2026-11-30&to=2026-11-01")

    assert page.context["form"].errors == {
        "to": ["This is before “From”. Choose a later day."],
    }


def test_no_match_offers_to_clear_and_no_answer_at_all_does_not(staff) -> None:
    client = staff("viewer")

    nothing_yet = client.get("/responses/?text=&category=").content.decode()
    answer(3)
    no_match = client.get("/responses/?category=promoter").content.decode()

    assert "Answers appear here as soon as they are given." in nothing_yet
    assert "Answers appear here as soon as they are given." not in no_match
    assert "Nothing matches all of the conditions." in no_match
    assert '<a class="btn btn-primary" href="/responses/">Clear the filter</a>' in no_match
