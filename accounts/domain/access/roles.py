"""Who may do what: the one table that every view, page link and test reads."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    CS = "cs"
    ADMIN = "admin"
    VIEWER = "viewer"


class Permission(StrEnum):
    VIEW_HOME = "view_home"
    VIEW_COMMENTS = "view_comments"
    VIEW_PEOPLE = "view_people"
    VIEW_CAMPAIGNS = "view_campaigns"
    VIEW_REPORTS = "view_reports"
    IMPORT_DATA = "import_data"
    CONFIGURE_CAMPAIGNS = "configure_campaigns"
    LAUNCH_CAMPAIGNS = "launch_campaigns"
    FOLLOW_UP = "follow_up"
    EXPORT_RESPONSES = "export_responses"
    EXPORT_REPORTS = "export_reports"
    MANAGE_STAFF = "manage_staff"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_PEOPLE = "manage_people"
    LIFT_SUPPRESSION = "lift_suppression"


_EVERYONE = frozenset(Role)
_CS_AND_ADMIN = frozenset({Role.CS, Role.ADMIN})
_ADMIN = frozenset({Role.ADMIN})

PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.VIEW_HOME: _EVERYONE,
    Permission.VIEW_COMMENTS: _EVERYONE,
    Permission.VIEW_PEOPLE: _CS_AND_ADMIN,
    Permission.VIEW_CAMPAIGNS: _CS_AND_ADMIN,
    Permission.VIEW_REPORTS: _EVERYONE,
    Permission.IMPORT_DATA: _CS_AND_ADMIN,
    Permission.CONFIGURE_CAMPAIGNS: _CS_AND_ADMIN,
    Permission.LAUNCH_CAMPAIGNS: _CS_AND_ADMIN,
    Permission.FOLLOW_UP: _CS_AND_ADMIN,
    Permission.EXPORT_RESPONSES: _CS_AND_ADMIN,
    # A report's file holds what its page shows, so whoever sees the page may take the file.
    Permission.EXPORT_REPORTS: _EVERYONE,
    Permission.MANAGE_STAFF: _ADMIN,
    Permission.MANAGE_SETTINGS: _ADMIN,
    Permission.MANAGE_PEOPLE: _ADMIN,
    Permission.LIFT_SUPPRESSION: _ADMIN,
}


def allows(role: Role | str, permission: Permission) -> bool:
    return role in PERMISSIONS[permission]
