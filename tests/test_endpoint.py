from __future__ import annotations

import pytest

from rtm_sdk.endpoint import parse_endpoint


@pytest.mark.parametrize(
    ("endpoint", "host", "port"),
    [
        ("localhost:13321", "localhost", 13321),
        ("rtm-nx-front.ilivedata.com:13325", "rtm-nx-front.ilivedata.com", 13325),
        ("127.0.0.1:1", "127.0.0.1", 1),
        ("[::1]:65535", "::1", 65535),
        ("[fe80::1%eth0]:80", "fe80::1%eth0", 80),
        ("bücher.example:80", "bücher.example", 80),
    ],
)
def test_good(endpoint: str, host: str, port: int) -> None:
    assert parse_endpoint(endpoint) == (host, port)


@pytest.mark.parametrize(
    ("endpoint", "fault"),
    [
        ("", "the port is missing"),
        ("localhost", "the port is missing"),
        ("localhost:", "is not a number"),
        (":13321", "the host is missing"),
        ("localhost:0", "not in 1..65535"),
        ("localhost:65536", "not in 1..65535"),
        ("localhost:" + "9" * 5000, "not in 1..65535"),
        ("localhost:-1", "is not a number"),
        ("localhost:1_0", "is not a number"),
        ("localhost: 80", "is not a number"),
        ("localhost:\uff11\uff12", "is not a number"),
        ("localhost:http", "is not a number"),
        ("tcp://localhost:80", "without a scheme"),
        ("user@localhost:80", "is not a host name"),
        ("local host:80", "is not a host name"),
        ("localhost/a:80", "is not a host name"),
        ("local\x00host:80", "is not a host name"),
        ("::1:13321", "in brackets"),
        ("[::1]", r"as \[address\]:port"),
        ("[::1:80", r"as \[address\]:port"),
        ("[localhost]:80", "not an IPv6 address"),
        ("[]:80", "not an IPv6 address"),
    ],
)
def test_bad(endpoint: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_endpoint(endpoint)


@pytest.mark.parametrize("endpoint", [None, b"localhost:80", 80, ("localhost", 80)])
def test_not_a_str(endpoint: object) -> None:
    with pytest.raises(TypeError, match="endpoint must be a str"):
        parse_endpoint(endpoint)  # type: ignore[arg-type]
