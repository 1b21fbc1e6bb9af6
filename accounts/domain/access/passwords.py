"""Which passwords are guessed: usual ones, patterns, and words that are known of the account."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What zxcvbn calls very unguessable: a thief of the database would have to guess so often, too.
LEAST_GUESSES = 10**10
# It reads no more, and takes longer and longer.
READ = 72
# A shorter one stands in any password by chance.
SHORTEST_WORD = 3


def is_guessable(password: str, *, words: Iterable[str]) -> bool:
    """`words`: names, addresses and whatever else is known of whose password it is."""
    from zxcvbn import zxcvbn  # Its lists are loaded by who needs them.

    if not password:
        return True
    known = [part for word in words for part in _parts(word)]
    guesses: int = zxcvbn(password[:READ], user_inputs=known)["guesses"]
    return guesses < LEAST_GUESSES


def _parts(word: str) -> list[str]:
    whole = word.strip().lower()
    parts = re.split(r"\W+", whole)
    return [part for part in (whole, "".join(parts), *parts) if len(part) >= SHORTEST_WORD]
