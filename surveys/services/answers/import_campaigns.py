"""The campaigns that imported answers belong to; one of our own is never among them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from django.utils.text import slugify

from surveys.domain.answers.origin import title_of
from surveys.domain.states import CampaignState
from surveys.models import Campaign

SLUG = "imported"
NAME = "Imported history"


def imported_campaigns(titles: Iterable[str], *, now: dt.datetime) -> dict[str, Campaign]:
    """A campaign per title in the file, made where there was none."""
    return {title: _campaign(title, now=now) for title in dict.fromkeys(titles)}


def is_campaign_for(campaign: Campaign, title: str) -> bool:
    """Under the title of the file it came from, or as our own files name it."""
    slug = slug_for(title)
    slugs = (campaign.slug, campaign.slug.rpartition("--")[0])
    return slug in slugs or title in (campaign.slug, title_of(campaign.name))


def slug_for(title: str) -> str:
    if not title:
        return SLUG
    # Japanese titles leave nothing in a slug, so they get a name from their own text.
    plain = slugify(title)[:60] or hashlib.sha256(title.encode()).hexdigest()[:10]
    return plain if plain.startswith(f"{SLUG}-") else f"{SLUG}-{plain}"


def _campaign(title: str, *, now: dt.datetime) -> Campaign:
    return campaign_for(
        slug_for(title), name=title[:120] or NAME, state=CampaignState.IMPORTED, now=now
    )


def campaign_for(slug: str, *, name: str, state: CampaignState, now: dt.datetime) -> Campaign:
    """The one of that state under the name, or under the next number where it was taken."""
    number = 1
    while True:
        campaign, _ = Campaign.objects.get_or_create(
            slug=slug if number == 1 else f"{slug}--{number}",
            defaults={"name": name, "state": state, "finished_at": now},
        )
        if campaign.state == state:
            return campaign
        number += 1
