from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from deploy.bom import ROOT, bill, main


def test_every_package_that_production_installs_is_named_with_its_hashes() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    pinned = set(re.findall(r"^([\w.-]+==[^ ;]+)", lock, flags=re.MULTILINE))

    found = json.loads(bill())

    assert {f"{each['name']}=={each['version']}" for each in found["components"]} == pinned
    assert all(each["hashes"] for each in found["components"])
    assert sum(len(each["hashes"]) for each in found["components"]) == lock.count("--hash=")
    assert found["metadata"]["component"]["name"] == "koe"


def test_it_is_what_its_schema_wants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path / "var" / "koe.cdx.json") == 0
    assert "packages." in capsys.readouterr().out
