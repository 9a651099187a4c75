"""What the timetable runs: steps that take due rows one by one, so that any number of schedulers may run at once."""
