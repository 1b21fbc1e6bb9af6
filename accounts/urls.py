from __future__ import annotations

from django.urls import path, register_converter

from accounts.domain.imports.file_columns import FileKind
from accounts.views import (
    by_hand,
    exports,
    facts,
    first_login,
    guide,
    import_columns,
    imports,
    scheduled,
)
from accounts.views.settings import audit, metrics, segments, staff, suppression
from accounts.views.settings import overview as settings

app_name = "accounts"


class FileKindConverter:
    regex = "|".join(FileKind)

    def to_python(self, value: str) -> FileKind:
        return FileKind(value)

    def to_url(self, value: str) -> str:
        return value


register_converter(FileKindConverter, "file_kind")


urlpatterns = [
    path("customers/new/", by_hand.add, name="customer-create"),
    path("customers/<int:pk>/edit/", by_hand.correct, name="customer-edit"),
    path("customers/<int:pk>/contacts/new/", facts.contact, name="contact-create"),
    path("customers/<int:pk>/pulse/", facts.pulse, name="pulse-create"),
    path("guide/", guide.page, name="guide"),
    path("guide/<str:language>/<slug:name>/", guide.page, name="guide-page"),
    path("guide/<str:language>/pictures/<slug:name>.png", guide.picture, name="guide-picture"),
    path("imports/", imports.import_list, name="import-list"),
    path("imports/measures/", facts.source_list, name="source-list"),
    path("imports/new/", imports.import_create, name="import-create"),
    path("imports/scheduled/", scheduled.index, name="scheduled-list"),
    path("imports/scheduled/new/", scheduled.create, name="scheduled-create"),
    path("imports/scheduled/<int:pk>/", scheduled.edit, name="scheduled-edit"),
    path("imports/scheduled/<int:pk>/fetch/", scheduled.fetch, name="scheduled-fetch"),
    path("imports/scheduled/<int:pk>/switch/", scheduled.switch, name="scheduled-switch"),
    path("imports/scheduled/<int:pk>/delete/", scheduled.delete, name="scheduled-delete"),
    path("imports/<int:pk>/", imports.import_detail, name="import-detail"),
    path("imports/<int:pk>/columns/", import_columns.import_columns, name="import-columns"),
    path("imports/<int:pk>/run/", imports.import_run, name="import-run"),
    path("imports/<int:pk>/zeros/", imports.import_zeros, name="import-zeros"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import-cancel"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import-undo"),
    path("imports/<int:pk>/dismiss/", imports.import_dismiss, name="import-dismiss"),
    path("imports/<int:pk>/leave/", imports.import_leave, name="import-leave"),
    path("imports/<int:pk>/changes.csv", imports.import_changes, name="import-changes"),
    path("imports/<int:pk>/errors.csv", imports.import_errors, name="import-errors"),
    path("imports/examples/<file_kind:kind>.csv", imports.import_example, name="import-example"),
    path(
        "imports/exports/<file_kind:kind>.<str:file_type>", exports.export_kind, name="export-kind"
    ),
    path("first/", first_login.first_login, name="first-login"),
    path("settings/", settings.index, name="settings"),
    path("settings/staff/", staff.index, name="staff-list"),
    path("settings/staff/new/", staff.create, name="staff-create"),
    path("settings/staff/<int:pk>/", staff.edit, name="staff-edit"),
    path("settings/staff/<int:pk>/invite/", staff.invite, name="staff-invite"),
    path(
        "settings/staff/<int:pk>/second-step/",
        staff.remove_second_step,
        name="staff-remove-second-step",
    ),
    path("settings/staff/<int:pk>/sign-on/", staff.remove_sign_on, name="staff-remove-sign-on"),
    path("settings/segments/", segments.index, name="segment-list"),
    path("settings/segments/new/", segments.create, name="segment-create"),
    path("settings/segments/preview/", segments.preview, name="segment-preview"),
    path("settings/segments/rebuild/", segments.rebuild, name="segment-rebuild"),
    path("settings/segments/<int:pk>/", segments.edit, name="segment-edit"),
    path("settings/segments/<int:pk>/first/", segments.first, name="segment-first"),
    path("settings/segments/<int:pk>/delete/", segments.delete, name="segment-delete"),
    path("settings/metrics/", metrics.edit, name="metric-settings"),
    path("settings/suppression/", suppression.index, name="suppression-list"),
    path("settings/suppression/<int:pk>/lift/", suppression.lift_one, name="suppression-lift"),
    path("settings/audit/", audit.index, name="audit-list"),
]
