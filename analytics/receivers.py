from __future__ import annotations

import datetime as dt
from typing import Any

from django.dispatch import receiver

from surveys.sending import settled_late


@receiver(settled_late, dispatch_uid="analytics.recount_month")
def recount(sender: type, sent_at: dt.datetime, **_: Any) -> None:
    # Only here: it needs pandas, which no command shall wait for at its start.
    from analytics.counting.cells.folding import recount_month

    recount_month(sent_at)
