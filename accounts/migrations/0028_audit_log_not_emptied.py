"""TRUNCATE fires no trigger of rows: on PostgreSQL it emptied the audit log without a word."""

from django.db import migrations

TABLES = ("accounts_auditevent", "accounts_auditseal")


def making(vendor):
    if vendor != "postgresql":
        return []  # SQLite has no TRUNCATE
    return [
        f"CREATE TRIGGER not_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION koe_only_added()"
        for table in TABLES
    ]


def dropping(vendor):
    if vendor != "postgresql":
        return []
    return [f"DROP TRIGGER IF EXISTS not_emptied ON {table}" for table in TABLES]


def protect(apps, schema_editor):
    for statement in making(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def release(apps, schema_editor):
    for statement in dropping(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0027_organisation")]
    operations = [migrations.RunPython(protect, release, elidable=False)]
