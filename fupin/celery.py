"""The Celery app: `celery -A fupin worker`, `celery -A fupin beat`, and the embedded worker of `manage.py demo`.

Broker, routes, schedule and time limits are Django settings named CELERY_*.
"""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings")

app = Celery("fupin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_wrong_keys(**kwargs: object) -> None:
    """A worker whose keys do not fit the database does not start (ruling 6)."""
    from core import keycheck

    keycheck.verify_or_store()
