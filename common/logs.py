from __future__ import annotations

import logging
import re

TOKEN_PATH = re.compile(
    r"(/[su]/|/password/reset/key/|/follow-ups/link/|/digest/stop/)[A-Za-z0-9_~.:\-]+",
    re.IGNORECASE,
)
# Whom another program names in the Delighted dialect.
ADDRESS = re.compile(
    r"(/v1/people/|[?&](?:person_)?(?:email|phone_number)=)[^/?&\s\"]+", re.IGNORECASE
)
# With U+0085, U+2028 and U+2029, which some readers of logs take for line ends too.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def without_tokens(text: str) -> str:
    return ADDRESS.sub(r"\1***", TOKEN_PATH.sub(r"\1***", text))


def one_line(text: str) -> str:
    """An address can hold an encoded line end, and must not write log lines of its own."""
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


class TokenFilter(logging.Filter):
    """Keeps tokens of links, and addresses that programs ask for, out of every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = one_line(without_tokens(message))
        if cleaned != message:
            record.msg, record.args = cleaned, None
        return True
