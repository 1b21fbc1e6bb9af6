"""What is counted while it happens, for `/metrics`: no row says it, or too many do."""

from __future__ import annotations

from common.caching.tallies import Durations, Tally

PAGE_SECONDS = Durations("page_seconds", ["GET", "POST"])
# How an answer was given: with a gesture of a person, by the button alone, or as a scanner would.
ANSWERS = Tally("answers", ["gesture", "button", "suspect"])
MAILS = Tally(
    "mails",
    [
        *("sent", "retry", "failed", "unknown", "skipped", "cancelled"),
        *("put_off", "not_claimed", "error"),
    ],
)
# Whom the cap kept from an e-mail: when it was planned, and at its turn.
CAP_REFUSALS = Tally("cap_refusals", ["planning", "sending"])
