from __future__ import annotations

from common.admin import look_only
from surveys import models

look_only(
    models.Attempt,
    models.Campaign,
    models.DeliveryEvent,
    models.DomainHealth,
    models.Intent,
    models.Invitation,
    models.Response,
    models.Slot,
)
