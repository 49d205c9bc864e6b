from django.core.management.base import BaseCommand

from fupin.invariants import CHECKS


class Command(BaseCommand):
    """核对数据不变式。One fault a line on stderr; exit status 1 when there is any."""

    help = "核对数据应当始终成立的各条"

    def handle(self, **options) -> None:
        broken = 0
        for title, check in CHECKS:
            faults = list(check())
            broken += len(faults)
            for fault in faults:
                self.stderr.write(f"{title}：{fault}")
            self.stdout.write(f"{title}：{'通过' if not faults else f'{len(faults)} 处不符'}")
        if broken:
            raise SystemExit(1)
