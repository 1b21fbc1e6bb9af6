from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from accounts.web.context_processors import ITEMS

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
ASSETS = json.loads((VENDOR / "VENDOR.json").read_text())
KNOWN_LICENCES = {"MIT", "0BSD", "BSD-3-Clause", "OFL-1.1"}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset["name"])
def test_vendored_file_is_the_one_on_record(asset: dict[str, str]) -> None:
    assert sha256(VENDOR / asset["file"]) == asset["sha256"]
    assert sha256(VENDOR / asset["licence_file"]) == asset["licence_sha256"]
    assert asset["licence"] in KNOWN_LICENCES


def test_no_file_is_vendored_without_a_record() -> None:
    recorded = {asset[key] for asset in ASSETS for key in ("file", "licence_file")}
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert present == recorded | {"VENDOR.json"}


def test_assets_page_lists_every_vendored_asset() -> None:
    page = (ROOT / "docs" / "assets.md").read_text()
    missing = [a["name"] for a in ASSETS if f"| {a['name']} | {a['version']} |" not in page]
    assert missing == []


def test_vendored_files_name_no_file_that_is_not_shipped() -> None:
    """The hashed storage of WhiteNoise stops on a reference it cannot follow."""
    shipped = [path for path in VENDOR.rglob("*") if path.suffix in {".js", ".css"}]
    assert len(shipped) == 5
    for path in shipped:
        text = path.read_text()
        assert "sourceMappingURL=" not in text, path.name
        if path.suffix == ".css":
            assert re.findall(r"url\((?![\"']?data:)", text) == [], path.name


def test_every_icon_in_use_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (VENDOR / "icons.svg").read_text()))
    named = re.compile(r'\{% icon "([^"]+)"|\bicon="([^"{]+)"')
    hits = [hit for path in templates() for hit in named.findall(path.read_text())]
    used = {first or second for first, second in hits} | {icon for _, _, icon, _ in ITEMS}
    assert {"inbox", "megaphone"} <= sprite
    assert "chevron-left" in used
    assert used - sprite == set()


def test_templates_hold_nothing_the_content_policy_forbids() -> None:
    """No style or event attributes, no inline script, no other host. Mails are apart."""
    forbidden = re.compile(
        r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\bsrc=)|(?:src|href)=\"(?:https?:)?//", re.I
    )
    found = {
        str(path.relative_to(ROOT)): hits
        for path in templates()
        if "emails" not in path.parts and (hits := forbidden.findall(path.read_text()))
    }
    assert found == {}


def test_template_comments_stay_on_one_line() -> None:
    """Django shows a {# comment #} to the reader when it runs over a line end."""
    broken = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if line.count("{#") != line.count("#}")
    ]
    assert broken == []


def test_survey_stylesheet_is_small_and_loads_nothing() -> None:
    text = (ROOT / "static" / "css" / "survey.css").read_text()
    assert len(text.encode()) < 10_000
    assert re.findall(r"url\(|@import", text) == []
