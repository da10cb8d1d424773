"""The rules on authentication (2), through the client, against the gate and against a service that can be looked at."""

from __future__ import annotations

import base64
import json
import threading
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from rtm_sdk.errors import Code, unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import BOT_SCOPE, GoogleChatClient
from rtm_sdk.http import service_account
from rtm_sdk.http.service_account import ServiceAccount
from tests.http.peer import HTTPPeer, Received, Reply

from .chat import PREFIX, Raw, Space, refused, status_of

_load_key_once = cache(service_account._load_key)
TOKEN = Reply(200, {"access_token": "from-the-server", "expires_in": 3599, "token_type": "Bearer"})


@pytest.fixture(scope="module")
def info(gate: Gate) -> dict[str, str]:
    return gate.google.service_account_info()


@pytest.fixture(autouse=True)
def keys_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time it takes tens of milliseconds."""
    monkeypatch.setattr(service_account, "_load_key", _load_key_once)


def client_of(info: dict[str, str], peer: HTTPPeer, **options: Any) -> GoogleChatClient:
    info = {**info, "token_uri": f"{peer.url}token"}
    return GoogleChatClient.from_service_account_info(info, base_url=peer.url, proxy="", **options)


def parts(jwt: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    header, claims, signature = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in jwt.split("."))
    return json.loads(header), json.loads(claims), signature


def form(request: Received) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(request.body.decode()).items()}


# --- 2.1 the assertion grant -------------------------------------------------------------------------------------


def test_2_1_1_the_assertion(info: dict[str, str]) -> None:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    scopes = [BOT_SCOPE, f"{PREFIX}chat.app.spaces"]
    with HTTPPeer(TOKEN) as peer, client_of(info, peer, scopes=scopes, subject="ann@example.com") as client:
        unwrap(client.list_spaces())
        assertion = form(peer.next())["assertion"]
    assert "=" not in assertion
    header, claims, signature = parts(assertion)
    assert header == {"alg": "RS256", "typ": "JWT", "kid": info["private_key_id"]}
    assert claims["iss"] == info["client_email"]
    assert claims["scope"] == " ".join(scopes)
    assert claims["sub"] == "ann@example.com"
    assert claims["exp"] - claims["iat"] <= 3600
    key = load_pem_private_key(info["private_key"].encode(), None).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, assertion.rpartition(".")[0].encode(), PKCS1v15(), SHA256())


def test_2_1_2_the_token_request(info: dict[str, str]) -> None:
    with HTTPPeer(TOKEN) as peer, client_of(info, peer) as client:
        unwrap(client.list_spaces())
        request = peer.next()
    assert (request.method, request.path) == ("POST", "/token")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    assert set(form(request)) == {"grant_type", "assertion"}
    assert form(request)["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.mark.parametrize("life", [3599, "3599"])
def test_2_1_3_success(info: dict[str, str], life: Any) -> None:
    token = Reply(200, {"access_token": "abc", "expires_in": life, "token_type": "Bearer"})
    with HTTPPeer(token) as peer, client_of(info, peer) as client:
        unwrap(client.list_spaces())
        peer.next()
        assert peer.next().headers["authorization"] == "Bearer abc"


@pytest.mark.parametrize("kind", ["invalid_grant", "invalid_scope", "unauthorized_client", "access_denied"])
def test_2_1_4_failure(info: dict[str, str], kind: str) -> None:
    error = Reply(400, {"error": kind, "error_description": "words of the server"})
    with HTTPPeer(error) as peer, client_of(info, peer) as client:
        _, code = client.list_spaces()
        assert code == Code.UNAUTHENTICATED
        assert f"{kind}: words of the server" in code.message
        assert not code.retryable
        assert len(peer.requests) == 1


def test_2_1_4_failures_of_the_gate(gate: Gate, info: dict[str, str]) -> None:
    def outcome(changed: dict[str, str], **options: Any) -> str:
        found = {**info, **changed}
        with GoogleChatClient.from_service_account_info(found, base_url=gate.google.base_url, **options) as client:
            error = client.list_spaces()[1]
            assert error == Code.UNAUTHENTICATED
            return error.message

    other = gate.google.service_account_info(gate.google.add_app(email="other@demo.example"))
    assert "invalid_grant" in outcome({"private_key": other["private_key"]})
    assert "invalid_grant" in outcome({"client_email": "nobody@demo.example"})
    assert "invalid_scope" in outcome({}, scopes=[f"{PREFIX}chat.nothing"])
    assert "unauthorized_client" in outcome({}, subject="user@example.com")


@pytest.mark.parametrize("status", [408, 429, 500, 503, 504])
def test_2_1_5_token_requests_that_are_repeated(info: dict[str, str], status: int, soon: None) -> None:
    with HTTPPeer(Reply(status, "busy"), TOKEN) as peer, client_of(info, peer) as client:
        unwrap(client.list_spaces())
        assert [request.path for request in peer.requests] == ["/token", "/token", "/v1/spaces"]


@pytest.mark.parametrize("kind", ["internal_failure", "server_error", "temporarily_unavailable"])
def test_2_1_5_token_errors_that_are_repeated(info: dict[str, str], kind: str, soon: None) -> None:
    with HTTPPeer(Reply(400, {"error": kind}), TOKEN) as peer, client_of(info, peer) as client:
        unwrap(client.list_spaces())
        assert len(peer.requests) == 3


def test_2_1_6_one_token_for_all_threads(info: dict[str, str]) -> None:
    def answer(sock: object, request: Received) -> Reply:
        return TOKEN if request.path == "/token" else Reply()

    with HTTPPeer(always=answer) as peer, client_of(info, peer) as client:
        threads = [threading.Thread(target=lambda: unwrap(client.list_spaces())) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [request.path for request in peer.requests].count("/token") == 1
        assert len(peer.requests) == 9


def test_2_1_6_renewed_ahead_of_its_end(info: dict[str, str]) -> None:
    short = Reply(200, {"access_token": "short", "expires_in": 0})
    with HTTPPeer(short, Reply(), TOKEN) as peer, client_of(info, peer) as client:
        unwrap(client.list_spaces())
        unwrap(client.list_spaces())
        tokens = [request.headers.get("authorization") for request in peer.requests]
        assert tokens == [None, "Bearer short", None, "Bearer from-the-server"]


def test_2_1_7_clock_skew(gate: Gate, info: dict[str, str]) -> None:
    gate.clock.offset = 7200.0
    try:
        with GoogleChatClient.from_service_account_info(info, base_url=gate.google.base_url) as client:
            error = client.list_spaces()[1]
    finally:
        gate.clock.offset = 0.0
    assert error == Code.UNAUTHENTICATED
    assert "clock" in error.message
    with HTTPPeer(TOKEN) as peer, client_of(info, peer) as client:
        unwrap(client.list_spaces())
        claims = parts(form(peer.next())["assertion"])[1]
    assert claims["exp"] - claims["iat"] <= 3600


def test_2_1_8_a_refused_token_is_replaced_once(info: dict[str, str]) -> None:
    refusal = Reply(401, {"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "expired"}})
    other = Reply(200, {"access_token": "second", "expires_in": 3599})
    with HTTPPeer(TOKEN, refusal, other, Reply(200, {"spaces": []})) as peer, client_of(info, peer) as client:
        assert unwrap(client.list_spaces()) == {"spaces": []}
        assert [request.headers.get("authorization") for request in peer.requests] == [
            None,
            "Bearer from-the-server",
            None,
            "Bearer second",
        ]
    with HTTPPeer(TOKEN, refusal, other, refusal) as peer, client_of(info, peer) as client:
        assert refused(client.list_spaces()) == "UNAUTHENTICATED"
        assert len(peer.requests) == 4


def test_2_1_9_both_audiences(gate: Gate, info: dict[str, str]) -> None:
    for audience in (None, "https://oauth2.googleapis.com/token"):
        with GoogleChatClient.from_service_account_info(
            info, audience=audience, base_url=gate.google.base_url
        ) as client:
            assert client.list_spaces()[1] == 0
    with HTTPPeer(TOKEN) as peer, client_of(info, peer) as client:
        unwrap(client.list_spaces())
        assert parts(form(peer.next())["assertion"])[1]["aud"] == f"{peer.url}token"


# --- 2.2 self-signed ---------------------------------------------------------------------------------------------


def test_2_2_1_the_claims(info: dict[str, str]) -> None:
    for scopes in (None, [BOT_SCOPE]):
        with HTTPPeer() as peer, client_of(info, peer, self_signed=True, scopes=scopes) as client:
            unwrap(client.list_spaces())
            _, claims, _ = parts(peer.next().headers["authorization"].removeprefix("Bearer "))
        assert claims["iss"] == claims["sub"] == info["client_email"]
        assert claims["exp"] - claims["iat"] <= 3600
        if scopes is None:
            assert claims["aud"] == "https://chat.googleapis.com/"
            assert "scope" not in claims
        else:
            assert claims["scope"] == BOT_SCOPE
            assert "aud" not in claims


def test_2_2_2_the_jwt_is_the_token(gate: Gate, info: dict[str, str]) -> None:
    with GoogleChatClient.from_service_account_info(info, self_signed=True, base_url=gate.google.base_url) as client:
        assert client.list_spaces()[1] == 0


def test_2_2_3_it_cannot_act_for_a_user(info: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="^subject cannot be used with self_signed"):
        GoogleChatClient.from_service_account_info(info, self_signed=True, subject="ann@example.com")


def test_2_2_4_audience_or_scopes(gate: Gate, info: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="^audience and scopes exclude each other"):
        GoogleChatClient.from_service_account_info(info, self_signed=True, scopes=[BOT_SCOPE], audience="x")
    with GoogleChatClient.from_service_account_info(
        info, self_signed=True, scopes=[BOT_SCOPE], base_url=gate.google.base_url
    ) as client:
        assert client.list_spaces()[1] == 0


def test_2_2_5_signed_once_for_many_calls(info: dict[str, str]) -> None:
    with HTTPPeer() as peer, client_of(info, peer, self_signed=True) as client:
        for _ in range(3):
            unwrap(client.list_spaces())
        assert len({request.headers["authorization"] for request in peer.requests}) == 1


# --- 2.3 to 2.5 --------------------------------------------------------------------------------------------------


def test_2_3_tokens_of_users(gate: Gate, space: Space) -> None:
    asked = []

    def token() -> str:
        asked.append(1)
        return gate.google.token

    with GoogleChatClient(token, base_url=gate.google.base_url) as client:
        assert unwrap(client.get_space(space))["name"] == space
        assert asked == [1]


def test_2_3_refresh_tokens(gate: Gate, raw: Raw) -> None:
    account = gate.google.authorized_user_info("users/2")
    data = {name: account[name] for name in ("refresh_token", "client_id", "client_secret")}
    answer = raw("POST", "token", token="", data={"grant_type": "refresh_token", **data}).json()
    assert "refresh_token" not in answer
    with GoogleChatClient(answer["access_token"], base_url=gate.google.base_url) as client:
        assert client.list_spaces()[1] == 0
    gate.google.revoke(account["refresh_token"])
    answer = raw("POST", "token", token="", data={"grant_type": "refresh_token", **data})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("chat.messages", {"create", "read", "react"}),
        ("chat.messages.create", {"create"}),
        ("chat.messages.readonly", {"read"}),
        ("chat.messages.reactions", {"react"}),
        ("chat.spaces.readonly", {"spaces"}),
        ("chat.memberships.readonly", {"members"}),
    ],
)
def test_2_4_scopes(gate: Gate, space: Space, scope: str, allowed: set[str]) -> None:
    name = space.post()["name"]
    token = gate.google.add_token("users/1", [scope])
    with GoogleChatClient(token, base_url=gate.google.base_url) as client:
        outcomes = {
            "create": client.create_message(space, {"text": "x"})[1],
            "read": client.list_messages(space)[1],
            "react": client.create_reaction(name, {"emoji": {"unicode": "\U0001f600"}})[1],
            "spaces": client.get_space(space)[1],
            "members": client.list_memberships(space)[1],
        }
    assert {what for what, error in outcomes.items() if not error} == allowed
    assert {int(error) for error in outcomes.values()} <= {0, Code.PERMISSION_DENIED}


def test_2_5_what_the_gate_checks(gate: Gate, space: Space, raw: Raw) -> None:
    assert status_of(raw("GET", f"v1/{space}", token="")) == (401, "UNAUTHENTICATED")
    with GoogleChatClient("unknown", base_url=gate.google.base_url) as client:
        assert refused(client.get_space(space)) == "UNAUTHENTICATED"
    token = gate.google.add_token("users/1", ["chat.messages"])
    with GoogleChatClient(token, base_url=gate.google.base_url) as client:
        error = client.get_space(space)[1]
        assert error == Code.PERMISSION_DENIED
        assert error.details[0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    gate.google.open = True
    try:
        assert raw("GET", f"v1/{space}", token="").status_code == 200
        with GoogleChatClient("anything", base_url=gate.google.base_url) as client:
            assert unwrap(client.get_space(space))["name"] == space
    finally:
        gate.google.open = False


def test_2_5_an_expired_token(gate: Gate, info: dict[str, str]) -> None:
    with GoogleChatClient.from_service_account_info(info, base_url=gate.google.base_url) as client:
        assert client.list_spaces()[1] == 0
        gate.clock.offset = 3700.0
        try:
            assert client.list_spaces()[1] == Code.UNAUTHENTICATED
        finally:
            gate.clock.offset = 0.0
        assert client.list_spaces()[1] == 0


# --- making clients ----------------------------------------------------------------------------------------------


def test_from_a_key_file(gate: Gate, info: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(json.dumps(info))
    with GoogleChatClient.from_service_account_file(path, base_url=gate.google.base_url) as client:
        assert client.list_spaces()[1] == 0
    path.write_text("no JSON")
    with pytest.raises(ValueError, match="is not a JSON file"):
        GoogleChatClient.from_service_account_file(path)


def test_clients_share_an_account(gate: Gate, info: dict[str, str]) -> None:
    account = ServiceAccount(info, scopes=[BOT_SCOPE])
    for _ in range(2):
        with GoogleChatClient(account, base_url=gate.google.base_url) as client:
            assert client.list_spaces()[1] == 0


class LikeGoogleAuth:
    """What the client uses of the credentials objects of google-auth."""

    token: str | None = None
    valid = False
    expiry = None

    def __init__(self, gate: Gate) -> None:
        self.account = gate.google.authorized_user_info("users/1")

    def refresh(self, request: Any) -> None:
        fields = {name: self.account[name] for name in ("refresh_token", "client_id", "client_secret")}
        body = urlencode({"grant_type": "refresh_token", **fields}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = request(self.account["token_uri"], method="POST", body=body, headers=headers)
        self.token = json.loads(answer.data)["access_token"]


def test_from_credentials(gate: Gate, space: Space) -> None:
    with GoogleChatClient.from_credentials(LikeGoogleAuth(gate), base_url=gate.google.base_url) as client:
        assert unwrap(client.get_space(space))["name"] == space
    with pytest.raises(TypeError, match="^credentials must be a google.auth credentials object"):
        GoogleChatClient.from_credentials("token")


@pytest.mark.parametrize("token", [None, 5, b"x", object()])
def test_a_token_of_another_type(token: Any) -> None:
    with pytest.raises(TypeError, match="^token must be a str"):
        GoogleChatClient(token)


@pytest.mark.parametrize("token", ["", "a b", "a\n", "ä"])
def test_a_token_that_cannot_be_one(token: str) -> None:
    with pytest.raises(ValueError, match="^token "):
        GoogleChatClient(token)
