"""Accounts from an Excel sheet: read whole, every fault named by cell, then all or none."""

from pathlib import Path

from accounts.actions import NewAccount
from accounts.roles import ROLE_LABELS
from core.errors import BadInput
from core.sheets import Column, HeaderSpec, inspect_upload, read_table

COLUMNS = HeaderSpec(
    columns=(
        Column("login", ("登录名", "账号"), filled=True),
        Column("name", ("姓名",), filled=True),
        Column("title", ("职务",), required=False),
        Column("phone", ("办公电话",), required=False),
        Column("role", ("岗位", "角色"), required=False),
        Column("area_code", ("地区代码", "行政区划代码"), kind="code", required=False),
    )
)


def read_accounts(path: Path) -> list[NewAccount]:
    """Rows of the first sheet; BadInput lists every fault as 「第 n 行」."""
    facts = inspect_upload(path)
    table = read_table(path, {facts.sheets[0].name: COLUMNS}, facts=facts)
    faults = [f"第 {p.row} 行“{p.column}”：{p.reason}。{p.remedy}。" for p in table.problems]
    by_label = {label: role for role, label in ROLE_LABELS.items()}
    accounts = []
    for row in table.rows:
        values = {column.key: str(row.value(column.key) or "") for column in COLUMNS.columns}
        role = values["role"]
        if role and role not in by_label:
            faults.append(f"第 {row.number} 行“岗位”：没有“{role}”，可填 {'、'.join(by_label)}。")
        post = (by_label.get(role, ""), values["area_code"], values["phone"])
        accounts.append(NewAccount(values["login"], values["name"], values["title"], *post))
    if faults:
        raise BadInput(f"文件里有 {len(faults)} 处要改，没有建任何账号。", reasons=faults)
    if not accounts:
        raise BadInput("文件里没有账号。")
    return accounts
