from django.db import migrations, models


class Migration(migrations.Migration):
    """What the township says when it confirms, or does not confirm, that a household is listed all the same (D6-02)."""

    dependencies = [("households", "0004_paper_proxy_reason")]

    operations = [
        migrations.AddField(
            model_name="exclusion",
            name="confirm_note_enc",
            field=models.TextField(blank=True, help_text="乡镇确认或不同意的说明，加密。"),
        ),
    ]
