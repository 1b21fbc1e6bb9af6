"""How a file names an answer that was given here, so that it is found again and never doubled."""

from __future__ import annotations

import datetime as dt

OWN = "koe-"


def own_id(public_id: str) -> str:
    """The id in files of an answer that came with none, by the public id of its invitation."""
    return OWN + public_id


def public_id_in(response_id: str) -> str:
    """Of the invitation that such an id names; empty for any other."""
    return response_id.removeprefix(OWN) if response_id.startswith(OWN) else ""


def title_of(name: str) -> str:
    """The name of a campaign as it stands in a file: in one line."""
    return " ".join(name.split())


def wall_second(moment: dt.datetime, *, zone: dt.tzinfo) -> dt.datetime:
    """What is left of a moment in a spreadsheet: the clock on the wall, without parts of a second.

    An hour that a clock shows twice in autumn is one.
    """
    return moment.astimezone(zone).replace(microsecond=0, tzinfo=None, fold=0)
