from django.core.management.base import BaseCommand, CommandError

from accounts.scopes import SYSTEM
from assessment.models import Round
from assessment.verification import check_village
from core.actions import record
from villages.models import Village


class Command(BaseCommand):
    """核验一个村的锁定名单。One fault a line on stderr; exit status 0 only when there is none. Values are never printed."""

    help = "核验一个村的锁定名单：verify_list 批次号 村代码"

    def add_arguments(self, parser) -> None:
        parser.add_argument("round", metavar="ROUND", help="批次号")
        parser.add_argument("village", metavar="VILLAGE", help="村代码（12 位）")

    def handle(self, *args, **options) -> None:
        round_ = Round.objects.select_related("rubric").filter(code=options["round"]).first()
        if round_ is None:
            raise CommandError(f"没有批次 {options['round']}。")
        village = Village.objects.filter(code=options["village"], county_id=round_.county_id).first()
        if village is None:
            raise CommandError(f"批次所在的县没有村 {options['village']}。")
        checked = check_village(round_, village)
        for finding in checked.findings:
            self.stderr.write(finding.line)
        record(SYSTEM, "list.verify", None, "village", village.code, place=village, round=round_.code, findings=len(checked.findings))
        self.stdout.write(
            f"{round_.name} {village.short_name}：核验 {checked.cases} 户、{checked.verdicts} 个决定、{checked.sittings} 次会议、"
            f"{checked.notices} 份公示，" + (f"有 {len(checked.findings)} 处不符" if checked.findings else "全部相符") + "。"
        )
        if checked.findings:
            raise SystemExit(1)
