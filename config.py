"""Settings from the environment; see README for the table."""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"


def _database_url() -> str:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{INSTANCE / 'vertskap.sqlite'}"
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks such as 10.1.0.0/16, separated by commas; raises RuntimeError for anything else."""
    try:
        return tuple(ip_network(one.strip()) for one in os.environ.get(name, "").split(",") if one.strip())
    except ValueError as error:
        raise RuntimeError(f"{name} must hold networks such as 10.1.0.0/16, separated by commas") from error


def _seconds(name: str, default: float) -> float:
    """A number of seconds above 0; raises RuntimeError for anything else."""
    try:
        value = float(os.environ.get(name) or default)
    except ValueError:
        value = 0
    if not 0 < value < 3600:
        raise RuntimeError(f"{name} must be a number of seconds, such as {default}")
    return value


def _local_secret() -> str:
    """A key of this installation, made at first start; production sets SECRET_KEY instead."""
    path = INSTANCE / "secret_key"
    INSTANCE.mkdir(exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(os.urandom(32).hex())
    return path.read_text().strip()


def log_settings() -> tuple[str, str]:
    """How logs are written: LOG_FORMAT (json, plain; left open, plain on a terminal) and LOG_LEVEL."""
    kind, level = os.environ.get("LOG_FORMAT", ""), os.environ.get("LOG_LEVEL", "INFO").upper()
    if kind not in ("", "json", "plain") or level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise RuntimeError("LOG_FORMAT is json or plain, LOG_LEVEL one of DEBUG, INFO, WARNING, ERROR")
    return kind, level


def settings() -> dict[str, object]:
    """Every setting, read now; raises RuntimeError in production where one that protects people is missing."""
    production = os.environ.get("VERTSKAP_ENV") == "production"
    missing = [name for name in ("SECRET_KEY", "BASE_URL", "TRUSTED_HOSTS") if not os.environ.get(name)]
    if production and missing:
        raise RuntimeError("production needs " + ", ".join(missing))
    secret = os.environ.get("SECRET_KEY") or _local_secret()
    base_url = os.environ.get("BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}").rstrip("/")
    hosts = os.environ.get("TRUSTED_HOSTS", "")
    return {
        "SECRET_KEY": secret,
        "DATA_KEY": os.environ.get("DATA_KEY") or f"data:{secret}",
        "BACKUP_KEY": os.environ.get("BACKUP_KEY", ""),
        "PG_BIN": os.environ.get("PG_BIN", ""),
        "SQLALCHEMY_DATABASE_URI": _database_url(),
        "DATABASE_STATEMENT_SECONDS": _seconds("DATABASE_STATEMENT_SECONDS", 8),
        "DATABASE_LOCK_SECONDS": _seconds("DATABASE_LOCK_SECONDS", 5),
        "BASE_URL": base_url,
        "SMTP_URL": os.environ.get("SMTP_URL", ""),
        "MAIL_FROM": os.environ.get("MAIL_FROM", "Vertskap <vertskap@example.org>"),
        "IMAP_URL": os.environ.get("IMAP_URL", ""),
        "REPLY_ADDRESS": os.environ.get("REPLY_ADDRESS", ""),
        "MAIL_DIR": os.environ.get("MAIL_DIR", str(INSTANCE / "mail")),
        "CITY_DIR": os.environ.get("CITY_DIR", str(ROOT / "app" / "city" / "data" / "bergen")),
        "TRUSTED_HOSTS": [host.strip() for host in hosts.split(",") if host.strip()] or None,
        "TRUSTED_PROXY_HOPS": int(os.environ.get("TRUSTED_PROXY_HOPS", "0")),
        "ICS_FETCH_ALLOW": _networks("ICS_FETCH_ALLOW"),
        "FEED_CACHE_MB": int(os.environ.get("FEED_CACHE_MB", "64")),
        "METRICS_TOKEN": os.environ.get("METRICS_TOKEN", ""),
        "METRICS_ALLOW": _networks("METRICS_ALLOW"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": base_url.startswith("https://"),
        "SESSION_COOKIE_NAME": "__Host-vertskap" if base_url.startswith("https://") else "vertskap",
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 500,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Oslo",
    }
