from __future__ import annotations

from accounts import models
from common.admin import register_read_only

register_read_only(
    models.AuditEvent,
    models.Customer,
    models.CustomerTerms,
    models.Dimension,
    models.Event,
    models.ExchangeRate,
    models.Import,
    models.ImportedFact,
    models.Measure,
    models.MonthlyRevenue,
    models.Person,
    models.Pulse,
    models.Respondent,
    models.Suppression,
)
