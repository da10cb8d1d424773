"""Addresses of gates as they are written in settings and in answers of the service."""

from __future__ import annotations

__all__ = ["parse_endpoint"]


def parse_endpoint(endpoint: str) -> tuple[str, int]:
    """Split the address of a gate into host and port.

    Args:
        endpoint: `host:port`; an IPv6 address stands in brackets: `[::1]:13321`.

    Returns:
        The host (without brackets) and the port, 1 to 65535.

    Raises:
        TypeError: the endpoint is not a `str`.
        ValueError: it has another form; the text names the fault.
    """
    if not isinstance(endpoint, str):
        raise TypeError(f"endpoint must be a str such as 'host:port', not {type(endpoint).__name__}")
    host, colon, digits = endpoint.rpartition(":")
    if "://" in endpoint:
        raise ValueError(f"endpoint {endpoint!r}: write host:port without a scheme")
    if not colon:
        raise ValueError(f"endpoint {endpoint!r}: the port is missing, write host:port")
    if host.startswith("["):
        if not host.endswith("]"):
            raise ValueError(f"endpoint {endpoint!r}: write an IPv6 address as [address]:port")
        host = host[1:-1]
        if not _is_ipv6(host):
            raise ValueError(f"endpoint {endpoint!r}: {host!r} is not an IPv6 address")
    elif ":" in host:
        raise ValueError(f"endpoint {endpoint!r}: write an IPv6 address in brackets, as [address]:port")
    elif not host:
        raise ValueError(f"endpoint {endpoint!r}: the host is missing, write host:port")
    elif any(sign in "/?#@[]\\" or sign.isspace() or not sign.isprintable() for sign in host):
        raise ValueError(f"endpoint {endpoint!r}: {host!r} is not a host name")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"endpoint {endpoint!r}: the port {digits!r} is not a number")
    if len(digits) > 5 or not 1 <= int(digits) <= 65535:
        raise ValueError(f"endpoint {endpoint!r}: the port {digits} is not in 1..65535")
    return host, int(digits)


def _is_ipv6(text: str) -> bool:
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True
