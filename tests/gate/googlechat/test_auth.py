"""Who calls: tokens, scopes, service accounts and the token endpoint."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from rtm_sdk.gate import Gate

from .conftest import Chat, error_of

PREFIX = "https://www.googleapis.com/auth/"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GOOGLE = "https://oauth2.googleapis.com/token"
CHAT = "https://chat.googleapis.com/"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@cache
def key_of(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def signed(info: dict[str, str], claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
    """A JWT, as a client makes it."""
    key = key_of(info["private_key"])
    header = {"alg": "RS256", "typ": "JWT", "kid": info["private_key_id"], **(header or {})}
    text = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
    return f"{text}.{b64(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@pytest.fixture(scope="module")
def info(shared_gate: Gate) -> dict[str, str]:
    return shared_gate.google.service_account_info()


def assertion(info: dict[str, str], **changed: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": info["client_email"],
        "scope": PREFIX + "chat.bot",
        "aud": GOOGLE,
        "iat": now,
        "exp": now + 3600,
        **changed,
    }
    return signed(info, {name: value for name, value in claims.items() if value is not None})


def ask(gate: Gate, **form: str) -> requests.Response:
    return requests.post(gate.google.token_uri, data={"grant_type": GRANT, **form}, timeout=10)


def refused(answer: requests.Response, error: str, text: str = "") -> None:
    data = answer.json()
    assert set(data) == {"error", "error_description"}
    assert (answer.status_code in (400, 401), data["error"]) == (True, error), data
    assert text in data["error_description"], data


def sender(gate: Gate, token: str, space: str) -> str:
    """Who a token stands for, as messages show it."""
    with Chat(gate, token) as chat:
        name: str = chat.create(space)["sender"]["name"]
    return name


class TestTokenEndpoint:
    def test_2_1_a_token_of_the_app(self, shared_gate: Gate, info: dict[str, str], space: str) -> None:
        answer = ask(shared_gate, assertion=assertion(info))
        data = answer.json()
        assert (answer.status_code, data["expires_in"], data["token_type"]) == (200, 3599, "Bearer")
        assert sender(shared_gate, data["access_token"], space) == "users/1000"

    def test_the_key_file(self, shared_gate: Gate, info: dict[str, str]) -> None:
        assert info["type"] == "service_account"
        assert info["token_uri"] == shared_gate.google.token_uri == f"http://{shared_gate.http_endpoint}/token"
        assert info["private_key"].startswith("-----BEGIN PRIVATE KEY-----")
        assert shared_gate.google.service_account_info() == info

    def test_2_1_delegation(self, shared_gate: Gate, info: dict[str, str], space: str) -> None:
        scope = PREFIX + "chat.messages " + PREFIX + "chat.spaces"
        for subject in ("user@example.com", "User@Example.com"):
            token = ask(shared_gate, assertion=assertion(info, sub=subject, scope=scope)).json()["access_token"]
            assert sender(shared_gate, token, space) == "users/1"
        refused(ask(shared_gate, assertion=assertion(info, sub="x@example.com", scope=scope)), "invalid_grant", "sub")
        bot = ask(shared_gate, assertion=assertion(info, sub="user@example.com"))
        refused(bot, "unauthorized_client")

    def test_2_1_4_the_signature(self, shared_gate: Gate, info: dict[str, str]) -> None:
        first, second, third = assertion(info).split(".")
        other = signed(info, {"iss": "x"}).split(".")[2]
        for wrong in (f"{first}.{second}.{other}", f"{first}.{second}.", f"{first}.{second}.{third[:-4]}AAAA"):
            refused(ask(shared_gate, assertion=wrong), "invalid_grant", "signature")

    @pytest.mark.parametrize("text", ["", "x", "a.b.c", "....", "e30.e30.e30", "W10.W10.W10", "é.é.é"])
    def test_2_1_4_no_jwt(self, shared_gate: Gate, text: str) -> None:
        refused(ask(shared_gate, assertion=text), "invalid_grant", "Invalid JWT")

    def test_2_1_4_another_algorithm(self, shared_gate: Gate, info: dict[str, str]) -> None:
        now = int(time.time())
        claims = {"iss": info["client_email"], "scope": "chat.bot", "aud": GOOGLE, "iat": now, "exp": now + 60}
        for algorithm in ("none", "HS256", None):
            token = signed(info, claims, {"alg": algorithm})
            refused(ask(shared_gate, assertion=token), "invalid_grant", "RS256")

    def test_2_1_4_an_unknown_account(self, shared_gate: Gate, info: dict[str, str]) -> None:
        for issuer in ("x@example.com", None, ["x"], 1):
            refused(ask(shared_gate, assertion=assertion(info, iss=issuer)), "invalid_grant", "iss")

    @pytest.mark.parametrize(
        ("iat", "exp", "text"),
        [
            (3600, 7200, "in the future; check the clock"),
            (-7200, -3600, "ago; check the clock"),
            (0, 3601, "at most 3600 s"),
            (10, 10, "at most 3600 s"),
            (None, 3600, "must be numbers"),
            (0, None, "must be numbers"),
        ],
    )
    def test_2_1_4_times(
        self, shared_gate: Gate, info: dict[str, str], iat: int | None, exp: int | None, text: str
    ) -> None:
        now = int(time.time())
        claims = {"iat": None if iat is None else now + iat, "exp": None if exp is None else now + exp}
        refused(ask(shared_gate, assertion=assertion(info, **claims)), "invalid_grant", text)

    def test_2_1_7_a_minute_of_skew(self, shared_gate: Gate, info: dict[str, str]) -> None:
        now = int(time.time())
        for shift in (-60, 50):
            answer = ask(shared_gate, assertion=assertion(info, iat=now + shift, exp=now + shift + 3600))
            assert answer.status_code == 200

    def test_the_clock_of_the_gate(self, shared_gate: Gate, info: dict[str, str], space: str) -> None:
        token = ask(shared_gate, assertion=assertion(info)).json()["access_token"]
        shared_gate.clock.offset = 3700
        try:
            refused(ask(shared_gate, assertion=assertion(info)), "invalid_grant", "exp")
            with Chat(shared_gate, token) as chat:
                assert chat.fails("POST", f"v1/{space}/messages", {"text": "x"})[:2] == (401, "UNAUTHENTICATED")
        finally:
            shared_gate.clock.offset = 0

    def test_2_1_9_both_audiences(self, shared_gate: Gate, info: dict[str, str]) -> None:
        port = shared_gate.http_endpoint.rpartition(":")[2]
        for audience in (GOOGLE, shared_gate.google.token_uri):
            assert ask(shared_gate, assertion=assertion(info, aud=audience)).status_code == 200
        named = f"http://localhost:{port}/token"
        with requests.Session() as session:
            data = {"grant_type": GRANT, "assertion": assertion(info, aud=named)}
            answer = session.post(shared_gate.google.token_uri, data, headers={"Host": f"localhost:{port}"}, timeout=10)
        assert answer.status_code == 200
        others: list[Any] = ["https://example.com/token", CHAT, None, ["x"]]
        for audience in others:
            refused(ask(shared_gate, assertion=assertion(info, aud=audience)), "invalid_grant", "aud")

    def test_scopes(self, shared_gate: Gate, info: dict[str, str]) -> None:
        for scope in (None, "", " ", "chat.nonsense", PREFIX + "drive", 1):
            refused(ask(shared_gate, assertion=assertion(info, scope=scope)), "invalid_scope")

    def test_other_grants(self, shared_gate: Gate) -> None:
        refused(ask(shared_gate, grant_type="password"), "unsupported_grant_type")
        answer = requests.post(shared_gate.google.token_uri, data=b"\xff", timeout=10)
        assert answer.json()["error"] == "invalid_request"
        assert requests.get(shared_gate.google.token_uri, timeout=10).status_code == 405

    def test_2_3_refresh_tokens(self, shared_gate: Gate, space: str) -> None:
        kept = shared_gate.google.authorized_user_info("users/1", ["chat.messages"])
        form = {"grant_type": "refresh_token", "refresh_token": kept["refresh_token"]}
        answer = requests.post(kept["token_uri"], data=form, timeout=10).json()
        assert "refresh_token" not in answer and answer["scope"] == PREFIX + "chat.messages"
        assert sender(shared_gate, answer["access_token"], space) == "users/1"
        shared_gate.google.revoke(kept["refresh_token"])
        refused(requests.post(kept["token_uri"], data=form, timeout=10), "invalid_grant", "revoked")

    def test_a_fault(self, shared_gate: Gate, info: dict[str, str]) -> None:
        shared_gate.faults.add("token", status=503, retry_after=1)
        answer = ask(shared_gate, assertion=assertion(info))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert answer.json() == {"error": "temporarily_unavailable", "error_description": "an injected fault"}
        assert ask(shared_gate, assertion=assertion(info)).status_code == 200


class TestAccounts:
    def test_an_app_of_ones_own(self, shared_gate: Gate) -> None:
        email = shared_gate.google.add_app("users/2001", display_name="Mine")
        space = shared_gate.google.add_space(members=["users/2001"])
        mine = shared_gate.google.service_account_info(email)
        token = ask(shared_gate, assertion=assertion(mine)).json()["access_token"]
        assert sender(shared_gate, token, space) == "users/2001"

    def test_a_key_of_ones_own(self, shared_gate: Gate, tmp_path: Any) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        file = tmp_path / "key.json"
        info = {"client_email": "own@example.com", "private_key": pem, "private_key_id": "1"}
        file.write_text(json.dumps(info))
        email = shared_gate.google.add_app("users/2002", key_file=file)
        assert email == "own@example.com"
        assert ask(shared_gate, assertion=assertion(info)).status_code == 200
        with pytest.raises(ValueError, match="no key"):
            shared_gate.google.service_account_info(email)

    def test_a_file_that_is_no_key_file(self, shared_gate: Gate, tmp_path: Any) -> None:
        file = tmp_path / "key.json"
        for content in ("", "{}", "[]"):
            file.write_text(content)
            with pytest.raises(ValueError, match="no key file"):
                shared_gate.google.add_app(key_file=file)
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_text(json.dumps({"client_email": "x", "private_key": pem.decode()}))
        with pytest.raises(ValueError, match="no RSA key"):
            shared_gate.google.add_app(key_file=file)

    def test_an_account_of_nobody(self, shared_gate: Gate) -> None:
        with pytest.raises(ValueError, match="email"):
            shared_gate.google.service_account_info("x@example.com")


class TestSelfSigned:
    def claims(self, info: dict[str, str], **changed: Any) -> dict[str, Any]:
        now, email = int(time.time()), info["client_email"]
        claims = {"iss": email, "sub": email, "aud": CHAT, "iat": now, "exp": now + 3600, **changed}
        return {name: value for name, value in claims.items() if value is not None}

    def test_2_2_audience_or_scope(self, shared_gate: Gate, info: dict[str, str], space: str) -> None:
        for changed in ({}, {"aud": None, "scope": PREFIX + "chat.bot"}, {"aud": shared_gate.google.base_url + "/"}):
            assert sender(shared_gate, signed(info, self.claims(info, **changed)), space) == "users/1000"

    @pytest.mark.parametrize(
        "changed",
        [
            {"scope": PREFIX + "chat.bot"},
            {"aud": None},
            {"aud": "https://chat.googleapis.com"},
            {"aud": None, "scope": "nonsense"},
            {"sub": "user@example.com"},
            {"sub": None},
            {"exp": 1},
            {"iss": "x"},
        ],
        ids=str,
    )
    def test_2_2_anything_else(
        self, shared_gate: Gate, info: dict[str, str], space: str, changed: dict[str, Any]
    ) -> None:
        with Chat(shared_gate, signed(info, self.claims(info, **changed))) as chat:
            status, name, text = chat.fails("POST", f"v1/{space}/messages", {"text": "x"})
        assert (status, name) == (401, "UNAUTHENTICATED") and "self-signed" in text


class TestTokens:
    @pytest.fixture
    def path(self, shared_gate: Gate, space: str) -> str:
        return f"{shared_gate.google.base_url}/v1/{space}/messages"

    def test_2_5_no_token(self, path: str) -> None:
        for headers in ({}, {"Authorization": ""}, {"Authorization": "Bearer "}, {"Authorization": "Basic eDp5"}):
            answer = requests.get(path, headers=headers, timeout=10)
            assert error_of(answer)[:2] == (401, "UNAUTHENTICATED")
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert answer.json()["error"]["details"][0]["reason"] == "CREDENTIALS_MISSING"

    @pytest.mark.parametrize("token", ["nonsense", "ya29.nonsense", "ya29." + b64(bytes(60)), "ya29.é", "a.b.c"])
    def test_2_5_unknown_tokens(self, path: str, token: str) -> None:
        answer = requests.get(path, headers={"Authorization": f"Bearer {token}".encode()}, timeout=10)
        assert error_of(answer)[:2] == (401, "UNAUTHENTICATED")

    def test_2_5_a_scope_that_is_missing(self, shared_gate: Gate, path: str) -> None:
        token = shared_gate.google.add_token("users/1", [PREFIX + "chat.messages.create", "chat.spaces"])
        headers = {"Authorization": f"Bearer {token}"}
        assert requests.post(path, json={"text": "x"}, headers=headers, timeout=10).status_code == 200
        answer = requests.get(path, headers=headers, timeout=10)
        status, name, text = error_of(answer)
        assert (status, name) == (403, "PERMISSION_DENIED") and "chat.messages.readonly" in text
        (detail,) = answer.json()["error"]["details"]
        assert detail["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"
        assert (detail["reason"], detail["domain"]) == ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "googleapis.com")
        assert detail["metadata"]["method"] == "spaces.messages.list"

    def test_a_revoked_token(self, shared_gate: Gate, path: str) -> None:
        token = shared_gate.google.add_token("users/1")
        headers = {"Authorization": f"bearer {token}"}
        assert requests.get(path, headers=headers, timeout=10).status_code == 200
        shared_gate.google.revoke(token)
        assert requests.get(path, headers=headers, timeout=10).status_code == 401

    @pytest.mark.parametrize("name", ["access_token", "oauth_token"])
    def test_a_token_in_the_query(self, shared_gate: Gate, path: str, name: str) -> None:
        assert requests.get(path, params={name: shared_gate.google.token}, timeout=10).status_code == 200

    def test_users_only_and_apps_only(self, user: Chat, app: Chat, space: str) -> None:
        outcome = app.fails("POST", "v1/spaces/-/messages:search", {"filter": "x"})
        assert outcome[:2] == (403, "PERMISSION_DENIED")
        name = user.create(space)["name"]
        assert user.fails("POST", f"v1/{name}:replaceCards", {})[:2] == (403, "PERMISSION_DENIED")

    def test_an_unknown_scope(self, shared_gate: Gate) -> None:
        with pytest.raises(ValueError, match=r"no scope 'chat\.nonsense'"):
            shared_gate.google.add_token("users/1", ["chat.nonsense"])


class TestOpen:
    @pytest.fixture(autouse=True)
    def opened(self, shared_gate: Gate) -> Iterator[None]:
        shared_gate.google.open = True
        yield
        shared_gate.google.open = False

    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer anything"}, {"Authorization": "Bearer a.b.c"}])
    def test_2_5_any_token_and_none(self, shared_gate: Gate, space: str, headers: dict[str, str]) -> None:
        path = f"{shared_gate.google.base_url}/v1/{space}/messages"
        body = {"cardsV2": [{"card": {"header": {"title": "x"}}}]}
        sent = requests.post(path, json=body, headers=headers, timeout=10)
        assert sent.json()["sender"]["name"] == "users/1"
        assert len(requests.get(path, headers=headers, timeout=10).json()["messages"]) == 1

    def test_a_known_token_is_whom_it_is(self, shared_gate: Gate, app: Chat, space: str) -> None:
        assert app.create(space)["sender"]["name"] == "users/1000"


class TestWebhooks:
    @pytest.fixture
    def url(self, shared_gate: Gate, space: str) -> str:
        return shared_gate.google.webhook_url(shared_gate.google.add_webhook(space, display_name="Alarm"))

    def test_13_1_13_2_a_post(self, user: Chat, url: str, space: str) -> None:
        answer = requests.post(url, json={"text": "x", "cards_v2": [{"card": {}}]}, timeout=10).json()
        (sent,) = user.page(space)["messages"]
        thread = {"name": sent["thread"]["name"]}
        assert answer == {"text": "x", "cardsV2": [{"card": {}}], "name": sent["name"], "thread": thread}
        assert sent["sender"]["type"] == "BOT"

    def test_a_webhook_stays_the_same_sender(self, shared_gate: Gate, user: Chat, space: str) -> None:
        for _ in "12":
            url = shared_gate.google.webhook_url(shared_gate.google.add_webhook(space, token=f"hook-of-{space}"))
            assert requests.post(url, json={"text": "x"}, timeout=10).status_code == 200
        first, second = user.page(space)["messages"]
        assert first["sender"] == second["sender"]

    def test_13_1_nothing_but_create(self, url: str) -> None:
        assert error_of(requests.get(url, timeout=10))[:2] == (401, "UNAUTHENTICATED")
        assert requests.delete(url.replace("/messages?", "/messages/x?"), timeout=10).status_code == 401

    @pytest.mark.parametrize("where", ["query", "body"])
    def test_13_3_threads(self, user: Chat, url: str, space: str, where: str) -> None:
        params = {"messageReplyOption": "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"}
        body: dict[str, Any] = {"text": "x"}
        if where == "query":
            params["threadKey"] = "k"
        else:
            body["thread"] = {"threadKey": "k"}
        threads = [requests.post(url, json=body, params=params, timeout=10).json()["thread"]["name"] for _ in "12"]
        assert threads[0] == threads[1]
        del params["messageReplyOption"]
        assert requests.post(url, json=body, params=params, timeout=10).json()["thread"]["name"] != threads[0]

    def test_13_4_errors(self, shared_gate: Gate, url: str) -> None:
        answer = requests.post(url.replace("key=", "key=x"), json={"text": "x"}, timeout=10)
        assert error_of(answer)[:2] == (400, "INVALID_ARGUMENT")
        assert answer.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"
        other = shared_gate.google.add_space()
        wrong = [url.replace("token=", "token=x"), url.partition("&token=")[0]]
        wrong.append(url.replace(url.split("/messages")[0].partition("/v1/")[2], other))
        for address in wrong:
            answer = requests.post(address, json={"text": "x"}, timeout=10)
            assert error_of(answer)[:2] == (403, "PERMISSION_DENIED")

    def test_13_what_is_wrong_with_the_message(self, url: str) -> None:
        assert error_of(requests.post(url, json={}, timeout=10))[:2] == (400, "INVALID_ARGUMENT")

    def test_an_unknown_webhook(self, shared_gate: Gate) -> None:
        with pytest.raises(ValueError, match="no such webhook"):
            shared_gate.google.webhook_url("x")
