"""Working days, response clocks, overlaps, advice about dates, free times and whole programmes: pure, no database."""
