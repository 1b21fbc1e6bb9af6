"""Secrets that a command is given: what stands behind its name can be read by everybody there."""

from __future__ import annotations

import sys


def typed(given: str) -> str:
    """`-` stands for the next line of standard input."""
    return sys.stdin.readline().strip() if given == "-" else given
