from __future__ import annotations

from typing import Any

import numpy as np
from django.db import migrations, models

# The columns of a block one after the other, as they are packed at this time: customers, profiles,
# counts, days, scores.
ROW, COUNTS, DAYS = 14, 8, 12


def count(apps: Any, schema_editor: Any) -> None:
    for block in apps.get_model("analytics", "CellBlock").objects.iterator(chunk_size=10):
        data = bytes(block.cells)
        rows = len(data) // ROW
        counts = np.frombuffer(data, dtype="<i4", count=rows, offset=COUNTS * rows)
        days = np.frombuffer(data, dtype="u1", count=rows, offset=DAYS * rows)[counts > 0]
        block.answers = int(counts.sum())
        block.last_on = block.month.replace(day=int(days.max())) if len(days) else None
        block.save(update_fields=["answers", "last_on"])


class Migration(migrations.Migration):
    dependencies = [("analytics", "0005_target_statuses")]

    operations = [
        migrations.AddField("cellblock", "answers", models.IntegerField(default=0)),
        migrations.AddField("cellblock", "last_on", models.DateField(null=True)),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.AlterField("cellblock", "answers", models.IntegerField()),
        migrations.AlterField(
            "cellblock",
            "campaign",
            models.ForeignKey(
                db_index=False,
                on_delete=models.PROTECT,
                related_name="counted",
                to="surveys.campaign",
            ),
        ),
        migrations.AddIndex(
            "cellblock", models.Index(fields=["campaign"], name="score_cells_of_campaign")
        ),
    ]
