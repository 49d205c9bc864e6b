"""What gunicorn and waitress serve. A process whose keys do not fit the database, or that lacks the procedure of a running round,
does not start (rulings 6 and 18)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings")

application = get_wsgi_application()

from assessment import procedure_files  # noqa: E402 - needs the apps that the line above loads
from core import keycheck  # noqa: E402

keycheck.verify_or_store()
procedure_files.verify()
