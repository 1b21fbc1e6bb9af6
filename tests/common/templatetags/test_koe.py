from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from common.templatetags import koe, shapes


def render(source: str, **context: Any) -> str:
    """One line, one space between pieces: what matters is what is said, not how it is indented."""
    with translation.override("en"):
        html = Template("{% load koe %}" + source).render(Context(context))
    return re.sub(r"[ \n]+", " ", html).strip()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (32.4, "+32"),
        (-7.5, "−8"),
        (0.5, "+1"),
        (0, "0"),
        (-0.4, "0"),
        (-0.0, "0"),
        (100, "+100"),
        (Decimal("-100"), "−100"),
        (None, "–"),
        (float("nan"), "–"),
        ("", "–"),
    ],
)
def test_nps_is_a_signed_whole_number_or_a_dash(value: object, text: str) -> None:
    assert koe.nps(value) == text


def test_nps_takes_digits() -> None:
    assert koe.nps(32.45, 1) == "+32.5"
    assert koe.nps(-0.04, 1) == "0.0"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1234, "12.3\u00a0%"), (0, "0.0\u00a0%"), (1, "100.0\u00a0%"), (-0.05, "−5.0\u00a0%")],
)
def test_percent_writes_a_fraction(value: float, text: str) -> None:
    assert koe.percent(value) == text


def test_percent_has_no_space_in_japanese() -> None:
    with translation.override("ja"):
        assert koe.percent(0.1234) == "12.3%"


def test_percent_of_the_unknown_is_a_dash() -> None:
    assert koe.percent(None) == "–"
    assert koe.percent(float("inf")) == "–"


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (1234567, "JPY", "¥1,234,567"),
        (1234.5, "JPY", "¥1,235"),
        (1234.5, "USD", "$1,234.50"),
        (-1234.5, "EUR", "−€1,234.50"),
        (Decimal("9.99"), "CHF", "CHF\u00a09.99"),
        (1200, "", "1,200.00"),
        (0, "KRW", "KRW\u00a00"),
        (None, "JPY", "–"),
    ],
)
def test_money_groups_thousands_and_knows_currencies_without_decimals(
    value: float | None, currency: str, text: str
) -> None:
    assert koe.money(value, currency) == text


def test_count_groups_thousands() -> None:
    assert koe.count(1234567) == "1,234,567"
    assert koe.count(999) == "999"
    assert koe.count(None) == "–"
    assert koe.count(True) == "–"


def test_p_value_never_says_zero() -> None:
    assert koe.p_value(0.0345) == "0.035"
    assert koe.p_value(0.0004) == "< 0.001"
    assert koe.p_value(None) == "–"


def test_dash_keeps_zero_and_false() -> None:
    assert [koe.dash(value) for value in (0, False, "x", None, "", float("nan"))] == [
        0,
        False,
        "x",
        "–",
        "–",
        "–",
    ]


def test_icon_is_decoration_unless_labelled() -> None:
    assert "aria-hidden" in koe.icon("gear")
    assert koe.icon("gear").endswith('icons.svg#gear"></use></svg>')
    labelled = koe.icon("gear", '"><script>')
    assert "&lt;script&gt;" in labelled
    assert "aria-hidden" not in labelled


def test_stacked_bar_says_its_figures_in_words() -> None:
    html = render("{% stacked_bar promoters=110 passives=60 detractors=30 %}")
    assert (
        "Detractor: 30 (15.0\u00a0%), Passive: 60 (30.0\u00a0%), Promoter: 110 (55.0\u00a0%)"
        in html
    )
    assert html.count("<rect") == 3
    assert "style=" not in html


def test_stacked_bar_of_no_answers_is_a_dash() -> None:
    assert render("{% stacked_bar 0 0 0 %}") == "–"


def test_stacked_bar_keeps_decimal_points_in_every_language() -> None:
    with translation.override("de"):
        html = Template("{% load koe %}{% stacked_bar 1 1 1 %}").render(Context())
    assert 'x="33.33"' in html


def test_nps_figure_draws_the_interval() -> None:
    html = render("{% nps_figure 30 12.5 48 %}")
    assert "+30" in html
    assert 'd="M112.5 8H148.0M112.5 4v8M148.0 4v8"' in html
    assert "interval from +13 to +48" in html


def test_nps_figure_stands_on_the_scale_of_its_table() -> None:
    html = render("{% nps_figure 30 12.5 48 scale=scale %}", scale=shapes.Scale(20, 60))

    # From beyond the low end, which has no mark, to 28 of 40 points; no zero on the axis.
    assert "M0.0 8H140.0M140.0 4v8" in html
    assert 'cx="50.0"' in html
    assert "1v14" not in html


