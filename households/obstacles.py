"""Why a household may not leave its village or end now, as apps above say. They register when they start; nothing here knows them."""

from collections.abc import Callable

from households.models import Household

Obstacle = Callable[[Household], str]
_obstacles: list[Obstacle] = []


def register_obstacle(obstacle: Obstacle) -> None:
    """`obstacle(household)` answers a Chinese reason, '' when nothing stands in the way."""
    if obstacle not in _obstacles:
        _obstacles.append(obstacle)


def obstacles_of(household: Household) -> list[str]:
    """Every reason against moving, merging away or closing this household now."""
    return [reason for obstacle in _obstacles if (reason := obstacle(household))]
