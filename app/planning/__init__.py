"""Working days, response clocks, overlaps and honest advice about dates: pure functions, no database."""
