"""A hundred and twenty ways to spell an address that must not be asked, for one port."""

from __future__ import annotations

HOSTS = (
    *("127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "0x7f.1", "0x7f.0x0.0x0.0x1", "0x7f000001", "0X7F.1"),
    *("2130706433", "0177.0.0.1", "017700000001", "0177.1", "00000177.0.0.1", "127.0.0.1%2e", "127%2e0%2e0%2e1"),
    *("①②⑦.0.0.1", "①②⑦。①", "127。0。0。1", "127．0．0．1", "１２７.0.0.1", "0", "0.0.0.0", "localhost", "LOCALHOST"),
    *("localhost.", "ip6-localhost", "127.0.0.3", "127.3", "127.0.0.4", "2130706435", "[::1]", "[0:0:0:0:0:0:0:1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]"),
    *("[2002:7f00:1::]", "[::1%25lo]"),
)
TRICKS = (
    *("http://127.0.0.2@127.0.0.1:{port}/x.ics", "http://127.0.0.2:{port}@127.0.0.1:{port}/x.ics"),
    *("http://127.0.0.1:{port}\\@127.0.0.2:{port}/x.ics", "http://127.0.0.1:{port}\t/x.ics"),
    *("http:\\\\127.0.0.1:{port}\\x.ics", "http:127.0.0.1:{port}/x.ics", "http:///127.0.0.1:{port}/x.ics"),
    *("//127.0.0.1:{port}/x.ics", "127.0.0.1:{port}/x.ics", "http://127.0.0.1:{port}%23@127.0.0.2:{port}/"),
)
SCHEMES = ("file:///etc/passwd", "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_x", "dict://127.0.0.1:{port}/x")
SCHEMES += (
    "data:text/calendar,BEGIN:VCALENDAR",
    "http+unix://%2Frun%2Fx.sock/x",
    "javascript:alert(1)",
    "ldap://127.0.0.1/",
)


def spellings(port: int) -> list[str]:
    """Addresses that lead inside, or nowhere."""
    plain = [f"{scheme}://{host}:{port}/x.ics" for host in HOSTS for scheme in ("http", "https", "webcal")]
    return [*plain, *(one.format(port=port) for one in (*TRICKS, *SCHEMES))]
