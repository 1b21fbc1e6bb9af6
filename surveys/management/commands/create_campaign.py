from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.domain.segments import SegmentError, parse_conditions
from accounts.queries.values import labels_of_segments
from surveys.management.campaign_state import moment
from surveys.services.campaigns import plan
from surveys.services.campaigns.states import CampaignError, create_campaign, launch


class Command(BaseCommand):
    help = "Make a campaign, and launch it if asked; prints its slug and who would be asked."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--slug", default="", help="default: made of the name")
        parser.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="DIM=VALUE",
            help="whom to ask; repeat it: the same dimension adds a value, another one narrows",
        )
        parser.add_argument("--start", type=moment, metavar="ISO", help="default: at launch")
        parser.add_argument("--per-hour", type=int, metavar="N", help="default: no limit")
        parser.add_argument("--language", choices=[code for code, _ in settings.LANGUAGES])
        parser.add_argument("--launch", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["per_hour"] is not None and options["per_hour"] < 1:
            raise CommandError("--per-hour: write 1 or more, or leave it out for no limit.")
        try:
            audience = parse_conditions(options["where"])
            _check_names(audience)
            campaign = create_campaign(
                name=options["name"],
                slug=options["slug"],
                audience=audience,
                languages=[options["language"]] if options["language"] else [],
                starts_at=options["start"],
                per_hour=options["per_hour"],
                by=None,
                now=now,
            )
        except SegmentError as error:
            raise CommandError(f"--where: {error}") from error
        except CampaignError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            lines = (f"{name}: {' '.join(each)}" for name, each in error.message_dict.items())
            raise CommandError("; ".join(lines)) from error
        preview = plan.preview(campaign, now=max(now, campaign.starts_at or now))
        refused = ""
        if options["launch"]:
            try:
                launch(campaign, by=None, now=now)
            except CampaignError as error:
                refused = str(error)
        counts = {
            "slug": campaign.slug,
            "state": campaign.state,
            "audience": preview.audience,
            "asked": preview.asked,
            "reasons": {str(reason): count for reason, count in preview.reasons.items()},
            "earliest": preview.earliest.isoformat() if preview.earliest else None,
        }
        self.stdout.write(json.dumps(counts, indent=2))
        if refused:
            raise CommandError(f"It was made and stays a draft. {refused}")


def _check_names(audience: dict[str, list[str]]) -> None:
    """A misspelt name would ask nobody, and say so only to whom looks at the counts."""
    known = labels_of_segments()
    unknown = sorted(audience.keys() - known.keys())
    if known and unknown:
        names = ", ".join(known)
        raise CommandError(f"--where: there is no segment {unknown[0]!r}. Available: {names}.")
