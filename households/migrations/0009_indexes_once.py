"""Indexes of a household's place that others begin with"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0008_import_stages")]

    operations = [
        # The index alone: an AlterField would have SQLite write the whole table anew.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "households_household" ("{column}")')
                for name, column in (
                    ("households_household_county_id_768dc62b", "county_id"),
                    ("households_household_township_id_b72f1713", "township_id"),
                    ("households_household_village_id_c6dbbc5a", "village_id"),
                )
            ],
            state_operations=[
                migrations.AlterField("household", "county", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="villages.county")),
                migrations.AlterField("household", "township", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="villages.township")),
                migrations.AlterField("household", "village", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="households", to="villages.village")),
            ],
        )
    ]
