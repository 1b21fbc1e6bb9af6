from __future__ import annotations

from accounts import models
from common.admin import look_only

look_only(
    models.AuditEvent,
    models.Customer,
    models.Dimension,
    models.Import,
    models.MonthlyRevenue,
    models.Person,
    models.Respondent,
    models.Suppression,
    models.Target,
)
