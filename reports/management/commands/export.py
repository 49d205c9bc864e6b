from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.scopes import scope_of
from core.errors import DomainError
from reports.exporting import TITLES, export_to_file


class Command(BaseCommand):
    help = "导出花名册或村表、乡镇表、县表，以某个账号的权限。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", choices=list(TITLES), help="roster、village、township 或 county")
        parser.add_argument("--round", required=True, metavar="CODE", help="批次号")
        parser.add_argument("--area", required=True, metavar="CODE", help="地区代码")
        parser.add_argument("--as", required=True, dest="login", metavar="LOGIN", help="以谁的权限导出")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx", help="写到哪个文件")

    def handle(self, *args: object, **options: object) -> None:
        user = User.objects.filter(login=options["login"], is_active=True).first()
        if user is None:
            raise CommandError(f"没有启用的账号 {options['login']}。")
        try:
            written = export_to_file(
                scope=scope_of(user),
                table=options["table"],
                round_code=options["round"],
                area=options["area"],
                path=options["out"],
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"已写 {options['out']}：{written.title}，{written.rows} 行，内容校验码 {written.digest[:16]}。"
        )
