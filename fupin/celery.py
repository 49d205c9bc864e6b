"""The Celery app: `celery -A fupin worker`, `celery -A fupin beat`, and the embedded worker of `manage.py demo`.

Broker, routes, schedule and time limits are Django settings named CELERY_*.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings")

app = Celery("fupin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
