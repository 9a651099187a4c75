"""Web addresses that people give us to fetch: which are fetched at all, and which machines may be asked.

A spelling says nothing about the machine behind it (127.1, 0x7f.1 and ①②⑦.0.0.1 are all this one), so a name is
never judged: what it resolves to is, at the moment of connecting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import quote, urlsplit

from app.core.errors import Invalid

Network = IPv4Network | IPv6Network
LONGEST: Final = 2_000
SCHEMES: Final = {"https": "https", "webcal": "https", "webcals": "https", "http": "http"}
PORTS: Final = {"http": 80, "https": 443}
# At addresses that ICS_FETCH_ALLOW names, other ports above 1023 too, but none that such services listen on.
SERVICES: Final = frozenset({1433, 1521, 2049, 2375, 2379, 3306, 3389, 5432, 5672, 5984, 6379, 9200, 11211, 27017})
_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_PATH_SAFE: Final = "/%:@!$&'()*+,;=~-._"
_V4_CLOSED: Final = tuple(
    map(ip_network, ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"))
)
_V6_OPEN: Final = ip_network("2000::/3")
# Tunnels and translations lead to an IPv4 address that is not looked at; the others are for documents.
_V6_CLOSED: Final = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


@dataclass(frozen=True, slots=True)
class Target:
    """One address, taken apart; `path` is what is asked for, with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """The host as the Host header says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address again."""
        return f"{self.scheme}://{self.name}{self.path}"


def read_target(url: str) -> Target:
    """The address, webcal as https; raises Invalid with the code "scheme" or "address" for what is never fetched."""
    url = url.strip()
    if len(url) > LONGEST or any(letter <= " " or letter in "\x7f\\" for letter in url):
        raise Invalid("address", "url")
    scheme = SCHEMES.get(url.partition(":")[0].lower())
    if scheme is None:
        raise Invalid("scheme", "url")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        port = parts.port if parts.port is not None else PORTS[scheme]
    except ValueError as error:  # also UnicodeError: no name can look like that
        raise Invalid("address", "url") from error
    if "@" in parts.netloc or not _HOST.fullmatch(host) or not _may_listen(port):
        raise Invalid("address", "url")
    query = f"?{quote(parts.query, safe=_PATH_SAFE + '?')}" if parts.query else ""
    return Target(scheme, host, port, (quote(parts.path, safe=_PATH_SAFE) or "/") + query)


def may_connect(address: str, port: int, allowed: Sequence[Network]) -> bool:
    """Whether that machine may be asked: one of the open internet on a web port, or one the operator has named."""
    found = _plain(ip_address(address.partition("%")[0]))
    if any(found in network for network in allowed):
        return _may_listen(port)
    return port in PORTS.values() and _is_public(found)


def _may_listen(port: int) -> bool:
    return port in PORTS.values() or (port > 1023 and port not in SERVICES)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address that is written as an IPv6 one is what it stands for."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        return address in _V6_OPEN and not any(address in closed for closed in _V6_CLOSED)
    closed = address.is_multicast or address.is_reserved or any(address in network for network in _V4_CLOSED)
    return address.is_global and not closed
