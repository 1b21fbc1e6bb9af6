from __future__ import annotations

import pytest

from analytics.charts import drawing


@pytest.fixture(autouse=True)
def _charts_are_what_vega_lite_understands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "VALIDATES", True)
