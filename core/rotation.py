"""Re-seals stored secrets under the current field key (ruling 6). Apps declare which columns hold ciphertext."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction

from core.crypto import needs_rotation, reencrypt

BATCH = 500


def sealed_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column named `*_enc` of a model with a `uuid`: by name, so that a new sealed field is never forgotten."""
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        for name in sorted(names):
            if name.endswith("_enc") and "uuid" in names:
                yield model, name


def rotate_column(model: type[models.Model], column: str) -> int:
    """Re-seal what is not under the current key, batch by batch: a killed run goes on where it stopped. Returns the rows changed."""
    field, table, changed, last = column.removesuffix("_enc"), model._meta.db_table, 0, 0
    while True:
        with transaction.atomic():
            rows = list(model._base_manager.select_for_update().filter(pk__gt=last).exclude(**{column: ""}).order_by("pk").only("pk", "uuid", column)[:BATCH])
            for row in rows:
                token = getattr(row, column)
                if needs_rotation(token):
                    fresh = reencrypt(token, table=table, field=field, row=row.uuid)
                    model._base_manager.filter(pk=row.pk).update(**{column: fresh})
                    changed += 1
        if len(rows) < BATCH:
            return changed
        last = rows[-1].pk
