"""看板: the figures of a place's table as charts, each with its numbers beside it. No figure is made here."""
