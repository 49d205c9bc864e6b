"""`open_round CODE --name … --year … --reference-date … --as LOGIN`: open a 识别批次 of the county office's county."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.scopes import scope_of
from assessment.actions.rounds import open_round
from assessment.models import RoundScope
from assessment.procedures import PROCEDURES
from core.errors import DomainError


class Command(BaseCommand):
    help = "开启一个识别批次"

    def add_arguments(self, parser) -> None:
        parser.add_argument("code")
        parser.add_argument("--name", required=True)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--reference-date", type=date.fromisoformat, required=True, help="基准日，如 2016-06-30")
        parser.add_argument("--rubric", default="LKF-DEFAULT-1", help="评估表版本号")
        parser.add_argument("--scope", choices=RoundScope.values, default=RoundScope.LISTED_AND_APPLIED)
        parser.add_argument("--procedure", choices=sorted(PROCEDURES), default="qxn", help="程序")
        parser.add_argument("--deadline", type=date.fromisoformat, help="评估截止日")
        parser.add_argument("--as", required=True, dest="login", help="以哪个县级账号办理")

    def handle(self, code: str, login: str, **options) -> None:
        user = User.objects.filter(login=login, is_active=True).first()
        if user is None:
            raise CommandError(f"没有这个账号，或已停用：{login}")
        try:
            round_ = open_round(
                scope=scope_of(user), code=code, name=options["name"], year=options["year"], reference_date=options["reference_date"],
                rubric_code=options["rubric"], survey_scope=options["scope"], survey_deadline=options["deadline"],
                procedure=options["procedure"],
            )  # fmt: skip
        except DomainError as refusal:
            lines = [reason for reasons in refusal.fields.values() for reason in reasons]
            raise CommandError("\n".join([refusal.message, *lines])) from None
        self.stdout.write(f"已开启 {round_.code} {round_.name}，{PROCEDURES[round_.procedure].name}，评估表 {round_.rubric.code}。")
