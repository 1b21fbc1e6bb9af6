from __future__ import annotations

from typing import Any

from django.db import migrations, models


def forget_counts(apps: Any, schema_editor: Any) -> None:
    """The tick counts them once more, by customer."""
    apps.get_model("analytics", "InvitationBlock").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("analytics", "0003_health")]

    operations = [
        migrations.RunPython(forget_counts, migrations.RunPython.noop),
        migrations.AddField(
            model_name="invitationblock",
            name="digest",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
    ]
