from __future__ import annotations

from surveys.management.campaign_state import CampaignStateCommand
from surveys.services import campaigns


class Command(CampaignStateCommand):
    help = "End a campaign; what was not mailed is not mailed."
    move = staticmethod(campaigns.cancel)
