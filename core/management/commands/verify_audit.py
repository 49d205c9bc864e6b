from django.core.management.base import BaseCommand

from core.verification import audit_faults, feed_faults


class Command(BaseCommand):
    """核对审计链。Exit status 1 and one fault a line on stderr when the trail was touched."""

    help = "核对审计记录的完整性"

    def handle(self, **options) -> None:
        faults = audit_faults() + feed_faults()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise SystemExit(1)
        self.stdout.write("审计记录完整。")
