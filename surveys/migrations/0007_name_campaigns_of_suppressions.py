from django.db import migrations

START = "mail of "


def name_campaigns(apps, schema_editor):
    """Staff read the campaign's name, not its address."""
    Suppression = apps.get_model("accounts", "Suppression")
    names = dict(apps.get_model("surveys", "Campaign").objects.values_list("slug", "name"))
    for row in Suppression.objects.filter(source__startswith=START).only("source"):
        name = names.get(row.source.removeprefix(START))
        if name:
            row.source = START + name
            row.save(update_fields=["source"])


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0006_sender"),
    ]

    operations = [migrations.RunPython(name_campaigns, migrations.RunPython.noop)]
