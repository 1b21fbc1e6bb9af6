from __future__ import annotations

from surveys.management.campaign_state import CampaignStateCommand
from surveys.services.campaigns.states import cancel


class Command(CampaignStateCommand):
    help = "End a campaign; what was not mailed is not mailed."
    move = staticmethod(cancel)
