"""Calendar subscriptions: who may read what, its version, its stored body."""
