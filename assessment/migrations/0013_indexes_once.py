"""The index of a form's round that another begins with"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0012_sitting_stand_in_and_missing")]

    operations = [
        # The index alone: an AlterField would have SQLite write the whole table anew.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "assessment_survey" ("{column}")')
                for name, column in (
                    ("assessment_survey_round_id_dc72be8b", "round_id"),
                )
            ],
            state_operations=[
                migrations.AlterField("survey", "round", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="surveys", to="assessment.round")),
            ],
        )
    ]
