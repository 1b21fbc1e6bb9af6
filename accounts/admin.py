from __future__ import annotations

from accounts import models
from common.admin import register_read_only

register_read_only(
    models.AuditEvent,
    models.Customer,
    models.Dimension,
    models.ExchangeRate,
    models.Import,
    models.ImportedFact,
    models.MonthlyRevenue,
    models.Person,
    models.Respondent,
    models.Suppression,
    models.Target,
)
