"""The addresses that answers go to: of each invitation, and of each reader of a visit's mails; each with a secret.

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
_THREAD = re.compile(r"\+(v(\d{1,12})-(\d{1,12}))\.([a-z2-7]{26})@", re.ASCII)


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


def thread_address(visit_id: int, user_id: int | None) -> str:
    """Where this reader's answers about the visit go (None: the visitor); empty without a mailbox that we read."""
    if not current_app.config["IMAP_URL"]:
        return ""
    name, _at, domain = _mailbox().rpartition("@")
    tag = f"v{visit_id}-{user_id or 0}"
    return f"{name}+{tag}.{_secret(tag)}@{domain}"


def thread_of(address: str) -> tuple[int, int | None] | None:
    """Visit and reader (None: the visitor) whose secret address this is."""
    found = _THREAD.search(address.lower())
    if found is None or not hmac.compare_digest(found[4], _secret(found[1])):
        return None
    return int(found[2]), int(found[3]) or None


def is_own_address(address: str) -> bool:
    """Whether a mail comes from ourselves: it went round in a circle."""
    own = (_mailbox(), parseaddr(str(current_app.config["MAIL_FROM"]))[1])
    return address.lower() in {one.lower() for one in own if one}


def _mailbox() -> str:
    return str(current_app.config["REPLY_ADDRESS"] or parseaddr(str(current_app.config["MAIL_FROM"]))[1])


def _secret(subject: object) -> str:
    """26 letters that hold 128 bits, the same for the same subject."""
    key = f"reply:{current_app.config['DATA_KEY']}".encode()
    digest = hmac.digest(key, str(subject).encode(), hashlib.sha256)
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()
