from django.db import migrations, models
from django.db.models.functions import Now


def reschedule_limited(apps, schema_editor):
    """What waits already has no hours yet: the first tick writes them before anything leaves."""
    campaigns = apps.get_model("surveys", "Campaign").objects.using(schema_editor.connection.alias)
    any_hour = campaigns.filter(
        send_from=None, send_until=None, weekdays=[], holidays_of=""
    ).values("pk")
    launched = campaigns.filter(state__in=["running", "paused"])
    launched.exclude(pk__in=any_hour).update(reschedule_from=Now())


class Migration(migrations.Migration):

    dependencies = [
        ("surveys", "0003_lighter_sending"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="reschedule_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invitation",
            name="reminder_send_by",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invitation",
            name="send_by",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(reschedule_limited, migrations.RunPython.noop),
    ]
