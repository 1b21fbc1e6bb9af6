"""Every report is one state of the database: `common/databases/snapshot.py`."""

from __future__ import annotations

from common.databases.snapshot import once, one_snapshot

__all__ = ["once", "one_snapshot"]
