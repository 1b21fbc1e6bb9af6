import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("accounts_auditevent", "accounts_auditseal")
ACTS = ("update", "delete")
FUNCTION = """
    CREATE OR REPLACE FUNCTION koe_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$
"""
ON_POSTGRESQL = """
    CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION koe_only_added()
"""
ON_SQLITE = """
    CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
    BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END
"""


def making(vendor):
    if vendor == "postgresql":
        return [FUNCTION, *(ON_POSTGRESQL.format(table=table) for table in TABLES)]
    return [ON_SQLITE.format(table=table, act=act) for table in TABLES for act in ACTS]


def dropping(vendor):
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS only_added ON {table}" for table in TABLES]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{act}" for table in TABLES for act in ACTS]


def protect(apps, schema_editor):
    for statement in making(schema_editor.connection.vendor):
        # Without parameters: a sign of per cent stands for itself.
        schema_editor.execute(statement, params=None)


def release(apps, schema_editor):
    for statement in dropping(schema_editor.connection.vendor):
        # Without parameters: a sign of per cent stands for itself.
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_suppression_until")]
    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='AuditOrigin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=45)),
                ('agent', models.CharField(blank=True, max_length=200)),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='origin', to='accounts.auditevent')),
            ],
            options={
                'verbose_name': 'origin of an audit event',
                'verbose_name_plural': 'origins of audit events',
            },
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('previous', models.CharField(blank=True, max_length=64, unique=True)),
                ('digest', models.CharField(max_length=64)),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='accounts.auditevent')),
            ],
            options={
                'verbose_name': 'seal of an audit event',
                'verbose_name_plural': 'seals of audit events',
            },
        ),
        migrations.RunPython(protect, release),
    ]
