"""What: the visit, its life from request to report, and everything that belongs to it."""
