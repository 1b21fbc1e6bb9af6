"""Detractors of the last minutes that nobody was told of when Koe was updated are told of."""

import datetime as dt

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

NEWS = dt.timedelta(days=2)


def queue_untold(apps, schema_editor):
    Response = apps.get_model("surveys", "Response")
    Delivery = apps.get_model("actions", "Delivery")
    has_reader = Q(invitation__respondent__customer__owner_email__gt="") | Q(
        case__follow_up__owner__isnull=False
    )
    untold = Response.objects.filter(
        Q(score__lte=6) | Q(case__follow_up__isnull=False),
        has_reader,
        suspect=False,
        owner_told_at__isnull=True,
        response_id__isnull=True,
        answered_at__gt=timezone.now() - NEWS,
    ).exclude(invitation__reason="imported")
    Delivery.objects.bulk_create(
        Delivery(
            key=f"answer:{pk}:owner",
            event="answer.owner",
            payload={"response": pk},
            lane="mail",
            created_at=at,
            next_at=at + dt.timedelta(seconds=40),
        )
        for pk, at in untold.values_list("pk", "changed_at")
    )


class Migration(migrations.Migration):
    dependencies = [("actions", "0009_alerts")]

    operations = [migrations.RunPython(queue_untold, migrations.RunPython.noop)]
