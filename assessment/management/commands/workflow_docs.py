from django.conf import settings
from django.core.management.base import BaseCommand

from assessment.procedures import PROCEDURES
from assessment.procedures.handbook import handbook
from assessment.procedures.picture import picture


class Command(BaseCommand):
    """docs/workflow.md and its pictures, anew from the procedures."""

    help = "由程序定义生成 docs/workflow.md 和流程图"

    def handle(self, **options) -> None:
        docs = settings.BASE_DIR / "docs"
        (docs / "workflow.md").write_text(handbook(PROCEDURES.values()), encoding="utf-8")
        for procedure in PROCEDURES.values():
            (docs / "workflow" / f"{procedure.code}.svg").write_text(picture(procedure), encoding="utf-8")
        self.stdout.write(f"已生成 {len(PROCEDURES)} 个程序的说明。")
