"""What an operator takes from deploy/ says what the settings, the queues and each other say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

from accounts.services.imports.reading.files import MAX_UPLOAD_BYTES
from common.web.middleware import LARGEST_BODIES
from config.celery import QUEUES, app
from local import ROOT
from tests.config.starting import STRONG, start
from tests.guards.docs.test_docs import settings_table, text_of, variables_read

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if each.get("image") == "koe:local"}
CADDY = (DEPLOY / "Caddyfile").read_text()
# What the container file and the units give; the rest is the operator's.
OF_THE_PLACE = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "CONCURRENCY"}
# As an operator's shell knows them, for Caddy and PostgreSQL.
OF_OTHERS = {"KOE_HOST", "KOE_UPSTREAM", "POSTGRES_PASSWORD"}
MEGABYTE = 1024 * 1024


def unit(name: str) -> list[tuple[str, str]]:
    lines = (UNITS / name).read_text().splitlines()
    pairs = (line.partition("=") for line in lines if re.match(r"[A-Za-z]+=", line))
    return [(key, value) for key, _, value in pairs]


def said(name: str, key: str) -> list[str]:
    return [value for found, value in unit(name) if found == key]


def services() -> list[str]:
    return sorted(path.name for path in UNITS.glob("*.service"))


def queues_of(command: list[str]) -> list[str]:
    return command[command.index("--queues") + 1].split(",") if "--queues" in command else []


def options(command: list[str]) -> dict[str, str]:
    """Of granian and Celery, but where they listen or write, and how many of them there are."""
    here = {"--host", "--port", "--schedule", "--hostname", "--queues", "--concurrency"}
    pairs = zip(command, [*command[1:], ""], strict=True)
    found = {
        word: ("" if after.startswith("--") else after)
        for word, after in pairs
        if word.startswith("--")
    }
    return {word: value for word, value in found.items() if word not in here}


def program(line: str) -> list[str]:
    return shlex.split(line.replace("/opt/koe/src/.venv/bin/", "").replace("${CONCURRENCY}", "1"))


def procfile(name: str) -> list[str]:
    lines = dict(line.split(": ", 1) for line in text_of("Procfile").splitlines())
    return shlex.split(lines[name])


# --- Queues and commands ------------------------------------------------------------------------


def test_each_queue_has_a_worker_and_no_worker_another() -> None:
    queues = {each.name for each in app.conf.task_queues}
    assert queues == set(QUEUES)

    in_compose = [queue for each in OURS.values() for queue in queues_of(each.get("command", []))]
    wanted = said("koe.target", "Wants")[0].split()
    in_units = [each[11:-8] for each in wanted if each.startswith("koe-worker@")]
    assert sorted(in_compose) == sorted(in_units) == sorted(queues)
    assert "--queues %i" in said("koe-worker@.service", "ExecStart")[0]


def test_exactly_one_beat_runs() -> None:
    assert [name for name, each in OURS.items() if "beat" in each.get("command", [])] == ["beat"]
    assert "koe-beat.service" in said("koe.target", "Wants")[0].split()


def test_programs_are_called_as_the_procfile_calls_them() -> None:
    image = yaml.safe_load(re.findall(r"^CMD (.+)$", _containerfile(), flags=re.MULTILINE)[0])
    web, worker, beat = (options(procfile(name)) for name in ("web", "worker", "beat"))
    # On a server answers that are under way have more time to end.
    stricter = {"--workers-kill-timeout": "25s"}
    units = {name: program(said(f"koe-{name}.service", "ExecStart")[0]) for name in ("web", "beat")}

    assert options(image) == options(units["web"]) == {**web, **stricter}
    beat["--schedule"] = ""
    assert options(SERVICES["beat"]["command"]).keys() == options(units["beat"]).keys()
    workers = [each["command"] for name, each in OURS.items() if name.startswith("worker-")]
    workers.append(program(said("koe-worker@.service", "ExecStart")[0]))
    assert all(options(command) == worker for command in workers)
    assert image[-1] == units["web"][-1] == procfile("web")[-1]


def test_a_stop_waits_longer_than_what_is_under_way_takes() -> None:
    task = app.conf.worker_soft_shutdown_timeout
    grace = {int(each["stop_grace_period"][:-1]) for each in OURS.values()}
    assert min(grace) > max(task, 25)
    assert int(said("koe-worker@.service", "TimeoutStopSec")[0]) > task
    assert int(said("koe-web.service", "TimeoutStopSec")[0]) > 25
    for name in ("koe-web.service", "koe-worker@.service", "koe-beat.service"):
        assert said(name, "KillMode") == ["mixed"]
        assert said(name, "Restart") == ["always"]


# --- What comes before what ---------------------------------------------------------------------


def test_tables_are_migrated_before_anything_of_the_new_version_runs() -> None:
    for name, each in OURS.items():
        if name in ("migrate", "backup"):
            assert set(each["depends_on"]) == {"db"}
        else:
            waits = each["depends_on"]["migrate"]["condition"]
            assert waits == "service_completed_successfully", name
    assert SERVICES["migrate"]["command"][:3] == ["python", "manage.py", "migrate"]
    for name in services():
        if name not in ("koe-migrate.service", "koe-backup.service"):
            assert said(name, "Requires") == ["koe-migrate.service"], name
            assert "koe-migrate.service" in said(name, "After")[0], name


# --- Names and ports ----------------------------------------------------------------------------


def test_only_settings_that_are_read_are_named() -> None:
    read = variables_read("config/settings.py")
    example = dict(
        line.split("=", 1)
        for line in text_of("deploy/koe.env.example").splitlines()
        if line[:1] != "#"
    )
    given = {name for each in OURS.values() for name in each["environment"]}
    in_units = {
        pair.split("=")[0]
        for name in services()
        for line in said(name, "Environment")
        for pair in line.split()
    }
    in_image = set(re.findall(r"(?:ENV |    )([A-Z_]+)=", _containerfile()))

    assert set(example) | given <= read
    assert (in_units | in_image) - OF_THE_PLACE == {"KOE_VAR_DIR"}
    everywhere = "\n".join((DEPLOY / name).read_text() for name in ("compose.yaml", "Caddyfile"))
    assert set(re.findall(r"\$\{?\{?\$?([A-Z_]+)", everywhere)) <= OF_OTHERS
    assert set(re.findall(r"`([A-Z][A-Z_]{3,})`", text_of("docs/deploy.md"))) <= (
        read | OF_OTHERS | settings_table(text_of("README.md"))
    )


def test_the_example_starts_once_its_blanks_are_filled(tmp_path: Path) -> None:
    """All that production refuses is in it, and none of its values is refused."""
    lines = [line for line in text_of("deploy/koe.env.example").splitlines() if line[:1] != "#"]
    given = dict(line.split("=", 1) for line in lines)
    blank = {name for name, value in given.items() if not value}
    assert blank == {"SECRET_KEY", "METRICS_TOKEN"}
    filled = given | dict.fromkeys(blank, STRONG)
    # What is left to do is what only a provider can give.
    unfinished = start(tmp_path, show="[name for name, _ in settings.UNFINISHED]", **filled)
    assert unfinished == "[]"


def test_what_is_asked_for_is_where_it_listens() -> None:
    web = said("koe-web.service", "ExecStart")[0]
    assert "--host 127.0.0.1 --port 8000 " in web
    assert "{$KOE_UPSTREAM:127.0.0.1:8000}" in CADDY
    assert SERVICES["caddy"]["environment"]["KOE_UPSTREAM"] == "web:8000"
    assert "EXPOSE 8000" in _containerfile()
    assert "127.0.0.1:8000/health/ready" in _containerfile()
    # From outside one reaches Caddy alone.
    assert [name for name, each in SERVICES.items() if "ports" in each] == ["caddy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["db"]["networks"] == SERVICES["valkey"]["networks"] == ["inside"]


# --- Closed -------------------------------------------------------------------------------------


def test_containers_may_write_nowhere_and_do_nothing_else() -> None:
    for name, each in SERVICES.items():
        assert each.get("privileged") is None
        if name == "db":  # PostgreSQL changes its user as it starts.
            continue
        assert each["read_only"] is True, name
        assert each["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in each["security_opt"], name
    assert re.search(r"^USER 10001:10001$", _containerfile(), flags=re.MULTILINE)
    assert "HEALTHCHECK" in _containerfile()
    assert "--require-hashes" in _containerfile()
    # No address, key or row of this folder is carried into an image.
    ignored = text_of(".dockerignore").splitlines()
    assert ignored[1] == "*"
    assert not {"!var", "!.git", "!deploy", "!.venv", "!tests"} & set(ignored)


def test_the_volume_of_the_backups_is_theirs_who_write_them() -> None:
    [volume] = SERVICES["backup"]["volumes"]
    assert SERVICES["backup"]["command"][:3] == ["python", "manage.py", "backup"]
    assert volume == "backups:/opt/koe/var/backups"
    assert "KOE_VAR_DIR=/opt/koe/var\n" in _containerfile()
    assert "install -d -o koe -g koe -m 700 /opt/koe/var/backups " in _containerfile()


def test_every_package_of_ours_is_in_the_image() -> None:
    copied = set(re.findall(r"^COPY (\w+) ", _containerfile(), flags=re.MULTILINE))
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps | {"config", "locale", "static", "templates"} <= copied
    assert {f"!{each}" for each in copied} <= set(text_of(".dockerignore").splitlines())


def test_all_units_are_closed_alike() -> None:
    hardening = (
        *("NoNewPrivileges", "ProtectSystem", "PrivateTmp", "CapabilityBoundingSet", "User"),
        *("SystemCallFilter", "RestrictAddressFamilies", "UMask", "EnvironmentFile"),
    )
    for key in hardening:
        assert len({tuple(said(name, key)) for name in services()}) == 1, key
    assert said("koe-web.service", "ProtectSystem") == ["strict"]
    assert said("koe-web.service", "User") == ["koe"]


def test_the_proxy_takes_bodies_as_long_as_koe_does() -> None:
    file, other = (int(each) for each in re.findall(r"max_size (\d+)MB", CADDY))
    assert file * MEGABYTE == LARGEST_BODIES["/imports/"] > MAX_UPLOAD_BYTES
    assert other * MEGABYTE > 5 * MEGABYTE


def _containerfile() -> str:
    return Path(DEPLOY / "Containerfile").read_text()
