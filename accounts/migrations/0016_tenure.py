from __future__ import annotations

from typing import Any

from django.db import migrations

BANDS = {
    "thresholds": ["3", "12", "24", "36"],
    "labels": ["0-2", "3-11", "12-23", "24-35", "36+"],
}


def add_tenure(apps: Any, schema_editor: Any) -> None:
    """Imports from now on do so by themselves."""
    customers, dimensions = (
        apps.get_model("accounts", name) for name in ("Customer", "Dimension")
    )
    if customers.objects.filter(started_on__isnull=False).exists():
        last = dimensions.objects.order_by("-position").first()
        dimensions.objects.get_or_create(
            name="tenure",
            defaults={
                "source": "customer",
                "attribute": "_tenure",
                "bands": BANDS,
                "position": last.position + 1 if last and last.position else 0,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_metric_settings")]

    operations = [migrations.RunPython(add_tenure, migrations.RunPython.noop)]
