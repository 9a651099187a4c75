"""A real IMAP server (pymap) on a free port, with one mailbox."""

from __future__ import annotations

import imaplib
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.harness.web import free_port


@dataclass
class ImapServer:
    """Where it listens, and its process."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"imap://reader:secret%20word@127.0.0.1:{self.port}/INBOX"

    def deliver(self, raw: bytes) -> None:
        """Put a mail into the inbox, unseen."""
        with self.connection() as connection:
            connection.append("INBOX", "", imaplib.Time2Internaldate(time.time()), raw)

    def unseen(self) -> int:
        """How many mails nobody has taken."""
        with self.connection() as connection:
            connection.select("INBOX", readonly=True)
            return len((connection.search(None, "UNSEEN")[1][0] or b"").split())

    def connection(self) -> imaplib.IMAP4:
        found = imaplib.IMAP4("127.0.0.1", self.port, timeout=5)
        found.login("reader", "secret word")
        return found


def start_imap() -> ImapServer:
    """Start the server and wait until it answers."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "pymap"), "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    command += ["--no-service", "admin", "--no-service", "managesieve"]
    command += ["dict", "--demo-user", "reader", "--demo-password", "secret word"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = ImapServer(port, process)
    for _ in range(100):
        try:
            with server.connection():
                return server
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.1)
    process.kill()
    raise RuntimeError("the IMAP server did not start")
