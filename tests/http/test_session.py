from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, CallFailed, ErrorCode
from rtm_sdk.http.connection import HTTPConnection
from rtm_sdk.http.request import Request
from rtm_sdk.http.tokens import StaticToken

from .certificates import make_certificates
from .peer import CUT, SILENCE, HTTPPeer, Received, Reply

UNREACHABLE = FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
TIMEOUT = FPNN_ERROR.FPNN_EC_CORE_TIMEOUT
PATIENCE = 10.0
READ = Request("GET", "v1/spaces/AAA", repeatable=True)

Connect = Callable[..., HTTPConnection]
Certificates = tuple[Path, ssl.SSLContext]


def failure(connection: HTTPConnection, seconds: float = PATIENCE) -> ErrorCode:
    with pytest.raises(CallFailed) as caught:
        connection.perform(READ, Deadline(seconds))
    return caught.value.error_code


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"), "localhost", "service.test")


class TestTLS:
    def test_keeps_its_connection(self, connect: Connect, certificates: Certificates) -> None:
        bundle, context = certificates
        with HTTPPeer(tls=context, always=Reply(body={"a": "x" * 100_000})) as peer:
            connection = connect(peer.url, ca_bundle=bundle)
            for _ in range(3):
                assert connection.perform(READ, Deadline(PATIENCE)).data == {"a": "x" * 100_000}
            assert peer.accepted == 1

    def test_unknown_authority(self, connect: Connect, certificates: Certificates) -> None:
        with HTTPPeer(tls=certificates[1]) as peer:
            connection = connect(peer.url)
            before = time.monotonic()
            error = failure(connection)
            assert time.monotonic() - before < 3, "it is not tried again"
            assert (int(error), error.maybe_delivered, peer.requests) == (UNREACHABLE, False, [])
        assert "the certificate is not accepted: " in error.message

    def test_name_of_somebody_else(self, connect: Connect, certificates: Certificates) -> None:
        bundle, context = certificates
        with HTTPPeer(tls=context) as peer:
            error = failure(connect(f"https://127.0.0.1:{peer.port}/", ca_bundle=bundle))
        assert error == UNREACHABLE
        assert "the certificate is not accepted: " in error.message

    @pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_authorities_of_the_environment(
        self, connect: Connect, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, variable: str
    ) -> None:
        bundle, context = certificates
        monkeypatch.setenv(variable, str(bundle))
        with HTTPPeer(tls=context) as peer:
            connection = connect(peer.url)
            connection.perform(READ, Deadline(PATIENCE))
            monkeypatch.setenv(variable, "/no/such/file")
            peer.close_connections()
            connection.perform(READ, Deadline(PATIENCE))  # which was asked once
            error = failure(connect(peer.url))
            assert error == UNREACHABLE
            assert "no certificates could be loaded from /no/such/file" in error.message
            connect(peer.url, ca_bundle=str(bundle)).perform(READ, Deadline(PATIENCE))  # the argument beats it

    def test_folder_of_authorities(self, connect: Connect, certificates: Certificates) -> None:
        bundle, context = certificates
        with HTTPPeer(tls=context) as peer:
            error = failure(connect(peer.url, ca_bundle=bundle.parent))  # whose files are not named by their hashes
        assert "the certificate is not accepted: " in error.message

    def test_deadline_holds_against_a_server_that_drips(self, connect: Connect, certificates: Certificates) -> None:
        def drip(sock: socket.socket, received: Received) -> object:
            while True:
                sock.sendall(b"1")  # until the client is gone
                time.sleep(0.02)

        bundle, context = certificates
        with HTTPPeer(always=drip, tls=context) as peer:
            connection = connect(peer.url, ca_bundle=bundle)
            before = time.monotonic()
            error = failure(connection, 0.3)
            assert time.monotonic() - before < 1.0
            assert (int(error), error.maybe_delivered) == (TIMEOUT, True)

    def test_handshake_that_never_ends(self, connect: Connect) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            connection = connect(f"https://127.0.0.1:{server.getsockname()[1]}/", connect_timeout=0.1)
            before = time.monotonic()
            error = failure(connection, 0.3)
            assert time.monotonic() - before < 1.0
        assert (int(error), error.maybe_delivered) == (UNREACHABLE, False)

    def test_closing_wakes_who_waits(self, connect: Connect, certificates: Certificates) -> None:
        bundle, context = certificates
        errors: list[ErrorCode] = []
        with HTTPPeer(always=SILENCE, tls=context) as peer:
            connection = connect(peer.url, ca_bundle=bundle)
            thread = threading.Thread(target=lambda: errors.append(failure(connection, 60)))
            thread.start()
            peer.next()
            connection.close(PATIENCE)
            thread.join(PATIENCE)
        assert errors == [FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED]

    def test_closing_ends_a_handshake(self, connect: Connect) -> None:
        errors: list[ErrorCode] = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            connection = connect(f"https://127.0.0.1:{server.getsockname()[1]}/", connect_timeout=60)
            thread = threading.Thread(target=lambda: errors.append(failure(connection, 60)))
            thread.start()
            sock, _ = server.accept()
            with sock:
                assert sock.recv(1), "it says hello"
                connection.close(PATIENCE)
                thread.join(PATIENCE)
        assert errors == [UNREACHABLE]


