"""Job kinds of this app; importing the modules registers them."""

from assessment import tasks_import  # noqa: F401
