import pytest
from django.db import DatabaseError, transaction

from core.actions import acting
from core.models import AuditRow, Change, LedgerHead


def test_action_leaves_audit_and_feed_in_commit_order(scope, make_household):
    household = make_household()
    with acting(scope("cadre"), "household.update") as act:
        act.audit("household", household.code, place=household)
        act.feed("household", household.code, place=household)
    assert AuditRow.objects.get().actor_login == "cadre"
    assert Change.objects.get().seq == LedgerHead.objects.get().feed_seq == 1


@pytest.mark.parametrize("sql", ["UPDATE core_auditrow SET action = 'x'", "DELETE FROM core_auditrow"])
def test_nobody_can_change_an_audit_row(scope, make_household, sql):
    from django.db import connection

    with acting(scope("cadre"), "household.update") as act:
        act.audit("household", "1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
