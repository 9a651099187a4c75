"""gunicorn's settings of the application for a bare one: the same, but for what makes the application ready."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

_OURS = run_path(str(Path(__file__).resolve().parents[2] / "gunicorn.conf.py"))
globals().update({name: value for name, value in _OURS.items() if name != "when_ready" and not name.startswith("_")})
