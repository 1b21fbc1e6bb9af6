from __future__ import annotations


class NoFormulaError(ValueError):
    """No formula is in force, so there is nothing to score by."""