def test_nps_figure_without_answers_draws_nothing() -> None:
    html = render("{% nps_figure None None None %}")
    assert "–" in html
    assert "<svg" not in html


def test_nps_figure_of_a_small_group_is_marked() -> None:
    assert "too few answers" in render("{% nps_figure 30 -20 80 reportable=False %}")
    assert "too few answers" not in render("{% nps_figure 30 -20 80 %}")


def test_category_badge_has_a_sign_and_a_word() -> None:
    html = render('{% category_badge "detractor" 0 %}')
    assert "▼" in html
    assert "<b>0</b> Detractor" in html
    assert render("{% category_badge None %}") == "–"


def test_progress_of_unknown_size_has_no_value() -> None:
    assert 'value="0.25" max="1"' in render('{% progress "Sending" 5 20 %}')
    assert "value=" not in render('{% progress "Sending" 5 None %}')


def test_pagination_keeps_the_query_string_and_counts() -> None:
    page = Paginator(range(1234), 50).get_page(3)
    request = RequestFactory().get("/customers/", {"q": "a&b", "page": "3"})
    html = render("{% pagination page %}", page=page, request=request)
    assert "101–150 of 1,234" in html
    assert 'href="?q=a%26b&amp;page=4"' in html
    assert '<a href="?q=a%26b&amp;page=3" aria-current="page">3</a>' in html
    assert 'rel="prev"' in html


def test_crumbs_lead_to_the_pages_above_by_name_or_address() -> None:
    html = render(
        '{% crumbs _("Goals") "actions:goal-list" above "/goals/7/" none "" "Reports" "" %}',
        above="A & B",
        none=None,
    )
    assert '<nav class="breadcrumbs" aria-label="Breadcrumbs"><ol>' in html
    assert '<li><a href="/goals/">Goals</a></li><li><a href="/goals/7/">A &amp; B</a></li>' in html
    assert html.endswith("<li>Reports</li></ol></nav>")


class FilterForm(forms.Form):
    q = forms.CharField(required=False, widget=forms.SearchInput)
    state = forms.CharField(required=False)
    by = forms.MultipleChoiceField(required=False)
    only = forms.BooleanField(required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    own_values = {"state": "running"}


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 0),
        ("q=in+sight&sort=-name&state=", 0),
        ("state=running", 0),
        ("state=draft", 1),
        ("state=draft&by=a&by=b&only=on", 3),
    ],
)
def test_filters_in_use_are_counted_where_a_sheet_hides_them(query: str, number: int) -> None:
    assert koe.filters_in_use(FilterForm(QueryDict(query))) == number


@pytest.mark.parametrize("more", [None, ["by"]])
def test_every_field_of_a_filter_bar_stands_in_it_once(more: list[str] | None) -> None:
    form = FilterForm(QueryDict(""))
    if more:
        form.more = more  # type: ignore[attr-defined]
    html = render('{% include "components/_filter_bar.html" %}', form=form)
    assert [html.count(f'name="{name}"') for name in form.fields] == [1, 1, 1, 1, 1]


def test_pagination_of_one_page_has_no_links() -> None:
    request = RequestFactory().get("/customers/")
    html = render(
        "{% pagination page %}", page=Paginator(range(3), 50).get_page(1), request=request
    )
    assert "1–3 of 3" in html
    assert "<a" not in html


@pytest.mark.parametrize(
    ("current", "link", "chosen"),
    [
        ("", "?q=x&amp;sort=-nps", ""),
        ("-nps", "?q=x&amp;sort=nps", 'aria-sort="descending"'),
        ("nps", "?q=x&amp;sort=-nps", 'aria-sort="ascending"'),
    ],
)
def test_sort_header_turns_round_and_leaves_the_page(current: str, link: str, chosen: str) -> None:
    request = RequestFactory().get("/", {"q": "x", "page": "7"})
    html = render('{% sort_header "nps" "NPS" current %}', current=current, request=request)
    assert f'href="{link}"' in html
    assert chosen in html
    assert ("aria-sort" in html) == bool(chosen)


@pytest.mark.parametrize(
    ("days", "said"), [(41, "in 41 days"), (1, "in 1 day"), (0, "today"), (-1, "over")]
)
def test_a_day_ahead_is_told_by_how_far_it_is(days: int, said: str) -> None:
    assert koe.in_days(timezone.localdate() + timedelta(days=days)) == said
    assert koe.in_days(None) == ""


def test_an_address_may_break_before_its_at_sign_and_nowhere_else() -> None:
    html = render(
        "{{ known|mail_address }} {{ unknown|mail_address }}", known="a<b@c.d", unknown=""
    )
    assert html == "a&lt;b<wbr>@c.d –"
