"""Web and worker in one process for the demo: waitress threads, a Celery worker on an in-memory broker, and a reaper's clock."""

import logging
import os
import signal
import threading

from django.core.wsgi import get_wsgi_application
from waitress.server import create_server

from core import jobs
from fupin.celery import app
from fupin.housekeeping import due

log = logging.getLogger(__name__)
REAP_SECONDS = 10.0


def serve(port: int) -> None:
    """Serve on loopback until Ctrl-C or SIGTERM. A job under way is left to its lease and taken up at the next start."""
    threading.Thread(target=_work, name="worker", daemon=True).start()
    stop = threading.Event()
    threading.Thread(target=_reap, args=(stop,), name="reaper", daemon=True).start()
    signal.signal(signal.SIGTERM, _interrupt)
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=port, threads=8, ident="fupin")
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        log.info("stopping")
    finally:
        stop.set()
        server.close()
    # The worker's thread pool would hold the interpreter until its job ends; the lease makes leaving safe.
    os._exit(0)


def _work() -> None:
    # WorkController, not Worker: the latter takes over logging and stdout.
    app.WorkController(pool="threads", concurrency=2, without_gossip=True, without_mingle=True, without_heartbeat=True).start()


def _reap(stop: threading.Event) -> None:
    while not stop.wait(REAP_SECONDS):
        try:
            jobs.reap()
            due()
        except Exception:  # the clock must outlive a locked database
            log.exception("reaping failed")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
