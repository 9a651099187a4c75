"""The address that calendar programs send answers to: one for each invitation, with a secret in it.

The secret is made from the data key, so the database does not hold it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from email.utils import parseaddr

from flask import current_app

from app.strategy.settings import city_rules

_TAG = re.compile(r"\+(\d{1,12})\.([a-z2-7]{26})@", re.ASCII)


def organizer_address(invitation_id: int) -> str:
    """The ORGANIZER of an invitation. Without a mailbox that we read: the office's own address, where people answer."""
    if not current_app.config["IMAP_URL"]:
        return city_rules().contact_email
    name, _at, domain = _mailbox().rpartition("@")
    return f"{name}+{invitation_id}.{_secret(invitation_id)}@{domain}"


def invitation_of(address: str) -> int | None:
    """The invitation whose secret address this is, or None."""
    found = _TAG.search(address.lower())
    if found is None:
        return None
    invitation_id = int(found[1])
    return invitation_id if hmac.compare_digest(found[2], _secret(invitation_id)) else None


def _mailbox() -> str:
    return str(current_app.config["REPLY_ADDRESS"] or parseaddr(str(current_app.config["MAIL_FROM"]))[1])


def _secret(invitation_id: int) -> str:
    """26 letters that hold 128 bits, the same for the same invitation."""
    key = f"reply:{current_app.config['DATA_KEY']}".encode()
    digest = hmac.digest(key, str(invitation_id).encode(), hashlib.sha256)
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()
