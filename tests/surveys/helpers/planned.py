from __future__ import annotations

from surveys.models import Campaign, Invitation


def planned(campaign: Campaign) -> list[tuple[int, str]]:
    rows = Invitation.objects.filter(campaign=campaign).order_by("respondent_id")
    return list(rows.values_list("respondent_id", "state"))
