from django.db import migrations


class Migration(migrations.Migration):
    """疑点 have one home, households.Doubt; the first run of the checks finds the answers against facts again."""

    dependencies = [("assessment", "0004_photo_hash_index")]

    operations = [migrations.DeleteModel(name="Doubt")]
