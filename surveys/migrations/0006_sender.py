from django.db import migrations, models


def unlog(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE surveys_sender SET UNLOGGED, SET (fillfactor = 50)")


class Migration(migrations.Migration):
    dependencies = [("surveys", "0005_checked_questions")]

    operations = [
        migrations.CreateModel(
            name="Sender",
            fields=[
                ("token", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("begun", models.BigIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("boot", models.CharField(blank=True, max_length=36)),
            ],
            options={"verbose_name": "sender", "verbose_name_plural": "senders"},
        ),
        migrations.RunPython(unlog, migrations.RunPython.noop),
    ]
