"""The roof: settings, URLs, the Celery app. Imported by nobody (docs/architecture.md)."""

from .celery import app as celery_app

__all__ = ("celery_app",)
