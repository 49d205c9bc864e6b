"""Exit status 0 when gunicorn answers. Asked the way the reverse proxy asks: public host name, HTTPS outside."""

import http.client
import os
import sys

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".") or "localhost"
connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
try:
    connection.request("GET", "/login/", headers={"Host": host, "X-Forwarded-Proto": "https"})
    sys.exit(0 if connection.getresponse().status < 500 else 1)
except OSError:
    sys.exit(1)
