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
def refuse_what_does_not_fit(**kwargs: object) -> None:
    """A worker whose keys do not fit the database, or that lacks the procedure of a running round, does not start (rulings 6, 18)."""
    from assessment import procedure_files
    from core import keycheck

    keycheck.verify_or_store()
    procedure_files.verify()
