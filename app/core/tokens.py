"""Secrets in links: random, stored hashed; kept encrypted only until their mail has left."""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_token() -> str:
    """A fresh secret for a link: 192 random bits, 32 URL-safe characters."""
    return secrets.token_urlsafe(24)


def hash_token(token: str) -> str:
    """What is stored of a secret: SHA-256, hexadecimal (the secret is random, so no salt is needed)."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_ref() -> str:
    """A visit's short reference for people, such as K7M-4QX: no look-alike letters, 29 bits."""
    letters = [secrets.choice(ALPHABET) for _ in range(6)]
    return "".join(letters[:3]) + "-" + "".join(letters[3:])


def _box(data_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(data_key.encode()).digest()))


def seal(text: str, data_key: str) -> str:
    """Encrypt a short text with the data key (Fernet)."""
    return _box(data_key).encrypt(text.encode()).decode()


def unseal(sealed: str, data_key: str) -> str | None:
    """The text again, or None when the key is another one or the text was changed."""
    try:
        return _box(data_key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
