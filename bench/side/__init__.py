"""What bench/feeds.py measures beside the application: servers and the events they all serve."""
