"""The peer of benchmarks/web/people.py: that of the answer page, with a view of its own."""

from __future__ import annotations

from benchmarks.peers.answering import *  # noqa: F403

ROOT_URLCONF = "benchmarks.peers.people_views"
