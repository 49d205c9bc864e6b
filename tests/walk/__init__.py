"""The declared rows of the route walk, one module a subject. A module has ROWS and, if its rows need more than the one household of
the world, `furnish(world)`, which makes it with the fixed ids that the rows name."""
