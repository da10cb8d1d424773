from __future__ import annotations

import socket

import pytest

from rtm_sdk.gate.endpoint import Address


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [
        ("127.0.0.1:0", Address("127.0.0.1", 0)),
        ("127.0.0.1:13321", Address("127.0.0.1", 13321)),
        ("[::1]:0", Address("::1", 0)),
        ("[::]:80", Address("::", 80)),
        ("localhost:13320", Address("localhost", 13320)),
    ],
)
def test_reading_and_printing(endpoint: str, address: Address) -> None:
    assert Address.parse(endpoint) == address
    assert str(address) == endpoint


@pytest.mark.parametrize("endpoint", ["", ":0", "127.0.0.1", "::1:0", "127.0.0.1:70000", "[127.0.0.1]:0", "host:00"])
def test_what_is_no_address(endpoint: str) -> None:
    with pytest.raises(ValueError, match="endpoint"):
        Address.parse(endpoint)


def test_what_is_no_text() -> None:
    with pytest.raises(TypeError, match="endpoint"):
        Address.parse(13321)  # type: ignore[arg-type]


def test_kinds() -> None:
    assert Address("127.0.0.5", 1).is_loopback and Address("::1", 1).is_loopback and Address("localhost", 1).is_loopback
    assert not Address("0.0.0.0", 1).is_loopback and not Address("10.0.0.1", 1).is_loopback
    assert Address("0.0.0.0", 1).is_wildcard and Address("::", 1).is_wildcard
    assert not Address("127.0.0.1", 1).is_wildcard


def test_listening_on_a_free_port() -> None:
    with Address("127.0.0.1", 0).listen() as listening:
        address = Address.of(listening)
        assert address.port
        with socket.create_connection(address, 5):
            pass


def test_a_port_that_is_taken_is_named() -> None:
    with Address("127.0.0.1", 0).listen() as listening:
        address = Address.of(listening)
        with pytest.raises(OSError, match=f"cannot listen on {address}: "):
            address.listen()


def test_a_host_that_does_not_exist_is_named() -> None:
    with pytest.raises(OSError, match=r"cannot listen on 192\.0\.2\.1:0: "):
        Address("192.0.2.1", 0).listen()
