"""Keeping it running: what the scheduler's jobs did, backups that were tried, and whether the data is whole."""
