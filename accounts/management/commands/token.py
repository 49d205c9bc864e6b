from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions_tokens import issue_token, revoke_token
from accounts.models import User
from accounts.scopes import scope_of
from core.errors import DomainError


class Command(BaseCommand):
    help = "发放或停用接口令牌（须由安全管理员办理）。"

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True, metavar="issue|revoke")
        issue = steps.add_parser("issue", help="发放；令牌只显示这一次")
        issue.add_argument("area", help="地区代码：县 6 位、乡镇 9 位、村 12 位")
        issue.add_argument("--owner", required=True, help="负责这个令牌的账号")
        issue.add_argument("--name", required=True, help="用途")
        issue.add_argument("--days", type=int, default=90, help="有效天数")
        issue.add_argument("--ip", nargs="*", default=[], help="只允许这些地址")
        revoke = steps.add_parser("revoke", help="停用")
        revoke.add_argument("prefix", help="令牌的前 8 位")
        for step in (issue, revoke):
            step.add_argument("--as", dest="login", required=True, help="办理人的登录名")

    def handle(self, *args: object, **options: object) -> None:
        user = User.objects.filter(login=options["login"], is_active=True).first()
        if user is None:
            raise CommandError(f"没有启用的账号 {options['login']}。")
        try:
            self.stdout.write(self._act(scope_of(user), options))
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal

    @staticmethod
    def _act(scope, options) -> str:
        if options["step"] == "revoke":
            revoke_token(scope=scope, prefix=options["prefix"])
            return f"已停用 {options['prefix']}。"
        return issue_token(
            scope=scope,
            name=options["name"],
            owner=options["owner"],
            area_code=options["area"],
            days=options["days"],
            ips=options["ip"],
        )
