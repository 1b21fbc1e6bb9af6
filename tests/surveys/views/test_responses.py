from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.core.files.temp import NamedTemporaryFile
from python_calamine import CalamineWorkbook

from accounts.models import AuditEvent, Dimension, SegmentProfile
from surveys.models import Response
from tests.surveys.helpers.answered import answer, answer_further, scores_shown
from tests.world import NOW, make_campaign, make_invitation

pytestmark = pytest.mark.django_db


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
    with django_assert_num_queries(9):
        client.get("/responses/")
    answer(4)
    answer(5)
    with django_assert_num_queries(9):
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


def test_further_answers_are_shown_in_the_words_they_were_asked_in(staff) -> None:
    response = answer_further(q1=["c1", "c2"], q2=4, gone="old")

    html = staff("viewer").get(f"/responses/{response.pk}/").content.decode()

    assert "<dt>Features?</dt><dd>Alerts, Tables</dd>" in html
    assert "<dt>=Satisfied?</dt><dd>4</dd>" in html
    assert "<dt>gone</dt><dd>old</dd>" in html


def test_follow_up_keeps_tags_and_note(staff) -> None:
    response = answer(2)

    staff("cs").post(
        f"/responses/{response.pk}/", {"tags": "billing、 support, billing", "note": "Called back."}
    )

    response.refresh_from_db()
    assert (response.tags, response.note) == ("billing, support", "Called back.")


def test_tags_and_note_are_saved_in_their_place_and_said_once(staff) -> None:
    response, client = answer(2), staff("cs")
    path, htmx = f"/responses/{response.pk}/", {"hx-request": "true"}

    saved = client.post(path, {"tags": "billing", "note": "Called."}, headers=htmx)
    wrong = client.post(path, {"tags": "x" * 999, "note": "Kept."}, headers=htmx)
    page = client.get(path).content.decode()

    for answered, status in ((saved, 200), (wrong, 422)):
        html = answered.content.decode()
        assert (answered.status_code, "<main" in html) == (status, False)
        assert html.count('<form id="form"') == 1
        assert ">Save</button>" in html
    assert saved.content.decode().count("Tags and note are saved.") == 1
    assert "Kept." in wrong.content.decode()
    assert "Tags and note are saved." not in page
    assert "Called." in page


def test_who_may_not_see_people_sees_no_address_and_no_account(staff) -> None:
    response = answer(2, name="ada")

    pages = {
        role: staff(role).get(f"/responses/{response.pk}/").content.decode()
        for role in ("cs", "viewer")
    }

    assert "mailto:ada@example.com" in pages["cs"]
    assert "<dt>MRR</dt>" in pages["cs"]
    assert "ada@example.com" not in pages["viewer"]
    assert "<dt>MRR</dt>" not in pages["viewer"]


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


def test_detail_shows_segments_and_moments_in_the_readers_words(staff) -> None:
    shown = answer(2, "Slow")
    invitation = shown.invitation
    invitation.profile = SegmentProfile.objects.create(digest="x", values={"language": "en"})
    invitation.sent_at = NOW
    invitation.save()
    Dimension.objects.create(name="language", source="respondent", attribute="language")

    page = staff("cs").get(f"/responses/{shown.pk}/", headers={"accept-language": "ja"})

    html = page.content.decode()
    assert "<dt>言語</dt><dd>英語</dd>" in html
    assert "<dt>配信日時</dt>" in html


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


def test_no_match_offers_to_clear_and_no_answer_at_all_does_not(staff) -> None:
    client = staff("viewer")

    nothing_yet = client.get("/responses/?text=&category=").content.decode()
    answer(3)
    no_match = client.get("/responses/?category=promoter").content.decode()

    assert "Answers appear here as soon as they are given." in nothing_yet
    assert "Answers appear here as soon as they are given." not in no_match
    assert "Nothing matches all of the conditions." in no_match
    assert '<a class="btn btn-primary" href="/responses/">Clear the filter</a>' in no_match


def test_my_accounts_are_those_of_whoever_looks_on_the_page_and_in_the_files(staff) -> None:
    for score, owner in ((2, "CS@koe.example"), (9, "other@koe.example"), (7, "")):
        customer = answer(score).invitation.respondent.customer
        customer.owner_email = owner
        customer.save()
    client = staff("cs")

    assert scores_shown(client.get("/responses/?mine=1").content.decode()) == [2]
    rows = b"".join(client.get("/responses/export.csv?mine=1").streaming_content)
    assert [row["score"] for row in csv.DictReader(io.StringIO(rows.decode("utf-8-sig")))] == ["2"]
    assert len(scores_shown(client.get("/responses/?mine=").content.decode())) == 3
    # Viewers see no addresses and own nothing; an address in the link changes nothing.
    html = staff("viewer").get("/responses/?mine=1").content.decode()
    assert "No customer has viewer@koe.example as its owner’s e-mail." in html
    assert len(scores_shown(client.get("/responses/?mine=other@koe.example").content.decode())) == 3


def test_files_are_of_the_accounts_that_the_page_shows(staff) -> None:
    answer(3)

    html = staff("cs").get("/responses/?mine=1").content.decode()

    assert 'href="/responses/export.csv?mine=1"' in html
