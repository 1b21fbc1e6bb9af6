from __future__ import annotations

import pytest

from tests.world import make_campaign

pytestmark = pytest.mark.django_db


def test_a_mail_may_only_be_framed_by_us_and_runs_nothing(staff) -> None:
    campaign = make_campaign(product_name="Koe Works")

    shown = staff("cs").get(f"/campaigns/{campaign.slug}/mail/en/")

    assert "Koe Works" in shown.content.decode()
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert shown["Content-Security-Policy"].startswith("default-src 'none'")
    assert staff("cs").get(f"/campaigns/{campaign.slug}/mail/xx/").status_code == 404
