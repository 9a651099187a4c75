"""A city's own facts: reading them from files, checking them, loading them into the database."""
