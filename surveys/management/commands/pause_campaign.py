from __future__ import annotations

from surveys.management.campaign_state import CampaignStateCommand
from surveys.services import campaigns


class Command(CampaignStateCommand):
    help = "Stop mailing a running campaign; what waits stays queued."
    move = staticmethod(campaigns.pause)
