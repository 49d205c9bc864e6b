"""Rights of the application's database role: rows yes, append-only tables only INSERT and SELECT, never TRUNCATE (ruling 12)."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core import immutability
from fupin.env import env


class Command(BaseCommand):
    help = "给应用数据库账号授权（PostgreSQL，由属主账号在迁移后运行）"

    def add_arguments(self, parser) -> None:
        parser.add_argument("role", nargs="?", default=env.str("DB_APP_ROLE", "fupin_app"))

    def handle(self, role: str, **options) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("只在 PostgreSQL 上需要。")
        name = connection.ops.quote_name(role)
        events: dict[str, set[str]] = {}
        for guard in immutability.declared().values():
            if not guard.when and not guard.columns:
                events.setdefault(guard.table, set()).add(guard.event)
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
            for table, forbidden in sorted(events.items()):
                rights = ", ".join(sorted(forbidden | {"TRUNCATE"}))
                cursor.execute(f"REVOKE {rights} ON {connection.ops.quote_name(table)} FROM {name}")
        self.stdout.write(f"已授权 {role}；{len(events)} 张表只能新增和读取。")
