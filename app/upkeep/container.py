"""The file a backup lies in: a line that says what it is, facts, then the data in blocks, sealed when a key is set.

Plain: `VERTSKAP-BACKUP 1 plain` newline, then blocks. Sealed: `VERTSKAP-BACKUP 1 sealed` newline, 16 bytes of salt,
then blocks encrypted with AES-256-GCM under a key derived from BACKUP_KEY (HKDF-SHA256). A block is its length (4
bytes, big endian) and its bytes; each sealed block is bound to its number, and the last one to being the last, so that
nothing can be cut off, swapped or repeated unseen. The first block is the facts as JSON; the blocks of data end with
an empty one.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PLAIN, SEALED = b"VERTSKAP-BACKUP 1 plain\n", b"VERTSKAP-BACKUP 1 sealed\n"
BLOCK = 1024 * 1024
LONGEST = BLOCK + 64
SALT = 16


class BackupError(Exception):
    """A backup that cannot be made or used, with words for the operator."""


class _Box:
    """Seals and opens the blocks of one file in their order."""

    def __init__(self, key: str, salt: bytes) -> None:
        derive = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"vertskap backup")
        self.cipher = AESGCM(derive.derive(key.encode()))
        self.number = 0

    def _place(self, last: bool) -> tuple[bytes, bytes]:
        place = struct.pack(">QI", self.number, int(last))
        self.number += 1
        return place, place

    def seal(self, data: bytes) -> bytes:
        nonce, bound = self._place(not data)
        return self.cipher.encrypt(nonce, data, bound)

    def open(self, data: bytes) -> bytes:
        nonce, bound = self._place(len(data) == 16)  # only the tag: the empty block at the end
        try:
            return self.cipher.decrypt(nonce, data, bound)
        except InvalidTag as error:
            raise BackupError("the key is another one, or the file was changed") from error


def is_one(path: Path) -> bool:
    """Whether that file begins as a backup does."""
    with path.open("rb") as file:
        return file.readline(len(SEALED)) in (PLAIN, SEALED)


def write(file: IO[bytes], facts: Mapping[str, Any], data: IO[bytes], *, key: str = "") -> None:
    """Write the whole container; `facts` gets the checksum of the data when it is read back, not here."""
    salt = os.urandom(SALT)
    box = _Box(key, salt) if key else None
    file.write(SEALED + salt if key else PLAIN)
    for block in (json.dumps(dict(facts)).encode(), *_blocks(data), b""):
        out = box.seal(block) if box else block
        file.write(struct.pack(">I", len(out)) + out)


def _blocks(data: IO[bytes]) -> Iterator[bytes]:
    while block := data.read(BLOCK):
        yield block


def read(file: IO[bytes], into: IO[bytes], *, key: str = "") -> dict[str, Any]:
    """Copy the data into a file and return the facts; raises BackupError for anything but a whole, matching file."""
    blocks = _opened(file, key)
    try:
        facts: dict[str, Any] = json.loads(next(blocks))
    except (StopIteration, ValueError) as error:
        raise BackupError("this is no backup of Vertskap") from error
    seen = hashlib.sha256()
    for block in blocks:
        seen.update(block)
        into.write(block)
    if seen.hexdigest() != facts.get("sha256"):
        raise BackupError("the data is not what was written")
    return facts


def _opened(file: IO[bytes], key: str) -> Iterator[bytes]:
    """The blocks in order, without the empty one at the end; raises BackupError when that end is missing."""
    kind = file.readline(64)
    if kind not in (PLAIN, SEALED):
        raise BackupError("this is no backup of Vertskap")
    if kind == SEALED and not key:
        raise BackupError("this backup is encrypted: set BACKUP_KEY")
    box = _Box(key, file.read(SALT)) if kind == SEALED else None
    while True:
        head = file.read(4)
        length = struct.unpack(">I", head)[0] if len(head) == 4 else LONGEST + 1
        raw = file.read(length) if length <= LONGEST or not box else b""
        if length > max(LONGEST, BLOCK) or len(raw) != length:
            raise BackupError("the file ends too early")
        block = box.open(raw) if box else raw
        if not block:
            return
        yield block
