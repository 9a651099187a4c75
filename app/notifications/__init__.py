"""Telling people: which activity tells whom, what it says, the outbox, and SMTP."""
