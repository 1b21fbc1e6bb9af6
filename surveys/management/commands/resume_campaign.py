from __future__ import annotations

from surveys.management.campaign_state import CampaignStateCommand
from surveys.services import campaigns


class Command(CampaignStateCommand):
    help = "Go on with a paused campaign."
    move = staticmethod(campaigns.resume)
