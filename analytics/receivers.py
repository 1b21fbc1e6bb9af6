from __future__ import annotations

import datetime as dt
from typing import Any

from django.dispatch import receiver

from surveys.sending import settled_late


@receiver(settled_late, dispatch_uid="analytics.count_month_anew")
def recount(sender: type, sent_at: dt.datetime, **_: Any) -> None:
    # Only here: it needs pandas, which no command shall wait for at its start.
    from analytics.counting.folding import count_month_anew

    count_month_anew(sent_at)
