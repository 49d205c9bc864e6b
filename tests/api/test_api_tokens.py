from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiToken
from core.models import AuditRow

TOWNSHIP = "422827102"


def run(*words: str) -> str:
    out = StringIO()
    call_command("token", *words, stdout=out)
    return out.getvalue().strip()


def issue(area: str = TOWNSHIP, owner: str = "county", by: str = "secadmin", *more: str) -> str:
    return run("issue", area, "--owner", owner, "--name", "省级平台", "--as", by, *more)


def test_security_administrator_issues_a_token_that_works_and_is_not_kept(cast, caller):
    secret = issue()
    assert caller(secret).get("households/").status_code == 200
    row = ApiToken.objects.get()
    assert secret not in (row.prefix, row.digest) and len(secret) == 64
    audit = AuditRow.objects.get(action="token.issue")
    assert audit.object_code == row.prefix and secret[8:] not in str(audit.detail)


def test_revoked_token_is_dead_at_once(cast, caller):
    secret = issue()
    run("revoke", secret[:8], "--as", "secadmin")
    assert caller(secret).get("households/").status_code == 401


@pytest.mark.parametrize("login", ["sysadmin", "auditor", "county", "cadre"])
def test_nobody_else_issues_or_revokes_a_token(cast, login):
    secret = issue()
    with pytest.raises(CommandError):
        issue(by=login)
    with pytest.raises(CommandError):
        run("revoke", secret[:8], "--as", login)
    assert ApiToken.objects.filter(revoked_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("area", "owner"),
    [("422827", "township"), ("422827103", "township"), (TOWNSHIP, "sysadmin"), ("42", "county"), (TOWNSHIP, "ghost")],
)
def test_token_never_reaches_further_than_its_owner(cast, area, owner):
    with pytest.raises(CommandError):
        issue(area, owner)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("more", [("--days", "0"), ("--days", "367"), ("--ip", "nowhere")])
def test_token_without_an_end_or_with_a_bad_address_is_refused(cast, more):
    with pytest.raises(CommandError):
        issue(TOWNSHIP, "county", "secadmin", *more)
