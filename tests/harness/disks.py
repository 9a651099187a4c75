"""Small disks that can be filled."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def disk_of(kilobytes: int) -> Iterator[Path]:
    """A file system of its own of that size; the test is skipped where none can be made (it takes root)."""
    folder = Path(tempfile.mkdtemp(prefix="vertskap-disk-"))
    options = f"size={kilobytes}k,mode=0755"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        folder.rmdir()
        pytest.skip(f"a small disk cannot be made here (mount: {made.stderr.strip()})")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
        folder.rmdir()
