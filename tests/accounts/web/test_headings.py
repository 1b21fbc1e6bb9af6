from __future__ import annotations

from django.utils import translation

from accounts.web.headings import heading


def test_a_column_a_segment_and_an_attribute_go_by_what_people_call_them() -> None:
    with translation.override("ja"):
        names = [heading(each, {"plan": "契約プラン"}) for each in ("customer_id", "plan", "other")]

    assert names == ["顧客ID", "契約プラン", "other"]
