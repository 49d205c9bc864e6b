from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment.models import Round
from core.errors import DomainError
from reports.actions import roll_up, system_scope


class Command(BaseCommand):
    help = "汇总一个批次的村、乡镇、县三级数字（只重算有改动的村；--full 全部重算）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("round", help="批次号，如 2016-SB")
        parser.add_argument("--village", nargs="+", metavar="CODE", help="只汇总这些村")
        parser.add_argument("--full", action="store_true", help="全部重算")

    def handle(self, *args: object, **options: object) -> None:
        round_ = Round.objects.filter(code=options["round"]).first()
        if round_ is None:
            raise CommandError(f"没有批次 {options['round']}。")
        try:
            done = roll_up(
                scope=system_scope(round_),
                round_code=round_.code,
                villages=options["village"],
                full=bool(options["full"]),
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"批次 {done.round_code}：{done.villages} 个村，重算 {done.recomputed} 个。")
