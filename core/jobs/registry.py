"""Which function does which kind of job; apps register in their tasks module."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

Handler = Callable[..., dict[str, Any] | None]
_handlers: dict[str, Handler] = {}


def job_kind(kind: str) -> Callable[[Handler], Handler]:
    """Register `handler(job: JobHandle) -> result dict`; it is called again from the start when a lease was lost."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """The handler; KeyError for a kind that this version of the code does not know (trust 33: the job is parked as failed)."""
    if kind not in _handlers:
        for config in apps.get_app_configs():
            if module_has_submodule(config.module, "tasks"):
                import_module(f"{config.name}.tasks")
    return _handlers[kind]
