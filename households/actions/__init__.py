"""Writers of households."""

from households.actions.register import register_household
from households.actions.reveal import reveal_household
from households.actions.update import update_household

__all__ = ["register_household", "reveal_household", "update_household"]
