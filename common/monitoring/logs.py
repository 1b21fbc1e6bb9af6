"""What the log says, and what it never does: tokens of links, addresses, words of customers."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import traceback
from collections.abc import Iterator

from django.db import Error

TOKEN_PATH = re.compile(
    r"(/[su]/|/password/reset/key/|/follow-ups/link/|/digest/stop/)[A-Za-z0-9_~.:\-]+",
    re.IGNORECASE,
)
# Whom another program names in the Delighted dialect, what staff search for, and what a sign-on
# brings back.
NAMED = re.compile(
    r"(/v1/people/|[?&](?:person_)?(?:email|phone_number)=|[?&](?:q|code)=)[^/?&\s\"]+",
    re.IGNORECASE,
)
# With a dot in its domain: `worker@machine` is none.
MAIL_ADDRESS = re.compile(
    r"[^\s@<>()\[\]{}\"',;:=/?&|*]+(?:@|%40)[\w\-]+(?:\.[\w\-]+)+", re.IGNORECASE
)
# With U+0085, U+2028 and U+2029, which some readers of logs take for line ends too.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# A database quotes the row that it refuses behind the first line.
LONGEST_REASON = 300


def without_tokens(text: str) -> str:
    text = NAMED.sub(r"\1***", TOKEN_PATH.sub(r"\1***", text))
    return MAIL_ADDRESS.sub("***", text) if "@" in text or "%40" in text else text


def one_line(text: str) -> str:
    """An address can hold an encoded line end, and must not write log lines of its own."""
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


class TokenFilter(logging.Filter):
    """Keeps tokens of links, and addresses, out of every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = one_line(without_tokens(message))
        if cleaned != message:
            record.msg, record.args = cleaned, None
        return True


class LineFormatter(logging.Formatter):
    """A line for people, and below it where an error came from."""

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(error_lines(error)) if isinstance(error, BaseException) else ""


class JsonFormatter(LineFormatter):
    """A line for programs."""

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "level": record.levelname, "logger": record.name}
        said["message"] = one_line(without_tokens(record.getMessage()))
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def formatter(line: str = "%(asctime)s %(levelname)s %(name)s %(message)s") -> logging.Formatter:
    """By `LOG_FORMAT`: also of the server of the pages, which starts without settings."""
    return JsonFormatter() if os.environ.get("LOG_FORMAT") == "json" else LineFormatter(line)


def error_lines(error: BaseException) -> list[str]:
    """As Python prints it, with the causes first, and without what the reasons quote."""
    lines: list[str] = []
    for each in chain(error):
        lines += ["Traceback (most recent call last):"]
        lines += [part.rstrip() for part in traceback.format_tb(each.__traceback__)]
        lines += [f"{type(each).__qualname__}: {reason_of(each)}"]
    return lines


def reason_of(error: BaseException) -> str:
    """Of a database's refusal the first line; the next ones show the row."""
    text = str(error)
    if isinstance(error, Error) or type(error).__module__.startswith(("psycopg", "sqlite3")):
        text = text.partition("\n")[0].partition("DETAIL:")[0]
    return one_line(without_tokens(text))[:LONGEST_REASON]


def chain(error: BaseException) -> Iterator[BaseException]:
    """It and its causes, the first one first."""
    seen: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in seen:
        seen.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    yield from reversed(seen)
