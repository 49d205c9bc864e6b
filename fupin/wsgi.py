"""What gunicorn and waitress serve. A process whose keys do not fit the database does not start (ruling 6)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings")

application = get_wsgi_application()

from core import keycheck  # noqa: E402 - needs the apps that the line above loads

keycheck.verify_or_store()
