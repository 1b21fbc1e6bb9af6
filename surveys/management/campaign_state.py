"""What the commands that move a campaign from state to state share."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from surveys.models import Campaign
from surveys.services.campaigns.states import CampaignError


def moment(text: str) -> dt.datetime:
    """An ISO 8601 date or time; without an offset it is in the organisation's zone."""
    try:
        parsed = parse_datetime(text)  # also of a day alone
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error
    if parsed is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-22T09:00:00Z")
    return parsed if timezone.is_aware(parsed) else timezone.make_aware(parsed)


class CampaignStateCommand(BaseCommand):
    move: Callable[..., None]

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug", help="the campaign's short name")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["slug"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['slug']!r}.")
        try:
            type(self).move(campaign, by=None, now=timezone.now())
        except CampaignError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({"slug": campaign.slug, "state": campaign.state}))
