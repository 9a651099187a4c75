"""A mail server that takes everything, answers DATA after 20 ms, and says at the end what came and when.

Run: python bench/side/sink.py PORT. Each line on its standard input makes it print what came since the line before:
`count different first last`, the last two as seconds on the clock that nobody sets.
"""

from __future__ import annotations

import asyncio
import sys
import time

ANSWER_SECONDS = 0.02
BANNER, OK, GO = b"220 sink\r\n", b"250 OK\r\n", b"354 go\r\n"
arrived: list[tuple[float, bytes]] = []


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection."""
    writer.write(BANNER)
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(GO)
            mail = await reader.readuntil(b"\r\n.\r\n")
            at = time.monotonic()
            head = mail.lower().partition(b"message-id:")[2].partition(b"\r\n")[0]
            await asyncio.sleep(ANSWER_SECONDS)
            arrived.append((at, head))
        writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250-sink\r\n250 8BITMIME\r\n" if word == b"EHLO" else OK)
        if word == b"QUIT":
            break
    writer.close()


async def main(port: int) -> None:
    """Serve until standard input ends."""
    await asyncio.start_server(talk, "127.0.0.1", port, limit=2**22)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        times, heads = [at for at, _head in arrived], {head for _at, head in arrived}
        print(len(times), len(heads), min(times, default=0), max(times, default=0), flush=True)
        arrived.clear()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
