"""Migration steps of our own."""

from collections.abc import Sequence

from django.db import models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AddFields(Operation):
    """Plain columns (no relations) added to one model at once, [(name, field), …].

    Django renders a model and all that point to it anew after each `AddField`: eighty of them cost a first start twenty seconds.
    """

    def __init__(self, model_name: str, fields: Sequence[tuple[str, models.Field]]) -> None:
        if related := [name for name, field in fields if field.is_relation]:
            raise ValueError(f"AddFields takes no relations: {related}")
        self.model_name, self.fields = model_name, list(fields)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        key = app_label, self.model_name.lower()
        state.models[key].fields.update(self.fields)
        state.reload_model(*key, delay=True)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        before, after = (state.apps.get_model(app_label, self.model_name) for state in (from_state, to_state))
        if not self.allow_migrate_model(schema_editor.connection.alias, after):
            return
        for name, _ in self.fields:
            schema_editor.add_field(before, after._meta.get_field(name))
            before.add_to_class(name, after._meta.get_field(name).clone())  # SQLite rebuilds the table from this class

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            for name, _ in reversed(self.fields):
                schema_editor.remove_field(model, model._meta.get_field(name))

    def describe(self) -> str:
        return f"Add {len(self.fields)} fields to {self.model_name}"
