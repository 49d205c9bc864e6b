"""`create_admins SYSADMIN:姓名 SECADMIN:姓名 AUDITOR:姓名`: the first accounts of an empty production system."""

from django.core.management.base import BaseCommand, CommandError

from accounts.founding import found_administrators
from accounts.roles import ADMIN_ROLES, ROLE_LABELS
from core.errors import DomainError


class Command(BaseCommand):
    help = "在空库里建立系统管理员、安全管理员、审计管理员三个账号"

    def add_arguments(self, parser) -> None:
        for role in ADMIN_ROLES:
            parser.add_argument(role, metavar="登录名:姓名", help=ROLE_LABELS[role])

    def handle(self, **options) -> None:
        people = {}
        for role in ADMIN_ROLES:
            login, colon, name = options[role].partition(":")
            if not (login and colon and name):
                raise CommandError(f"{ROLE_LABELS[role]}要写成 登录名:姓名。")
            people[role] = (login, name)
        try:
            made = found_administrators(people)
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write("临时密码只显示这一次，首次登录须改：")
        for row in made:
            self.stdout.write(f"  {row.login}  {row.name}  {row.password}")
