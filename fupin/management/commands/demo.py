"""`manage.py demo`: migrate, seed, serve. The one command of the README."""

import shutil

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fupin.demo import accounts, seed, server


class Command(BaseCommand):
    help = "启动演示：建库、装入演示县、打开网页和后台处理"
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--fresh", action="store_true", help="清掉上次的演示数据，从头开始")
        parser.add_argument("--no-serve", action="store_true", help="只准备数据，不打开网页")

    def handle(self, port: int, fresh: bool, no_serve: bool, **options) -> None:
        if settings.PRODUCTION:
            raise CommandError("demo 只在演示环境运行；生产环境见 docs/deploy.md。")
        if fresh:
            self._start_over()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        password, token = accounts.demo_password(), accounts.demo_token()
        seed.seed(password, say=self.stdout.write)
        accounts.make_token(token)
        self._print_ways_in(port, password, token)
        if not no_serve:
            server.serve(port)

    def _start_over(self) -> None:
        """--fresh removes the demo's own database and files under var/, never anything else."""
        database = settings.DATABASES["default"]
        if "sqlite3" not in database["ENGINE"]:
            raise CommandError("--fresh 只清 var/ 下的演示库；现在用的是 DATABASE_URL，请自行清空。")
        for suffix in ("", "-wal", "-shm"):
            path = settings.VAR_DIR / (str(database["NAME"]) + suffix)
            path.unlink(missing_ok=True)
        for folder in (settings.FILES_DIR, settings.EVIDENCE_DIR):
            shutil.rmtree(folder, ignore_errors=True)

    def _print_ways_in(self, port: int, password: str, token: str) -> None:
        out = self.stdout.write
        out(f"\n扶贫户情管理（演示）  http://127.0.0.1:{port}/\n")
        for login, name, title, _, area in accounts.CAST:
            out(f"  {login:<15}{name}  {title}  {area}")
        out(f"  {'cadre3':<15}包村干部，名单已走到各阶段的 {len(accounts.WALKED)} 个村；各村书记 {'、'.join(accounts.WALKED)}")
        out(f"\n密码（全部账号）  {password}")
        out(f"接口令牌          {token}")
        out("停止：Ctrl-C\n")
        self.stdout.flush()
