"""What tests stand on: real databases, a real mail server, a real web server, a real browser."""
