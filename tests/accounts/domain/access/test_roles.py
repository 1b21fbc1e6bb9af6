from __future__ import annotations

import pytest

from accounts.domain.access.roles import PERMISSIONS, Permission, Role, allows

P = Permission
EVERYONE = {P.VIEW_HOME, P.VIEW_COMMENTS, P.VIEW_REPORTS, P.EXPORT_REPORTS}
WRITTEN = {
    Role.VIEWER: EVERYONE,
    Role.CS: EVERYONE
    | {
        P.VIEW_PEOPLE,
        P.VIEW_CAMPAIGNS,
        P.IMPORT_DATA,
        P.CONFIGURE_CAMPAIGNS,
        P.LAUNCH_CAMPAIGNS,
        P.FOLLOW_UP,
        P.EXPORT_RESPONSES,
    },
    Role.ADMIN: set(Permission),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_allows_follows_the_written_table(role: Role, permission: Permission) -> None:
    assert allows(role, permission) is (permission in WRITTEN[role])
    assert allows(str(role), permission) is (permission in WRITTEN[role])


def test_permissions_has_a_row_for_each_permission() -> None:
    assert set(PERMISSIONS) == set(Permission)


def permissions_of(role: str) -> frozenset[Permission]:
    return frozenset(known for known in Permission if allows(role, known))


@pytest.mark.parametrize("nobody", ["", "staff", "ADMIN"])
def test_unknown_role_may_do_nothing(nobody: str) -> None:
    assert permissions_of(nobody) == frozenset()


def test_permissions_of_a_role_are_its_column() -> None:
    assert permissions_of(Role.VIEWER) == WRITTEN[Role.VIEWER]
