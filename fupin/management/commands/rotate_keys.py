"""密钥轮换. Set FIELD_KEY to the new key and name the old one in FIELD_KEY_PREVIOUS, then run this; `--index` likewise for INDEX_KEY."""

from django.core.management.base import BaseCommand

from accounts.scopes import SYSTEM
from core import keycheck
from core.actions import acting
from core.rotation import rotate_column, sealed_columns
from households.rotation import rebuild_person_indexes


class Command(BaseCommand):
    help = "用现在的密钥重新加密已存的敏感字段"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--index", action="store_true", help="同时用现在的 INDEX_KEY 重算证件号码索引")

    def handle(self, index: bool, **options) -> None:
        counts = {}
        for model, column in sealed_columns():
            counts[f"{model._meta.label}.{column}"] = changed = rotate_column(model, column)
            self.stdout.write(f"{model._meta.verbose_name} {column}：{changed} 条已换")
        with acting(SYSTEM, "keys.rotate") as act:
            if index:
                counts["indexes"] = rebuild_person_indexes()
                self.stdout.write(f"证件号码索引：{counts['indexes']} 条已重算")
            keycheck.replace()
            act.audit("keys", "", counts=counts)
