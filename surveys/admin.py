from __future__ import annotations

from common.admin import register_read_only
from surveys import models

register_read_only(
    models.Attempt,
    models.Campaign,
    models.DeliveryEvent,
    models.DomainHealth,
    models.Intent,
    models.Invitation,
    models.Response,
    models.Slot,
)
