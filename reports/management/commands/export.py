from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.scopes import scope_of
from core.errors import DomainError
from core.scope import Scope
from reports.actions_exports import approved_export
from reports.exporting import TITLES, export_to_file
from reports.models import ExportRequest

NEEDS_SECOND = "含完整证件号码的导出须有用途和另一人批准：加 --purpose 用途 --approved-by 登录名，或在“导出”页申请。"


class Command(BaseCommand):
    help = "导出名单或村表、乡镇表、县表，以某个账号的权限；证件号码以星号代替，除非经另一人批准。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", choices=list(TITLES), help="、".join(f"{code} {title}" for code, title in TITLES.items()))
        parser.add_argument("--round", required=True, metavar="CODE", help="批次号")
        parser.add_argument("--area", required=True, metavar="CODE", help="地区代码")
        parser.add_argument("--as", required=True, dest="login", metavar="LOGIN", help="以谁的权限导出")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx", help="写到哪个文件")
        parser.add_argument("--full-ids", action="store_true", help="含完整证件号码和银行卡号")
        parser.add_argument("--purpose", default="", metavar="TEXT", help="含完整号码时：用途")
        parser.add_argument("--approved-by", default="", metavar="LOGIN", help="含完整号码时：同一地区另一位批准人")

    def handle(self, *args: object, **options: object) -> None:
        scope = _scope(options["login"])
        asked = {"scope": scope, "table": options["table"], "round_code": options["round"], "area": options["area"]}
        try:
            request = _approved(asked, options) if options["full_ids"] else None
            written = export_to_file(**asked, path=options["out"], request=request)
        except DomainError as refusal:
            reasons = [text for texts in refusal.fields.values() for text in texts]
            raise CommandError("".join([refusal.message, *reasons])) from refusal
        self.stdout.write(
            f"已写 {options['out']}：{written.title}，{written.rows} 行，内容校验码 {written.digest[:16]}，文件序号 {written.serial}。"
        )


def _scope(login: str) -> Scope:
    user = User.objects.filter(login=login, is_active=True).first()
    if user is None:
        raise CommandError(f"没有启用的账号 {login}。")
    return scope_of(user)


def _approved(asked: dict[str, object], options: dict[str, object]) -> ExportRequest:
    if not options["purpose"] or not options["approved_by"]:
        raise CommandError(NEEDS_SECOND)
    return approved_export(**asked, approver=_scope(options["approved_by"]), purpose=options["purpose"])
