"""What the organisation says of itself: in the environment, else in the browser, else nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from accounts.domain.access.demo import DEMO_ADDRESS, DEMO_ORGANISATION, DEMO_SENDER

# What is asked in the browser -> the setting that it is, and the variable that wins over it.
SETTINGS = {
    "name": "ORGANISATION_NAME",
    "address": "ORGANISATION_ADDRESS",
    "sender": "DEFAULT_FROM_EMAIL",
    "time_zone": "TIME_ZONE",
    "language": "LANGUAGE_CODE",
}
# What stands in every e-mail: nothing real leaves with the demo's.
OF_THE_DEMO = {"name": DEMO_ORGANISATION, "address": DEMO_ADDRESS, "sender": DEMO_SENDER}


def in_force(
    kept: Mapping[str, str], *, given: Collection[str], without: Mapping[str, str]
) -> dict[str, str]:
    """Setting -> value. `given`: settings of the environment; `without`: what holds otherwise."""
    return {
        setting: without[setting] if setting in given else kept.get(field) or without[setting]
        for field, setting in SETTINGS.items()
    }


def still_of_the_demo(settings: Mapping[str, str]) -> list[str]:
    """What nobody has said yet of what stands in every e-mail."""
    return [
        field
        for field, value in OF_THE_DEMO.items()
        if settings[SETTINGS[field]].strip() in ("", value)
    ]
