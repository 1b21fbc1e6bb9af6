"""The bill of materials of what production installs: `python -m deploy.bom FILE`, CycloneDX 1.6.

From the lock, which names every package with the hashes of its files; those of other systems and
Pythons are in it, too.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;]+)", re.IGNORECASE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> Iterator[Component]:
    for entry in re.split(r"\n(?=\S)", re.sub(r"\\\n", " ", lock)):
        if pin := PIN.match(entry):
            name, version = pin.groups()
            yield Component(
                name=name,
                version=version,
                bom_ref=f"{name}@{version}",
                purl=PackageURL("pypi", name=name, version=version),
                hashes=[
                    HashType(alg=HashAlgorithm.SHA_256, content=each)
                    for each in HASH.findall(entry)
                ],
            )


def bill(root: Path = ROOT) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    bom = Bom(components=components((root / "requirements.txt").read_text()))
    koe = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION
    )
    bom.metadata.component = koe
    bom.register_dependency(koe, list(bom.components))
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)


def main(out: Path) -> int:
    text = bill()
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        print(f"The bill of materials is not what CycloneDX wants: {fault}")
        return 1
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text)
    print(f"{out}: {text.count('pkg:pypi/')} packages.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
