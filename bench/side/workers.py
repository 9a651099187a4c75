"""How gunicorn runs every server of a comparison, alike: one worker of four threads."""

from __future__ import annotations

worker_class = "gthread"
workers = 1
threads = 4
keepalive = 600
timeout = 900
control_socket_disable = True
loglevel = "error"
