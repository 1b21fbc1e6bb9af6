from django.db import migrations, models

NAMES = """SELECT conname FROM pg_constraint WHERE contype = 'f'
    AND conrelid = 'accounts_reading'::regclass AND confrelid = 'accounts_measure'::regclass"""


def drop_constraint(apps, schema_editor):
    """SQLite would copy the whole table for it, and checks quickly."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NAMES)
        for (name,) in cursor.fetchall():
            schema_editor.execute(f'ALTER TABLE accounts_reading DROP CONSTRAINT "{name}"')


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_facts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(drop_constraint, migrations.RunPython.noop, elidable=True)
            ],
            state_operations=[
                migrations.AlterField(
                    "reading",
                    "measure",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.measure",
                    ),
                )
            ],
        )
    ]
