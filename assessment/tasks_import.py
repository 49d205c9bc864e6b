"""Job kinds of the import."""

from assessment.importing.run import run_commit, run_import
from assessment.importing.service import CHECK_KIND, COMMIT_KIND
from core.jobs import job_kind

job_kind(CHECK_KIND)(run_import)
job_kind(COMMIT_KIND)(run_commit)
