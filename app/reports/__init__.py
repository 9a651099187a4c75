"""So what: the figures of a year and their exports; read-only."""
