"""What was done in a customer's follow-ups, for its timeline."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.queries.customers.story import Told
from actions.domain.follow_ups.states import ClosedAs, Step
from actions.labels import CLOSED_AS_LABELS, DISMISSAL_LABELS
from actions.models import FollowUpEntry, Reply
from actions.queries.follow_ups.causes import cause_names

# The newest; all of it is on the pages of the follow-ups.
AT_MOST = 200
# A further answer stands there by itself; who has it and until when it waits is its own page's.
TOLD = (
    Step.OPENED, Step.COMMENTED, Step.CONTACTED, Step.REPLIED, Step.IMPROVES, Step.CLOSED,
    Step.REOPENED,
)  # fmt: skip


def told(customer: Customer) -> Iterator[Told]:
    rows = FollowUpEntry.objects.filter(follow_up__customer=customer, step__in=TOLD)
    entries = list(rows.select_related("follow_up", "by").order_by("-at", "-pk")[:AT_MOST])
    causes = cause_names({each.detail["cause"] for each in entries if each.detail.get("cause")})
    replies = Reply.objects.in_bulk([each.detail.get("reply", 0) for each in entries])
    for each in entries:
        reply = replies.get(each.detail.get("reply", 0))
        yield Told(
            each.at,
            _("Follow-up “%(why)s”: %(step)s")
            % {
                "why": each.follow_up.get_trigger_display(),
                "step": ": ".join(filter(None, [each.get_step_display(), _of(each, causes)])),
            },
            f"{reply.subject}\n{reply.text}".strip() if reply else each.text,
            str(each.by or "Koe"),
            reverse("actions:follow-up-detail", args=[each.follow_up_id]),
        )


def _of(entry: FollowUpEntry, causes: dict[str, str]) -> str:
    """The cause or, where it was not done, as what it was closed; the improvement it led to."""
    detail = entry.detail
    if detail.get("cause"):
        return causes[detail["cause"]]
    if detail.get("closed_as") == ClosedAs.DISMISSED:
        reason = DISMISSAL_LABELS.get(detail.get("reason", ""), "")
        return f"{CLOSED_AS_LABELS[ClosedAs.DISMISSED]} ({reason})"
    return str(CLOSED_AS_LABELS.get(detail.get("closed_as", ""), detail.get("to", "")))
