from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from rtm_sdk.deadline import Deadline
from rtm_sdk.errors import FPNN_ERROR, CallFailed, Code, ErrorCode
from rtm_sdk.http import retries
from rtm_sdk.http.connection import HTTPConnection
from rtm_sdk.http.request import Request
from rtm_sdk.http.service_account import ServiceAccount

from .peer import CUT, SILENCE, HTTPPeer, Received, Reply

PATIENCE = 10.0
READ = Request("GET", "v1/spaces/AAA", repeatable=True)
SEND = Request("POST", "v1/spaces/AAA/messages", body={"text": "hello"})
BOT = "https://www.googleapis.com/auth/chat.bot"
MORE = "https://www.googleapis.com/auth/chat.messages"
NOW = 1_700_000_000.9

Connect = Callable[..., HTTPConnection]


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def info(key: rsa.RSAPrivateKey) -> dict[str, Any]:
    return {
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "key-1",
        "private_key": pem(key),
        "client_email": "bot@project.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
    }


def opened(token: str, key: rsa.RSAPrivateKey) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a JWT whose signature is right."""
    assert "=" not in token
    header, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    signed = token.rpartition(".")[0].encode()
    key.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    return json.loads(header), json.loads(claims)


class TestSigned:
    def test_assertion(self, info: dict[str, Any], key: rsa.RSAPrivateKey) -> None:
        header, claims = opened(ServiceAccount(info, scopes=[BOT, MORE]).signed(NOW), key)
        assert header == {"alg": "RS256", "typ": "JWT", "kid": "key-1"}
        assert claims == {
            "iss": info["client_email"],
            "scope": f"{BOT} {MORE}",
            "aud": "https://oauth2.googleapis.com/token",
            "iat": 1_699_999_990,
            "exp": 1_700_003_590,
        }

    def test_for_a_user_and_another_audience(self, info: dict[str, Any], key: rsa.RSAPrivateKey) -> None:
        account = ServiceAccount(
            info, scopes=[BOT], subject="ann@example.com", audience="https://a/", token_uri="http://b/t"
        )
        _, claims = opened(account.signed(NOW), key)
        assert (claims["sub"], claims["aud"], account.token_uri) == ("ann@example.com", "https://a/", "http://b/t")

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ({}, {"aud": "https://chat.googleapis.com/"}),
            ({"audience": "https://a/"}, {"aud": "https://a/"}),
            ({"scopes": [BOT]}, {"scope": BOT}),
        ],
    )
    def test_self_signed(
        self, info: dict[str, Any], key: rsa.RSAPrivateKey, options: dict[str, Any], expected: dict[str, str]
    ) -> None:
        _, claims = opened(ServiceAccount(info, self_signed=True, **options).signed(NOW), key)
        email = info["client_email"]
        assert claims == {"iss": email, "sub": email, "iat": 1_699_999_990, "exp": 1_700_003_590, **expected}


class TestArguments:
    @pytest.mark.parametrize("name", ["client_email", "private_key", "private_key_id", "token_uri"])
    @pytest.mark.parametrize("value", [None, "", 5])
    def test_missing_field(self, info: dict[str, Any], name: str, value: Any) -> None:
        info[name] = value
        with pytest.raises(ValueError, match=f"info has no {name}"):
            ServiceAccount(info, scopes=[BOT])

    @pytest.mark.parametrize(
        ("options", "kind", "text"),
        [
            ({}, ValueError, "scopes"),
            ({"scopes": BOT}, TypeError, "scopes"),
            ({"scopes": [""]}, ValueError, "scopes"),
            ({"scopes": [5]}, ValueError, "scopes"),
            ({"scopes": ["a b"]}, ValueError, "scopes"),
            ({"scopes": [BOT], "subject": ""}, ValueError, "subject"),
            ({"scopes": [BOT], "audience": 5}, ValueError, "audience"),
            ({"scopes": [BOT], "token_uri": "token"}, ValueError, "token_uri"),
            ({"self_signed": 1}, TypeError, "self_signed"),
            ({"self_signed": True, "subject": "ann@example.com"}, ValueError, "subject"),
            ({"self_signed": True, "audience": "x", "scopes": [BOT]}, ValueError, "audience and scopes"),
        ],
    )
    def test_others(self, info: dict[str, Any], options: dict[str, Any], kind: type[Exception], text: str) -> None:
        with pytest.raises(kind, match=text):
            ServiceAccount(info, **options)

    @pytest.mark.parametrize("wrong", [None, "info", []])
    def test_info(self, wrong: Any) -> None:
        with pytest.raises(TypeError, match="info must be a mapping"):
            ServiceAccount(wrong, scopes=[BOT])

    def test_another_kind_of_file(self, info: dict[str, Any]) -> None:
        info["type"] = "authorized_user"
        with pytest.raises(ValueError, match="'authorized_user'"):
            ServiceAccount(info, scopes=[BOT])

    def test_key_that_cannot_be_read(self, info: dict[str, Any]) -> None:
        for wrong in ("-----BEGIN PRIVATE KEY-----\ns3cret\n", pem(ec.generate_private_key(ec.SECP256R1()))):
            info["private_key"] = wrong
            with pytest.raises(ValueError, match="private_key of info") as caught:
                ServiceAccount(info, scopes=[BOT])
            assert "s3cret" not in str(caught.value)

    def test_file(self, info: dict[str, Any], tmp_path: Path) -> None:
        path = tmp_path / "key.json"
        path.write_text(json.dumps(info))
        account = ServiceAccount.from_file(path, scopes=[BOT])
        assert account.client_email == info["client_email"]
        for wrong in ("{", "[]"):
            path.write_text(wrong)
            with pytest.raises(ValueError, match=r"key\.json"):
                ServiceAccount.from_file(path, scopes=[BOT])
        with pytest.raises(FileNotFoundError):
            ServiceAccount.from_file(tmp_path / "none", scopes=[BOT])

    def test_repr_shows_no_key(self, info: dict[str, Any]) -> None:
        account = ServiceAccount(info, scopes=[BOT])
        assert repr(account) == "<ServiceAccount bot@project.iam.gserviceaccount.com>"
        assert repr(account.signed(NOW)) == "<secret>"


class TestTokenServer:
    """The API and the token server are one peer; `/token` is the latter."""

    def account(self, info: dict[str, Any], peer: HTTPPeer, **options: Any) -> ServiceAccount:
        return ServiceAccount({**info, "token_uri": peer.url + "token"}, **{"scopes": [BOT], **options})

    def failure(self, connection: HTTPConnection, request: Request = READ, seconds: float = PATIENCE) -> ErrorCode:
        with pytest.raises(CallFailed) as caught:
            connection.perform(request, Deadline(seconds))
        return caught.value.error_code

    @pytest.mark.parametrize("expires_in", [3599, "3599"])
    def test_grants(self, connect: Connect, info: dict[str, Any], key: rsa.RSAPrivateKey, expires_in: Any) -> None:
        grant = Reply(body={"access_token": "tok-1", "expires_in": expires_in, "token_type": "Bearer"})
        with HTTPPeer(grant) as peer:
            connection = connect(peer.url, credentials=self.account(info, peer))
            for _ in range(3):
                connection.perform(READ, Deadline(PATIENCE))
            asked, *requests = peer.requests
            assert (asked.method, asked.path) == ("POST", "/token")
            assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
            assert "authorization" not in asked.headers
            form = parse_qs(asked.body.decode())
            assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
            _, claims = opened(form["assertion"][0], key)
            assert claims["aud"] == peer.url + "token"
            assert abs(claims["iat"] + 10 - time.time()) < 5
            assert [request.headers["authorization"] for request in requests] == ["Bearer tok-1"] * 3

    def test_refused_token_is_got_anew(self, connect: Connect, info: dict[str, Any]) -> None:
        grants = [Reply(body={"access_token": f"tok-{number}", "expires_in": 3599}) for number in (1, 2)]
        with HTTPPeer(grants[0], Reply(401), grants[1]) as peer:
            connect(peer.url, credentials=self.account(info, peer)).perform(SEND, Deadline(PATIENCE))
            assert [request.path for request in peer.requests] == ["/token", "/" + SEND.path] * 2
            assert peer.requests[-1].headers["authorization"] == "Bearer tok-2"

    def test_self_signed_token_needs_no_server(
        self, connect: Connect, info: dict[str, Any], key: rsa.RSAPrivateKey
    ) -> None:
        account = ServiceAccount(info, self_signed=True)
        with HTTPPeer() as peer:
            connection = connect(peer.url, credentials=account)
            for _ in range(2):
                connection.perform(READ, Deadline(PATIENCE))
            first, second = (request.headers["authorization"] for request in peer.requests)
        assert first == second
        assert opened(first.removeprefix("Bearer "), key)[1]["aud"] == "https://chat.googleapis.com/"

    @pytest.mark.parametrize(
        ("error", "text"),
        [
            ({"error": "invalid_grant", "error_description": "Invalid JWT"}, "invalid_grant: Invalid JWT"),
            ({"error": "unauthorized_client"}, "unauthorized_client"),
            ({"error": {"status": "NOT_FOUND", "message": "no such account"}}, "NOT_FOUND: no such account"),
            ("<html>blocked</html>", "<html>blocked</html>"),
            ([], "[]"),
            (b"", ""),
        ],
    )
    def test_refuses(self, connect: Connect, info: dict[str, Any], error: Any, text: str) -> None:
        with HTTPPeer(Reply(400, error)) as peer:
            found = self.failure(connect(peer.url, credentials=self.account(info, peer)))
            assert len(peer.requests) == 1
        assert (int(found), found.http_status, found.maybe_delivered) == (Code.UNAUTHENTICATED, 400, False)
        assert found.message == f"no token: HTTP 400 of the token server: {text}"

    @pytest.mark.parametrize(("seconds", "word"), [(-400, "ahead of"), (400, "behind")])
    def test_clocks_that_differ(self, connect: Connect, info: dict[str, Any], seconds: int, word: str) -> None:
        date = {"Date": formatdate(time.time() + seconds, usegmt=True)}
        with HTTPPeer(Reply(400, {"error": "invalid_grant"}, headers=date)) as peer:
            error = self.failure(connect(peer.url, credentials=self.account(info, peer)))
        assert f"; this machine's clock is {400} s {word} the server's" in error.message.replace("399", "400").replace(
            "401", "400"
        )

    @pytest.mark.parametrize(
        "reply",
        [
            *(Reply(status) for status in (408, 429, 500, 503, 504)),
            Reply(400, {"error": "temporarily_unavailable"}),
            CUT,
        ],
    )
    def test_is_asked_again(
        self, connect: Connect, info: dict[str, Any], monkeypatch: pytest.MonkeyPatch, reply: Any
    ) -> None:
        monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
        with HTTPPeer(reply, Reply(body={"access_token": "tok"})) as peer:
            connect(peer.url, credentials=self.account(info, peer)).perform(SEND, Deadline(PATIENCE))
            assert [request.path for request in peer.requests] == ["/token", "/token", "/" + SEND.path]

    def test_silence(self, connect: Connect, info: dict[str, Any]) -> None:
        """One answer that is lost harms no call, neither that which asked nor those that wait for it."""
        with HTTPPeer(SILENCE, always=Reply(body={"access_token": "tok"})) as peer:
            connection = connect(peer.url, credentials=self.account(info, peer))
            with ThreadPoolExecutor(5) as pool:
                list(pool.map(lambda _: connection.perform(SEND, Deadline(1.0)), range(5)))
            assert [request.path for request in peer.requests].count("/" + SEND.path) == 5

    def test_is_gone(self, connect: Connect, info: dict[str, Any]) -> None:
        with HTTPPeer() as peer:
            account = self.account(info, peer, token_uri="http://127.0.0.1:9/")
            error = self.failure(connect(peer.url, credentials=account), SEND, 0.1)
            assert not peer.requests
        assert (int(error), error.maybe_delivered) == (FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION, False)
        assert "no token: could not connect to 127.0.0.1:9" in error.message

    def test_breaks_each_time(self, connect: Connect, info: dict[str, Any]) -> None:
        with HTTPPeer(always=CUT) as peer:
            error = self.failure(connect(peer.url, credentials=self.account(info, peer)), SEND, 0.3)
        assert (int(error), error.maybe_delivered) == (FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED, False)

    @pytest.mark.parametrize(
        "body", ["<html>", {}, {"access_token": 5}, {"access_token": "a b"}, {"access_token": "a", "expires_in": "x"}]
    )
    def test_unusable_answers(self, connect: Connect, info: dict[str, Any], body: Any) -> None:
        with HTTPPeer(Reply(body=body)) as peer:
            error = self.failure(connect(peer.url, credentials=self.account(info, peer)))
        assert (int(error), error.maybe_delivered) == (FPNN_ERROR.FPNN_EC_CORE_INVALID_PACKAGE, False)

    def test_assertion_does_not_show(self, connect: Connect, info: dict[str, Any]) -> None:
        said: list[str] = []

        def quote(sock: object, received: Received) -> Reply:
            said.append(parse_qs(received.body.decode())["assertion"][0])
            return Reply(400, {"error": "invalid_grant", "error_description": said[0][:290]})

        with HTTPPeer(quote) as peer:
            error = self.failure(connect(peer.url, credentials=self.account(info, peer)))
        assert said[0][:100] not in error.message
