"""What nobody may change about rights: who was asked to stand in for whom, where and when (ruling 12). It is only taken back."""

from core.immutability import Guard, declare

declare(
    Guard(
        "accounts_delegation",
        "UPDATE",
        "",
        ("uuid", "principal_id", "delegate_id", "role", "county_id", "township_id", "village_id", "since", "until", "reason", "given_at"),
    )
)
declare(Guard("accounts_delegation", "DELETE"))
