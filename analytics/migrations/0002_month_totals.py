from __future__ import annotations

from typing import Any

from django.db import migrations, models

from analytics.domain.answers.cells import Cells, packed, totals_of, unpacked


def forget_counts(apps: Any, schema_editor: Any) -> None:
    """The tick counts them anew in their new form."""
    apps.get_model("analytics", "InvitationBlock").objects.all().delete()


def add_totals(apps: Any, schema_editor: Any) -> None:
    blocks = apps.get_model("analytics", "CellBlock").objects
    for pk, cells in blocks.values_list("pk", "cells").iterator(chunk_size=10):
        blocks.filter(pk=pk).update(totals=packed(totals_of(unpacked(bytes(cells), of=Cells))))


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_initial")]

    operations = [
        migrations.RunPython(forget_counts, migrations.RunPython.noop),
        migrations.AddField(
            model_name="cellblock",
            name="totals",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="invitationblock", name="counts"),
        migrations.AddField(
            model_name="invitationblock",
            name="until",
            field=models.DateTimeField(default="2000-01-01T00:00Z"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="invitationblock",
            name="totals",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="invitationblock",
            name="days",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.RunPython(add_totals, migrations.RunPython.noop),
    ]
