"""What stands on the page of the segment report besides the figures."""

from __future__ import annotations

import datetime as dt
import html
import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import SegmentRebuild
from analytics.counting.cells import segment_rebuild
from analytics.domain.periods import Period
from analytics.queries.filters import Filters
from analytics.reports.answers.languages import language_report
from analytics.reports.answers.segments import segment_report
from analytics.views.answers.segments import row_scale
from common.templatetags.shapes import Scale
from tests.analytics import world
from tests.staffing import client_as
from tests.world import NOW

PERIOD = "from=2026-04-01&to=2026-06-30"

pytestmark = pytest.mark.django_db

APRIL = Period(dt.date(2026, 4, 1), dt.date(2026, 5, 1))
PAGE = "/analytics/segments/?from=2026-04-01&to=2026-04-30&by=size"


def order(sort: str) -> list[str]:
    page = client_as("admin").get(f"{PAGE}&sort={sort}")
    return [row.segment["size"] for row in page.context["rows"]]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["small", "middle", "large", ""]),
        ("segment", ["small", "middle", "large", ""]),
        ("-segment", ["", "large", "middle", "small"]),
        ("detractors", ["middle", "small", "large", ""]),
        ("-detractors", ["large", "small", "middle", ""]),
        ("nps", ["large", "small", "middle", ""]),
    ],
)
def test_bands_come_in_their_order_and_sort_by_every_column(sort: str, expected: list[str]) -> None:
    world.three_bands()
    assert order(sort) == expected


def test_the_page_says_which_segments_differ_from_all_others() -> None:
    world.three_bands()

    page = client_as("admin").get(PAGE)
    text = html.unescape(re.sub(r"<[^>]+>", "", page.content.decode()))

    assert [row.label for row in page.context["differing"]] == ["middle", "large"]
    assert re.search(r"differ from all other segments together:\s*middle\s*\+144.0", text)
    assert re.search(r"\+144.0\s*above the others\s*\+\d+ to \+\d+\s*p < 0.001", text)
    assert "p 0." in text
    # Whiskers are drawn from the lowest end to the highest of those that are not too small.
    ends = [
        end for row in page.context["rows"] if row.reportable for end in (row.nps_low, row.nps_high)
    ]
    scale = page.context["scale"]
    assert scale.low <= min(ends) < scale.low + 10
    assert scale.high - 10 < max(ends) <= scale.high


def test_every_head_of_the_table_sorts() -> None:
    world.three_bands()
    page = client_as("admin").get(PAGE).content.decode()
    head = page[page.index("<thead>") : page.index("</thead>")]
    assert head.count('scope="col"') == head.count('class="sort"') == 13


def test_each_segment_has_its_languages_apart_and_their_mix_taken_out() -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    gold, tin = world.make_customer(plan="gold"), world.make_customer(plan="tin")
    world.give_scores(gold, campaign, 9, 9, 9, 0, language="en")
    world.give_scores(gold, campaign, 0, language="ja")
    for _ in range(3):
        world.ask(world.make_respondent(gold, language="ja"), campaign)
    world.give_scores(tin, campaign, 9, language="en")
    report = segment_report(Filters(APRIL, by=("plan",)))

    languages = language_report(report.filters, order=[("gold",), ("tin",), ("never",)])

    assert [line.label for line in languages.lines] == ["gold", "tin"]
    found = {
        (line.label, row.language): (row.nps, row.counts.responses, row.share_asked)
        for line in languages.lines
        for row in line.rows
    }
    assert found["gold", "en"] == (50.0, 4, 0.5)
    assert found["gold", "ja"] == (-100.0, 1, 0.5)
    assert found["tin", "ja"] == (None, 0, 0.0)
    # Half of those asked speak Japanese: 0.5 x 50 - 0.5 x 100.
    assert [line.adjusted_nps for line in languages.lines] == [-25.0, 100.0]
    assert [row.nps for row in languages.total.rows if row.language == "en"] == [60.0]


def test_the_page_says_that_a_rebuild_is_under_way_until_it_is_over() -> None:
    world.three_bands()
    admin = client_as("admin")
    sentence = "figures by segment mix the old"
    assert sentence not in admin.get(PAGE).content.decode()

    SegmentRebuild.objects.create(pk=1, started_at=NOW, done=43, total=100)
    for page in (PAGE, "/analytics/", "/analytics/trend/", "/settings/segments/"):
        text = admin.get(page).content.decode()
        assert sentence in text, page
        assert "43 of 100 · 43\N{NO-BREAK SPACE}%" in text, page
    assert sentence not in admin.get("/analytics/retention/").content.decode()
    # The values of now are frozen nowhere.
    assert sentence not in admin.get(f"{PAGE}&as_of=now").content.decode()
    assert admin.get(f"{PAGE}&format=json").json()["rebuilding"] == 0.43
    # A trend of all answers is what it was; one of a segment is not.
    trend = "/analytics/trend/?format=json"
    assert "rebuilding" not in admin.get(trend).json()
    assert admin.get(f"{trend}&where=size%3Dsmall").json()["rebuilding"] == 0.43

    htmx = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
    step = admin.get("/settings/segments/rebuild/", headers=htmx)
    assert "43 of 100" in step.content.decode()
    SegmentRebuild.objects.update(finished_at=NOW)
    end = admin.get("/settings/segments/rebuild/", headers=htmx)
    assert (end["HX-Retarget"], end["HX-Reswap"]) == ("#rebuild", "innerHTML")
    assert PAGE.replace("&", "&amp;") in end.content.decode()
    assert sentence not in admin.get(PAGE).content.decode()


