from __future__ import annotations

from api.models.keys import ApiKey, Project

__all__ = ["ApiKey", "Project"]
