"""Koe's web application, for servers that get killed; the environment may plant a bug."""

from __future__ import annotations

import os

from config.asgi import application
from tests.faults.rig import mutants

__all__ = ["application"]

mutants.plant(os.environ.get("FAULT_MUTANT", ""))