def test_the_settings_show_a_rebuild_from_the_moment_it_is_saved() -> None:
    world.three_bands()
    admin = client_as("admin")
    form = {"label": "Plan", "source": "customer", "attribute": "seats", "reads": "attribute"}
    saved = admin.post("/settings/segments/new/", form)
    assert "Recalculating: waiting to start" in admin.get(saved["Location"]).content.decode()

    segment_rebuild.rebuild(clock=lambda: NOW, seconds=60, rest=lambda _: None)
    assert "Recalculating" not in admin.get(saved["Location"]).content.decode()


def test_languages_have_names_on_the_page_and_codes_in_the_file() -> None:
    world.make_dimension("language", source="respondent", attribute="language")
    customer = world.make_customer()
    for language in ("ja", "en"):
        world.give_scores(customer, world.make_campaign(), *[9] * 3, language=language)
    address = "/analytics/segments/?from=2026-04-01&to=2026-04-30&by=language"
    admin = client_as("admin")

    page = admin.get(address)
    japanese = admin.get(address, headers={"Accept-Language": "ja"}).content.decode()

    for name in ("Japanese", "English"):
        assert f'<th scope="row">{name}</th>' in page.content.decode()
    assert '<th scope="row">日本語</th>' in japanese
    assert ("language=ja", "Japanese") in page.context["form"].fields["where"].choices[1][1]
    rows = admin.get(f"{address}&format=json").json()["rows"]
    assert [row["segment"]["language"] for row in rows] == ["en", "ja"]


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([0] * 12, "Whether the service differs or the way the scale is used"),
        ([10] * 9 + [0] * 3, "Could be chance."),
        ([0] * 9, "Too few answers in one of the languages to say whether they differ."),
    ],
)
def test_of_languages_the_page_says_what_the_answers_say(scores: list[int], said: str) -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    world.give_scores_apart(campaign, *[10] * 12, language="en")
    world.give_scores_apart(campaign, *scores, language="ja")

    page = client_as("viewer").get("/analytics/segments/?from=2026-04-01&to=2026-06-30")
    text = page.content.decode()

    assert said in text
    assert ("Your own answers: Japanese" in text) == (len(scores) > 9)
    assert "use the scale differently" not in text


def test_the_page_splits_by_the_first_dimension_that_tells_something() -> None:
    for name in ("country", "plan", "remarks"):
        world.make_dimension(name)
    campaign = world.make_campaign()
    for plan in ("gold", "tin"):
        customer = world.make_customer(country="JP", plan=plan, remarks=f"likes {plan}")
        world.give_scores(customer, campaign, 10)
    client, address = client_as("viewer"), "/analytics/segments/?from=2026-04-01&to=2026-06-30"

    page = client.get(address)

    assert page.context["report"].filters.by == ("plan",)
    assert '<option value="plan" selected>' in page.content.decode()
    assert client.get(f"{address}&by=remarks").context["report"].filters.by == ("remarks",)


def test_combinations_that_stand_empty_are_counted_not_shown() -> None:
    world.three_bands()
    world.make_dimension("plan")
    world.make_customer(seats="5", plan="new", started_on=dt.date(2026, 4, 15))
    admin = client_as("admin")

    page = admin.get(f"{PAGE}&and_by=plan")
    single = admin.get(PAGE.replace("by=size", "by=plan"))

    assert page.context["empty"] == 1
    assert not any(row.segment["plan"] == "new" for row in page.context["rows"])
    assert "1 combination without an answer" in page.content.decode()
    shown = admin.get(f"{PAGE}&and_by=plan&format=json").json()["rows"]
    assert any(row["segment"]["plan"] == "new" for row in shown)
    assert single.context["empty"] == 0


def test_rows_sort_by_any_column_with_the_unknown_and_the_small_last(
    viewer: Client, three_plans: None
) -> None:
    def order(sort: str) -> list[str]:
        page = viewer.get(f"/analytics/segments/?{PERIOD}&by=plan&sort={sort}")
        return [row.label for row in page.context["rows"]]

    assert order("nps") == ["-tin", "gold", "few"]
    assert order("-nps") == ["gold", "-tin", "few"]
    assert order("responses") == ["few", "-tin", "gold"]
    assert order("-segment") == ["gold", "few", "-tin"]
    assert order("nonsense") == order("")


def test_small_group_is_grey_and_says_so(viewer: Client, three_plans: None) -> None:
    page = viewer.get(f"/analytics/segments/?{PERIOD}&by=plan").content.decode()

    small = re.search(r'<tr class="too-small">\s*<th scope="row">few</th>.*?</tr>', page, re.S)
    assert small is not None
    assert "too few answers" in small[0]


@pytest.mark.usefixtures("today")
def test_a_response_rate_that_is_coming_in_says_so() -> None:
    world.make_dimension("plan")
    campaign = world.make_campaign()
    customer = world.make_customer()
    world.give_scores(customer, campaign, 10)
    client = client_as("viewer")
    assert (
        "Response rate still coming in" not in client.get("/analytics/segments/").content.decode()
    )

    moment = f"{timezone.localdate() - dt.timedelta(days=3)}T03:00+00:00"
    world.give_scores(customer, campaign, 10, 9, sent=moment, at=moment, language="ja")

    pages = [client.get("/analytics/segments/"), client.get("/analytics/segments/?language=en")]
    texts = [each.content.decode() for each in pages]
    assert "Response rate still coming in: 2 e-mails were sent in the last 30 days" in texts[0]
    assert "Response rate still coming in" not in texts[1]


def test_a_small_group_does_not_make_the_scale_of_the_whiskers_long() -> None:
    rows = [
        SimpleNamespace(nps_low=12.0, nps_high=48.0, reportable=True),
        SimpleNamespace(nps_low=-58.7, nps_high=100.0, reportable=False),
        SimpleNamespace(nps_low=None, nps_high=None, reportable=True),
    ]

    assert row_scale(rows) == Scale(10, 50)
