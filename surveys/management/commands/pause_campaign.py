from __future__ import annotations

from surveys.management.campaign_state import CampaignStateCommand
from surveys.services.campaigns.states import pause


class Command(CampaignStateCommand):
    help = "Stop mailing a running campaign; what waits stays queued."
    move = staticmethod(pause)
