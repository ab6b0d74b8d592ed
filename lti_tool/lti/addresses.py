"""Which network addresses the tool may talk to: the guard against server-side request forgery.

A registration's URLs are input, and so is every service URL in a launch. Without a guard they would let a stranger
reach what only this server can reach: its own ports, the municipality's network, a cloud's metadata service.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from lti_tool.lti.errors import AddressForbidden

_NAT64 = IPv6Network("64:ff9b::/96")


def checked_url(url: str, private_hosts: frozenset[str]) -> SplitResult:
    """Split a URL that may be called: https, or http to an allow-listed host; no credentials in it.

    Raises:
        AddressForbidden: otherwise.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # parsed lazily, raises ValueError
    except ValueError:
        raise AddressForbidden("not a URL") from None
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise AddressForbidden("a URL needs a host and no credentials")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in private_hosts):
        raise AddressForbidden("https is required")
    if any(character <= " " or character == "\x7f" for character in url):
        raise AddressForbidden("a URL holds no blanks or control characters")
    return parts


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet, also behind the ways IPv6 wraps an IPv4 address."""
    parsed = ip_address(address.partition("%")[0])
    inner = _wrapped(parsed) if isinstance(parsed, IPv6Address) else parsed
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _wrapped(address: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that a mapped, 6to4, Teredo or NAT64 address leads to; else the address itself."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
