"""办理变动: the dated life of a household (ruling 1; trust 86, 88, 89). Every step locks the households by pk, then the request."""

from households.actions.family.heads import name_head
from households.actions.family.joining import add_member, bring_back
from households.actions.family.leaving import remove_members
from households.actions.family.merging import merge_households
from households.actions.family.moving import move_household
from households.actions.family.reopening import reopen_household
from households.actions.family.splitting import split_household
from households.actions.family.transfers import (
    Answer,
    Wish,
    answer_transfer,
    ask_transfer,
    transfer_within,
    withdraw_transfer,
)

__all__ = [
    "Answer", "Wish", "add_member", "answer_transfer", "ask_transfer", "bring_back", "merge_households", "move_household", "name_head",
    "remove_members", "reopen_household", "split_household", "transfer_within", "withdraw_transfer",
]  # fmt: skip
