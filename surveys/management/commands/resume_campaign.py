from __future__ import annotations

from surveys.management.campaign_state import CampaignStateCommand
from surveys.services.campaigns.states import resume


class Command(CampaignStateCommand):
    help = "Go on with a paused campaign."
    move = staticmethod(resume)
