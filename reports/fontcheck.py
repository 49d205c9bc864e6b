"""`manage.py check` and every start say so when papers cannot be printed here; the rest of the program goes on without them."""

from django.core.checks import CheckMessage, Warning, register

from core.papers import faults


@register()
def fonts_there(app_configs: object, **options: object) -> list[CheckMessage]:
    return [Warning(fault, id="reports.W001") for fault in faults()]
