from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """The ground: scope, actions, audit, feed, jobs, crypto, sheets. Holds no domain word."""

    name = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        from core import guards, immutability  # noqa: F401
        from core.web.limits import limit_connection
        from core.web.words import speak_plainly

        speak_plainly()
        connection_created.connect(limit_connection, dispatch_uid="core.limits")
        post_migrate.connect(immutability.install_after_migrate, sender=self, dispatch_uid="core.immutability")
        post_migrate.connect(_make_ledger_head, sender=self, dispatch_uid="core.ledger_head")


def _make_ledger_head(sender: AppConfig, using: str, **kwargs: object) -> None:
    """The ledger's one head row; made after migrate, so that a flushed test database has it again."""
    sender.get_model("LedgerHead").objects.using(using).get_or_create(pk=1)
