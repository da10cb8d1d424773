"""Section 12: upload in one piece and in several, download, attachments."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rtm_sdk.gate import Gate
from rtm_sdk.gate.googlechat import media

from .conftest import Chat, Person, error_of

CHUNK = 256 * 1024


def multipart(
    content: bytes,
    *,
    line: bytes = b"\r\n",
    metadata: Any = None,
    headers: tuple[bytes, ...] = (b"Content-Type: image/png",),
) -> bytes:
    parts = [
        b"--frame",
        b"Content-Type: application/json; charset=UTF-8",
        b"",
        json.dumps({"filename": "a.png"} if metadata is None else metadata).encode(),
        b"--frame",
        *headers,
        b"",
        content,
        b"--frame--",
    ]
    return line.join(parts)


def upload(chat: Chat, space: str, body: bytes, **query: str) -> requests.Response:
    headers = {"Content-Type": "multipart/related; boundary=frame"}
    params = {"uploadType": "multipart", **query}
    return chat.send("POST", f"upload/v1/{space}/attachments:upload", data=body, headers=headers, params=params)


def uploaded(chat: Chat, space: str, content: bytes = b"content", **more: Any) -> dict[str, str]:
    """The reference to a new content."""
    answer = upload(chat, space, multipart(content, **more))
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"attachmentDataRef"}
    reference: dict[str, str] = answer.json()["attachmentDataRef"]
    return reference


def download(chat: Chat, resource: str, **query: str) -> requests.Response:
    return chat.send("GET", f"v1/media/{resource}", params={"alt": "media", **query})


def attached(reference: dict[str, str], text: str = "see") -> dict[str, Any]:
    return {"text": text, "attachment": [{"attachmentDataRef": reference}]}


class TestMultipart:
    @pytest.mark.parametrize("line", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
    @pytest.mark.parametrize(
        "content", [b"", b"\n", b"\r\n", b"\r", b"x", b"--frame", b"\r\n--fram", b"\n\n--framed\n", os.urandom(300_000)]
    )
    def test_12_2_byte_for_byte(self, user: Chat, space: str, line: bytes, content: bytes) -> None:
        reference = uploaded(user, space, content, line=line)
        assert set(reference) == {"resourceName", "attachmentUploadToken"}
        answer = download(user, reference["resourceName"])
        assert (answer.status_code, answer.content) == (200, content)
        assert answer.headers["Content-Type"] == "image/png"

    def test_12_2_as_the_official_client_sends_it(self, user: Chat, space: str) -> None:
        headers = (b"Content-Type: image/png", b"MIME-Version: 1.0", b"Content-Transfer-Encoding: binary")
        reference = uploaded(user, space, b"\x89PNG\r\n\x1a\n", line=b"\n", headers=headers)
        assert download(user, reference["resourceName"]).content == b"\x89PNG\r\n\x1a\n"

    def test_12_2_a_part_without_headers(self, user: Chat, space: str) -> None:
        reference = uploaded(user, space, b"x", headers=())
        assert download(user, reference["resourceName"]).headers["Content-Type"] == "application/octet-stream"

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"--frame",
            b"--other\r\n\r\n{}\r\n--other--",
            b"--frame\r\nContent-Type: application/json\r\n",
            b'--frame\r\n\r\n{"filename":"a"}\r\n--frame--',
            b'--frame\r\n\r\n{"filename":"a"}\r\n--frame\r\n\r\ncontent',
            b'--frame\r\n\r\n{"filename":"a"}\r\n--frame\r\n\r\ncontent\r\n--frame',
            multipart(b"x", metadata={}),
            multipart(b"x", metadata={"filename": ""}),
            multipart(b"x", metadata=[]),
            multipart(b"x", metadata={"filename": "a", "nonsense": 1}),
            multipart(b"x", headers=(b"Content-Transfer-Encoding: base64",)),
        ],
    )
    def test_12_2_malformed(self, user: Chat, space: str, body: bytes) -> None:
        assert error_of(upload(user, space, body))[:2] == (400, "INVALID_ARGUMENT")

    @pytest.mark.parametrize("kind", ["", "text/plain", "multipart/related", "multipart/form-data; boundary=frame"])
    def test_12_2_content_types(self, user: Chat, space: str, kind: str) -> None:
        path = f"upload/v1/{space}/attachments:upload"
        answer = user.send("POST", path, data=multipart(b"x"), headers={"Content-Type": kind})
        assert error_of(answer)[:2] == (400, "INVALID_ARGUMENT")

    def test_12_3_media_has_no_place_for_the_name(self, user: Chat, space: str) -> None:
        answer = upload(user, space, b"x", uploadType="media")
        status, name, text = error_of(answer)
        assert (status, name) == (400, "INVALID_ARGUMENT") and "uploadType" in text

    def test_not_without_upload_in_the_path(self, user: Chat, space: str) -> None:
        outcome = user.fails("POST", f"v1/{space}/attachments:upload", {"filename": "x"})
        assert outcome[:2] == (400, "INVALID_ARGUMENT") and "/upload/v1/" in outcome[2]

    def test_12_1_at_most_200_mb(self, user: Chat, space: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert media.MAX_UPLOAD == 209_715_200
        monkeypatch.setattr(media, "MAX_UPLOAD", 1000)
        assert upload(user, space, multipart(bytes(1000))).status_code == 200
        status, name, text = error_of(upload(user, space, multipart(bytes(1001))))
        assert (status, name) == (400, "INVALID_ARGUMENT") and "1001 bytes, the limit is 1000" in text

    def test_who_may(self, shared_gate: Gate, user: Chat, app: Chat, space: str) -> None:
        assert error_of(upload(app, space, multipart(b"x")))[:2] == (403, "PERMISSION_DENIED")
        other = shared_gate.google.add_space(members=["users/2"])
        assert error_of(upload(user, other, multipart(b"x")))[:2] == (403, "PERMISSION_DENIED")
        assert error_of(upload(user, "spaces/none", multipart(b"x")))[:2] == (404, "NOT_FOUND")

    @settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.binary(max_size=300), st.sampled_from([b"\n", b"\r\n"]))
    def test_any_content_comes_through(self, user: Chat, space: str, content: bytes, line: bytes) -> None:
        assert download(user, uploaded(user, space, content, line=line)["resourceName"]).content == content


class TestResumable:
    def begin(self, chat: Chat, space: str, total: int | None = None, **headers: str) -> str:
        sent = {"X-Upload-Content-Type": "text/plain", **headers}
        if total is not None:
            sent["X-Upload-Content-Length"] = str(total)
        path = f"upload/v1/{space}/attachments:upload"
        answer = chat.send("POST", path, json={"filename": "a.txt"}, headers=sent, params={"uploadType": "resumable"})
        assert (answer.status_code, answer.content) == (200, b""), answer.text
        return answer.headers["Location"]

    def put(self, address: str, data: bytes, content_range: str | None = None) -> requests.Response:
        headers = {} if content_range is None else {"Content-Range": content_range}
        return requests.put(address, data=data, headers=headers, timeout=10, allow_redirects=False)

    def test_12_4_pieces(self, user: Chat, space: str) -> None:
        content = os.urandom(2 * CHUNK + 5)
        address = self.begin(user, space, len(content))
        assert "Range" not in self.put(address, b"", f"bytes */{len(content)}").headers
        for start in (0, CHUNK):
            piece = content[start : start + CHUNK]
            answer = self.put(address, piece, f"bytes {start}-{start + CHUNK - 1}/{len(content)}")
            assert (answer.status_code, answer.headers["Range"]) == (308, f"bytes=0-{start + CHUNK - 1}")
        state = self.put(address, b"", f"bytes */{len(content)}")
        assert (state.status_code, state.headers["Range"]) == (308, f"bytes=0-{2 * CHUNK - 1}")
        start = 2 * CHUNK
        answer = self.put(address, content[start:], f"bytes {start}-{len(content) - 1}/{len(content)}")
        reference = answer.json()["attachmentDataRef"]
        stored = download(user, reference["resourceName"])
        assert (stored.content, stored.headers["Content-Type"]) == (content, "text/plain")
        assert self.put(address, b"", f"bytes */{len(content)}").json() == answer.json()

    def test_12_4_one_piece(self, user: Chat, space: str) -> None:
        answer = self.put(self.begin(user, space), b"all of it")
        assert download(user, answer.json()["attachmentDataRef"]["resourceName"]).content == b"all of it"

    def test_12_4_nothing(self, user: Chat, space: str) -> None:
        answer = self.put(self.begin(user, space, 0), b"", "bytes */0")
        assert download(user, answer.json()["attachmentDataRef"]["resourceName"]).content == b""

    def test_12_4_a_length_that_is_told_at_the_end(self, user: Chat, space: str) -> None:
        address = self.begin(user, space)
        assert self.put(address, bytes(CHUNK), f"bytes 0-{CHUNK - 1}/*").status_code == 308
        answer = self.put(address, b"x", f"bytes {CHUNK}-{CHUNK}/{CHUNK + 1}")
        assert len(download(user, answer.json()["attachmentDataRef"]["resourceName"]).content) == CHUNK + 1

    def test_12_4_a_piece_twice(self, user: Chat, space: str) -> None:
        address, content = self.begin(user, space), os.urandom(CHUNK) + b"end"
        for _ in range(2):
            answer = self.put(address, content[:CHUNK], f"bytes 0-{CHUNK - 1}/{len(content)}")
            assert answer.headers["Range"] == f"bytes=0-{CHUNK - 1}"
        answer = self.put(address, b"end", f"bytes {CHUNK}-{CHUNK + 2}/{len(content)}")
        assert download(user, answer.json()["attachmentDataRef"]["resourceName"]).content == content

    @pytest.mark.parametrize(
        ("data", "content_range"),
        [
            (b"x" * 10, "bytes 0-9/20"),
            (b"x" * 10, "bytes 0-8/20"),
            (b"x" * 10, "bytes 10-19/20"),
            (b"x" * 10, "bytes 0-9/5"),
            (b"x" * 10, "bytes 0-9"),
            (b"x" * 10, "pages 0-9/10"),
            (b"x" * 10, "bytes 0-9/10"),
        ],
    )
    def test_12_4_pieces_that_do_not_fit(self, user: Chat, space: str, data: bytes, content_range: str) -> None:
        address = self.begin(user, space, 20)
        assert error_of(self.put(address, data, content_range))[:2] == (400, "INVALID_ARGUMENT")
        assert self.put(address, b"x" * 20, "bytes 0-19/20").status_code == 200

    def test_12_4_sessions_of_nobody(self, user: Chat, space: str) -> None:
        address = self.begin(user, space)
        wrong = address.replace("upload_id=", "upload_id=x")
        assert error_of(self.put(wrong, b"x"))[:2] == (404, "NOT_FOUND")

    @pytest.mark.parametrize("length", ["x", "-1", str(200 * 1024 * 1024 + 1)])
    def test_12_4_lengths(self, user: Chat, space: str, length: str) -> None:
        path = f"upload/v1/{space}/attachments:upload"
        headers = {"X-Upload-Content-Length": length}
        answer = user.send("POST", path, json={"filename": "a"}, headers=headers, params={"uploadType": "resumable"})
        assert error_of(answer)[:2] == (400, "INVALID_ARGUMENT")

    def test_12_4_the_path_of_the_discovery_document(self, user: Chat, space: str) -> None:
        path = f"resumable/upload/v1/{space}/attachments:upload"
        answer = user.send("POST", path, json={"filename": "a"}, params={"uploadType": "resumable"})
        assert self.put(answer.headers["Location"], b"x").status_code == 200

    def test_old_sessions_are_forgotten(self, shared_gate: Gate, user: Chat, space: str) -> None:
        address = self.begin(user, space)
        self.put(address, bytes(CHUNK), f"bytes 0-{CHUNK - 1}/*")
        shared_gate.clock.offset = 8 * 86_400
        try:
            self.begin(user, space)
        finally:
            shared_gate.clock.offset = 0
        assert error_of(self.put(address, b"x"))[:2] == (404, "NOT_FOUND")


class TestAttachments:
    def test_12_5_in_a_message(self, user: Chat, space: str) -> None:
        reference = uploaded(user, space, b"bytes")
        sent = user.create(space, attached(reference))
        assert user.ok("GET", f"v1/{sent['name']}")["attachment"] == sent["attachment"]
        (attachment,) = sent["attachment"]
        name = f"{sent['name']}/attachments/{reference['resourceName'].rpartition('/')[2]}"
        address = attachment.pop("downloadUri")
        assert requests.get(address, timeout=10).content == b"bytes"
        assert attachment == {
            "name": name,
            "contentName": "a.png",
            "contentType": "image/png",
            "source": "UPLOADED_CONTENT",
            "attachmentDataRef": {"resourceName": reference["resourceName"]},
        }

    @pytest.mark.parametrize("part", ["resourceName", "attachmentUploadToken"])
    def test_12_5_either_part_of_the_reference(self, user: Chat, space: str, part: str) -> None:
        reference = uploaded(user, space)
        assert user.create(space, {"attachment": [{"attachmentDataRef": {part: reference[part]}}]})["attachment"]

    def test_12_5_another_space(self, shared_gate: Gate, user: Chat, space: str) -> None:
        reference, other = uploaded(user, space), shared_gate.google.add_space()
        outcome = user.fails("POST", f"v1/{other}/messages", attached(reference))
        assert outcome[:2] == (400, "INVALID_ARGUMENT") and "attachment[0].attachmentDataRef" in outcome[2]

    @pytest.mark.parametrize(
        "attachment", [{}, {"attachmentDataRef": {}}, {"attachmentDataRef": {"resourceName": "x"}}]
    )
    def test_12_5_no_upload(self, user: Chat, space: str, attachment: Any) -> None:
        outcome = user.fails("POST", f"v1/{space}/messages", {"text": "x", "attachment": [attachment]})
        assert outcome[:2] == (400, "INVALID_ARGUMENT")

    def test_12_6_metadata(self, user: Chat, app: Chat, space: str) -> None:
        sent = user.create(space, attached(uploaded(user, space)))
        (attachment,) = sent["attachment"]
        assert app.ok("GET", f"v1/{attachment['name']}") == attachment
        assert app.fails("GET", f"v1/{sent['name']}/attachments/none")[:2] == (404, "NOT_FOUND")
        assert user.fails("GET", f"v1/{attachment['name']}")[:2] == (403, "PERMISSION_DENIED")

    def test_12_7_download(self, user: Chat, space: str) -> None:
        name = uploaded(user, space, b"0123456789")["resourceName"]
        assert user.ok("GET", f"v1/media/{name}") == {"resourceName": name}
        answer = download(user, name)
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="a.png"')
        part = user.send("GET", f"v1/media/{name}", params={"alt": "media"}, headers={"Range": "bytes=2-4"})
        assert (part.status_code, part.content) == (206, b"234")
        assert download(user, name.replace("/", "%2F")).content == b"0123456789"

    def test_12_7_of_nobody(self, shared_gate: Gate, user: Chat, space: str, person: Person) -> None:
        name = uploaded(user, space)["resourceName"]
        other = shared_gate.google.add_space()
        for wrong in ("x", f"{space}/attachments/x", name.replace(space, other), name.rpartition("/")[2]):
            assert error_of(download(user, wrong))[:2] == (404, "NOT_FOUND")
        assert error_of(download(person(), name))[:2] == (403, "PERMISSION_DENIED")

    def test_contents_go_with_the_last_message(self, user: Chat, space: str) -> None:
        reference = uploaded(user, space)
        first, second = (user.create(space, attached(reference))["name"] for _ in "12")
        user.ok("DELETE", f"v1/{first}")
        assert download(user, reference["resourceName"]).status_code == 200
        user.ok("PATCH", f"v1/{second}", {"text": "x"}, updateMask="text")
        assert download(user, reference["resourceName"]).status_code == 200
        user.ok("PATCH", f"v1/{second}", {}, updateMask="attachment")
        assert download(user, reference["resourceName"]).status_code == 404


class TestDisk:
    @pytest.fixture
    def kept(self, tmp_path: Path) -> Iterator[tuple[Gate, Chat, Path]]:
        with Gate(store=tmp_path / "gate.db") as gate, Chat(gate, gate.google.token) as chat:
            yield gate, chat, tmp_path / "gate.db.files"

    def test_a_space_takes_its_contents_along(self, kept: tuple[Gate, Chat, Path]) -> None:
        gate, chat, folder = kept
        space = gate.google.add_space()
        chat.create(space, attached(uploaded(chat, space)))
        uploaded(chat, space)
        assert len(list(folder.iterdir())) == 2
        chat.ok("DELETE", f"v1/{space}")
        assert list(folder.iterdir()) == []

    def test_a_session_ends_with_its_gate(self, kept: tuple[Gate, Chat, Path]) -> None:
        gate, chat, folder = kept
        pieces = TestResumable()
        address = pieces.begin(chat, gate.google.add_space("A"))
        assert pieces.put(address, bytes(CHUNK), f"bytes 0-{CHUNK - 1}/*").status_code == 308
        gate.stop()
        gate.start()
        answer = pieces.put(address, b"end", f"bytes {CHUNK}-{CHUNK + 2}/{CHUNK + 3}")
        assert error_of(answer)[:2] == (404, "NOT_FOUND")
        assert list(folder.iterdir()) == []

    def test_a_refused_upload_leaves_nothing(
        self, kept: tuple[Gate, Chat, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gate, chat, folder = kept
        space = gate.google.add_space()
        with monkeypatch.context() as patched:
            patched.setattr(media, "_keep", lambda *args: 1 // 0)
            assert upload(chat, space, multipart(b"x")).status_code == 500
        assert list(folder.iterdir()) == []
        assert uploaded(chat, space)