def tunnel(port: int) -> Callable[[socket.socket, Received], object]:
    """A proxy that connects everybody to this port."""

    def action(sock: socket.socket, received: Received) -> object:
        assert received.method == "CONNECT"
        with socket.create_connection(("127.0.0.1", port)) as other:
            sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=relay, args=(other, sock))
            back.start()
            relay(sock, other)
            back.join()
        return CUT

    return action


def relay(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class TestProxy:
    def test_of_the_argument(self, connect: Connect) -> None:
        with HTTPPeer(Reply(body={"a": 1})) as proxy:
            address = f"http://us%40er:pa%20ss@127.0.0.1:{proxy.port}"
            connection = connect("http://service.test/base", proxy=address, credentials=StaticToken("tok"))
            assert connection.perform(READ._replace(query=(("a", "b"),)), Deadline(PATIENCE)).data == {"a": 1}
            received = proxy.next()
        assert received.target == "http://service.test/base/v1/spaces/AAA?a=b"
        assert received.headers["host"] == "service.test"
        assert received.headers["authorization"] == "Bearer tok"
        assert received.headers["proxy-authorization"] == "Basic dXNAZXI6cGEgc3M="

    def test_without_a_scheme(self, connect: Connect) -> None:
        with HTTPPeer() as proxy:
            connect("http://service.test/", proxy=f"127.0.0.1:{proxy.port}").perform(READ, Deadline(PATIENCE))
            assert proxy.next().target == "http://service.test/v1/spaces/AAA"

    def test_tunnel(self, connect: Connect, certificates: Certificates) -> None:
        bundle, context = certificates
        with HTTPPeer(tls=context) as peer, HTTPPeer(always=tunnel(peer.port)) as proxy:
            connection = connect(
                "https://service.test/",
                proxy=f"http://u:p@127.0.0.1:{proxy.port}",
                ca_bundle=bundle,
                credentials=StaticToken("s3cret"),
            )
            for _ in range(2):
                connection.perform(READ, Deadline(PATIENCE))
            connection.close(PATIENCE)
            asked = proxy.next()
            assert (asked.target, asked.headers["proxy-authorization"]) == ("service.test:443", "Basic dTpw")
            assert "authorization" not in asked.headers
            received = peer.next()
            assert received.target == "/v1/spaces/AAA"
            assert received.headers["host"] == "service.test"
            assert "proxy-authorization" not in received.headers
            assert (proxy.accepted, peer.accepted) == (1, 1)

    def test_tunnel_in_a_tunnel(self, connect: Connect, certificates: Certificates) -> None:
        bundle, context = certificates
        with HTTPPeer(tls=context) as peer, HTTPPeer(always=tunnel(peer.port), tls=context) as proxy:
            connection = connect("https://service.test/", proxy=proxy.url, ca_bundle=bundle)
            connection.perform(READ, Deadline(PATIENCE))
            connection.close(PATIENCE)
            assert peer.next().target == "/v1/spaces/AAA"

    def test_that_refuses(self, connect: Connect) -> None:
        with HTTPPeer(always=Reply(407, "who are you?")) as proxy:
            error = failure(connect("https://service.test/", proxy=f"http://u:s3cret@127.0.0.1:{proxy.port}"))
            assert len(proxy.requests) == 1, "it is not tried again"
        assert (int(error), error.maybe_delivered) == (UNREACHABLE, False)
        assert "407" in error.message
        assert "s3cret" not in error.message

    def test_that_is_not_there(self, connect: Connect) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
            error = failure(connect("https://service.test/", proxy=f"http://127.0.0.1:{port}"), 0.1)
        assert error == UNREACHABLE
        assert error.message.startswith(f"could not connect to service.test through the proxy 127.0.0.1:{port}: ")

    def test_of_the_environment_that_is_not_there(self, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        error = failure(connect("http://service.test:81/"), 0.1)
        assert error == UNREACHABLE
        place = "could not connect to service.test:81 through the proxy 127.0.0.1:9 of the environment: "
        assert error.message.startswith(place)

    def test_of_the_environment_is_asked_once(self, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
        with HTTPPeer() as proxy, HTTPPeer() as other:
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
            connection = connect("http://service.test/")
            connection.perform(READ, Deadline(PATIENCE))
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{other.port}")
            connection.perform(READ, Deadline(PATIENCE))
            assert (len(proxy.requests), len(other.requests)) == (2, 0)
            connect("http://service.test/").perform(READ, Deadline(PATIENCE))
            assert (len(proxy.requests), len(other.requests)) == (2, 1)

    def test_argument_beats_environment(self, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
        with HTTPPeer() as proxy, HTTPPeer() as peer:
            monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
            connect("http://service.test/", proxy=proxy.url).perform(READ, Deadline(PATIENCE))
            connect(peer.url, proxy="").perform(READ, Deadline(PATIENCE))
            assert (len(proxy.requests), len(peer.requests)) == (1, 1)

    @pytest.mark.parametrize("no_proxy", ["127.0.0.1", "localhost,127.0.0.0/8", "*"])
    def test_exceptions_of_the_environment(
        self, connect: Connect, monkeypatch: pytest.MonkeyPatch, no_proxy: str
    ) -> None:
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", no_proxy)
        with HTTPPeer() as peer:
            connect(peer.url).perform(READ, Deadline(PATIENCE))
            assert len(peer.requests) == 1

    def test_other_kinds(self, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ALL_PROXY", "socks5://u:s3cret@127.0.0.1:9")
        error = failure(connect("http://service.test/"))
        assert error == UNREACHABLE
        assert "SOCKS" in error.message
        assert "s3cret" not in error.message
