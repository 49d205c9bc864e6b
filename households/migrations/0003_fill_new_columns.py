"""Households that were there before: their residence from the day of registration, and the initials of names."""

from django.db import migrations

from households.names import initials

BATCH = 1000


def fill(apps, schema_editor):
    Household, Person, Residence = (apps.get_model("households", name) for name in ("Household", "Person", "Residence"))
    residences = []
    for row in Household.objects.order_by("pk").iterator(chunk_size=BATCH):
        Household.objects.filter(pk=row.pk).update(head_pinyin=initials(row.head_name))
        place = {name: getattr(row, name) for name in ("county_id", "township_id", "village_id", "group_id")}
        residences.append(Residence(household_id=row.pk, since=row.registered_on, until=row.closed_on, **place))
    Residence.objects.bulk_create(residences, batch_size=BATCH)
    for person in Person.objects.order_by("pk").only("pk", "name").iterator(chunk_size=BATCH):
        Person.objects.filter(pk=person.pk).update(pinyin=initials(person.name))


class Migration(migrations.Migration):
    dependencies = [("households", "0002_whole_facts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
