"""Job kinds of the import."""

from assessment.importing.run import run_commit, run_import
from assessment.importing.service import CHECK_KIND, COMMIT_KIND
from assessment.importing.undo import UNDO_KIND, run_undo
from core.jobs import job_kind

job_kind(CHECK_KIND, "核对名册")(run_import)
job_kind(COMMIT_KIND, "写入名册")(run_commit)
job_kind(UNDO_KIND, "撤销导入")(run_undo)
