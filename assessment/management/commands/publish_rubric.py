"""`publish_rubric [YAML]`: check and publish a rubric; without a file the project's default."""

from django.core.management.base import BaseCommand, CommandError

from assessment.actions.rubrics import publish_rubric
from assessment.rubric import DEFAULT_PATH
from core.errors import DomainError


class Command(BaseCommand):
    help = "核对并发布一份六看评估表"

    def add_arguments(self, parser) -> None:
        parser.add_argument("yaml", nargs="?", default=str(DEFAULT_PATH))

    def handle(self, yaml: str, **options) -> None:
        try:
            version = publish_rubric(path=yaml)
        except DomainError as refusal:
            raise CommandError("\n".join([refusal.message, *refusal.reasons])) from None
        self.stdout.write(f"已发布 {version.code} {version.name}，校验码 {version.digest[:16]}。")
