"""Why: frameworks and goals, themes, partnerships, occasions, counterparts."""
