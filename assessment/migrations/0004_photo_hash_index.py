from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_photos_and_signings")]

    operations = [
        migrations.AddIndex(model_name="lookphoto", index=models.Index(fields=["sha256"], name="photo_hash")),
    ]
