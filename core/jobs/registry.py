"""Which function does which kind of job; apps register in their tasks module."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

Handler = Callable[..., dict[str, Any] | None]
_handlers: dict[str, Handler] = {}
_names: dict[str, str] = {}


def job_kind(kind: str, name: str) -> Callable[[Handler], Handler]:
    """Register `handler(job: JobHandle) -> result dict`; it is called again from the start when a lease was lost. `name` is for people."""

    def register(handler: Handler) -> Handler:
        _handlers[kind], _names[kind] = handler, name
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """The handler; KeyError for a kind that this version of the code does not know (trust 33: the job is parked as failed)."""
    _load(kind)
    return _handlers[kind]


def kind_name(kind: str) -> str:
    _load(kind)
    return _names.get(kind, "其他处理")


def _load(kind: str) -> None:
    if kind not in _handlers:
        for config in apps.get_app_configs():
            if module_has_submodule(config.module, "tasks"):
                import_module(f"{config.name}.tasks")
