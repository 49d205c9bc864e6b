"""`rescore ROUND [--rubric CODE] [--as LOGIN]`: score the submitted forms of a round again; only what differs is written."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.scopes import SYSTEM, scope_of
from assessment.actions.scores import rescore
from core.errors import DomainError
from core.scope import Scope


class Command(BaseCommand):
    help = "重算一个识别批次的得分，只写有差别的。"

    def add_arguments(self, parser):
        parser.add_argument("round_code", metavar="ROUND", help="识别批次号")
        parser.add_argument("--rubric", dest="rubric_code", help="评估表版本号；不写则用批次自己的")
        parser.add_argument("--as", dest="login", help="以哪个账号办理；不写则记为系统")

    def handle(self, *args, round_code: str, rubric_code: str | None, login: str | None, **options):
        try:
            run = rescore(scope=_scope(login), round_code=round_code, rubric_code=rubric_code)
        except DomainError as refusal:
            raise CommandError("\n".join([refusal.message, *refusal.reasons])) from None
        kept = f"；名单已锁定或已办结的 {run.sealed} 份不重算" if run.sealed else ""
        self.stdout.write(f"比对 {run.compared} 份，改动 {run.changed} 份（评估表 {run.rubric.code}）{kept}。")


def _scope(login: str | None) -> Scope:
    if login is None:
        return SYSTEM
    user = User.objects.filter(login=login, is_active=True).first()
    if user is None:
        raise CommandError(f"没有这个账号，或已停用：{login}")
    return scope_of(user)
