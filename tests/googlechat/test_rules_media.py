"""The rules on attachments and media (12), through the client against the gate."""

from __future__ import annotations

import io
import json
import os
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk.errors import FPNN_ERROR, unwrap
from rtm_sdk.gate import Gate
from rtm_sdk.googlechat.client import GoogleChatClient
from tests.http.peer import HTTPPeer, Reply

from .chat import Raw, Space, refused, status_of

CONTENT = bytes(range(256)) * 1000
TOKEN = "token-of-a-user"


def attached(space: Space, content: Any = CONTENT, **options: Any) -> dict[str, Any]:
    """The attachment of a new message."""
    uploaded = unwrap(space.client.upload_attachment(space, content, **{"filename": "a.bin", **options}))
    found: dict[str, Any] = dict(space.post(attachment=[uploaded])["attachment"][0])
    return found


def resource_of(attachment: dict[str, Any]) -> str:
    name: str = attachment["attachmentDataRef"]["resourceName"]
    return name


def test_12_1_the_upload(space: Space, raw: Raw) -> None:
    uploaded = unwrap(space.client.upload_attachment(space, b"content", filename="a.txt"))
    assert set(uploaded) == {"attachmentDataRef"}
    with pytest.raises(ValueError, match="^filename must be given"):
        space.client.upload_attachment(space, b"content")
    no_name = raw(
        "POST",
        f"upload/v1/{space}/attachments:upload?uploadType=multipart",
        headers={"Content-Type": "multipart/related; boundary=b"},
        data=b"--b\nContent-Type: application/json\n\n{}\n--b\nContent-Type: a/b\n\nx\n--b--",
    )
    assert status_of(no_name) == (400, "INVALID_ARGUMENT")
    assert refused(space.client.upload_attachment("spaces/nowhere", b"x", filename="a")) == "NOT_FOUND"


def test_12_1_at_most_200_mib(space: Space, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(209_715_201)
    with pytest.raises(ValueError, match="^file has 209715201 bytes; an attachment has at most 209715200"):
        space.client.upload_attachment(space, large)


def test_12_2_multipart(tmp_path: Path) -> None:
    path = tmp_path / "notes ä.txt"
    path.write_bytes(b"--line\r\n\r\nend")
    with HTTPPeer() as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        unwrap(client.upload_attachment("spaces/A", path))
        request = peer.next()
    assert request.query == {"uploadType": "multipart"}
    kind = request.headers["content-type"]
    assert kind.startswith("multipart/related; boundary=")
    parts: Any = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.body).get_payload()
    head, rest = parts
    assert head.get_content_type() == "application/json"
    assert json.loads(head.get_payload(decode=True)) == {"filename": "notes ä.txt"}
    assert rest.get_content_type() == "text/plain"
    assert b"\r\n\r\n--line\r\n\r\nend\r\n--" in request.body


def test_12_2_a_server_takes_bare_line_feeds(space: Space, raw: Raw) -> None:
    body = (
        b'--b\nContent-Type: application/json\nMIME-Version: 1.0\n\n{"filename": "a.bin"}\n'
        b"--b\nContent-Type: application/octet-stream\nMIME-Version: 1.0\nContent-Transfer-Encoding: binary\n\n"
        b"a\nb\r\n\n--b--"
    )
    answer = raw(
        "POST",
        f"upload/v1/{space}/attachments:upload?uploadType=multipart&alt=json",
        headers={"Content-Type": 'multipart/related; boundary="b"'},
        data=body,
    )
    attachment = space.post(attachment=[answer.json()])["attachment"][0]
    assert unwrap(space.client.download_media(resource_of(attachment))) == b"a\nb\r\n"


def test_12_3_bytes_alone_have_no_name(space: Space, raw: Raw) -> None:
    answer = raw("POST", f"upload/v1/{space}/attachments:upload?uploadType=media", data=b"x")
    assert status_of(answer) == (400, "INVALID_ARGUMENT")


def test_12_4_resumable(space: Space, raw: Raw) -> None:
    content = b"x" * (256 * 1024) + b"end"
    begun = raw(
        "POST",
        f"upload/v1/{space}/attachments:upload?uploadType=resumable",
        headers={"X-Upload-Content-Type": "text/plain", "X-Upload-Content-Length": str(len(content))},
        json={"filename": "a.txt"},
    )
    assert begun.status_code == 200
    place = begun.headers["Location"].removeprefix(f"{raw.url}/")
    first = raw(
        "PUT",
        place,
        data=content[:262144],
        headers={"Content-Range": f"bytes 0-262143/{len(content)}"},
        allow_redirects=False,
    )
    assert (first.status_code, first.headers["Range"]) == (308, "bytes=0-262143")
    state = raw("PUT", place, headers={"Content-Range": f"bytes */{len(content)}"}, allow_redirects=False)
    assert (state.status_code, state.headers["Range"]) == (308, "bytes=0-262143")
    last = raw(
        "PUT",
        place,
        data=content[262144:],
        headers={"Content-Range": f"bytes 262144-{len(content) - 1}/{len(content)}"},
    )
    attachment = space.post(attachment=[last.json()])["attachment"][0]
    assert unwrap(space.client.download_media(resource_of(attachment))) == content


def test_12_5_the_answer_goes_into_a_message(space: Space, gate: Gate) -> None:
    uploaded = unwrap(space.client.upload_attachment(space, "text as content", filename="a.txt"))
    assert set(uploaded["attachmentDataRef"]) == {"resourceName", "attachmentUploadToken"}
    message = space.post(attachment=[uploaded])
    (attachment,) = message["attachment"]
    assert (attachment["contentName"], attachment["contentType"]) == ("a.txt", "text/plain")
    assert attachment["source"] == "UPLOADED_CONTENT"
    elsewhere = gate.google.add_space()
    assert refused(space.client.create_message(elsewhere, {"attachment": [uploaded]})) == "INVALID_ARGUMENT"


def test_12_6_what_is_known_of_an_attachment(space: Space, app: GoogleChatClient) -> None:
    attachment = attached(space)
    assert unwrap(app.get_attachment(attachment["name"]))["contentName"] == "a.bin"
    assert refused(app.get_attachment(f"{attachment['name']}x")) == "NOT_FOUND"
    assert refused(space.client.get_attachment(attachment["name"])) == "PERMISSION_DENIED"


def test_12_7_download(space: Space, raw: Raw) -> None:
    name = resource_of(attached(space))
    assert unwrap(space.client.download_media(name)) == CONTENT
    answer = raw("GET", f"v1/media/{name}")
    assert answer.json() == {"resourceName": name}
    assert refused(space.client.download_media(f"{name}x")) == "NOT_FOUND"


# --- what the client makes of it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["bytes", "str", "path", "file", "pipe"])
def test_what_can_be_uploaded(space: Space, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(b"the content")
    name = "given.txt"
    if kind == "bytes":
        attachment = attached(space, b"the content", filename=name)
    elif kind == "str":
        attachment = attached(space, "the content", filename=name)
    elif kind == "path":
        attachment, name = attached(space, path, filename=""), "file.txt"
    elif kind == "file":
        with path.open("rb") as file:
            file.read(4)
            attachment = attached(space, file, filename=name)
    else:
        attachment = attached(space, io.BufferedReader(io.BytesIO(b"the content")), filename=name)
    assert attachment["contentName"] == name
    expected = b"content" if kind == "file" else b"the content"
    assert unwrap(space.client.download_media(resource_of(attachment))) == expected


def test_an_empty_file(space: Space) -> None:
    assert unwrap(space.client.download_media(resource_of(attached(space, b"")))) == b""


@pytest.mark.parametrize("style", ["path", "file"])
def test_download_into_a_file(space: Space, tmp_path: Path, style: str) -> None:
    name = resource_of(attached(space))
    path = tmp_path / "got.bin"
    path.write_bytes(b"old")
    if style == "path":
        assert unwrap(space.client.download_media(name, path)) == len(CONTENT)
    else:
        with path.open("wb") as file:
            assert unwrap(space.client.download_media(name, file)) == len(CONTENT)
    assert path.read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_download_leaves_the_file_alone(space: Space, tmp_path: Path) -> None:
    path = tmp_path / "got.bin"
    path.write_bytes(b"old")
    assert refused(space.client.download_media("spaces/A/attachments/none", path)) == "NOT_FOUND"
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("got.bin", b"old")]
    with pytest.raises(FileNotFoundError):
        space.client.download_media("spaces/A/attachments/none", tmp_path / "no folder" / "x")


def test_download_to_other_places(space: Space, tmp_path: Path) -> None:
    name = resource_of(attached(space, b"content"))
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "file")
    for _ in range(2):
        assert unwrap(space.client.download_media(name, link)) == 7
        assert link.is_symlink()
        assert (tmp_path / "file").read_bytes() == b"content"
    with pytest.raises(IsADirectoryError):
        space.client.download_media(name, tmp_path)
    assert unwrap(space.client.download_media(name, Path(os.devnull))) == 7
    assert not Path(os.devnull).is_file()


def test_an_interrupted_download_begins_again(space: Space, gate: Gate, tmp_path: Path) -> None:
    name = resource_of(attached(space))
    broken = gate.faults.add("media.download", "cut")
    assert unwrap(space.client.download_media(name, tmp_path / "got.bin")) == len(CONTENT)
    assert broken.hits == 1
    assert (tmp_path / "got.bin").read_bytes() == CONTENT


def test_progress(space: Space) -> None:
    up: list[tuple[int, int]] = []
    down: list[tuple[int, int]] = []
    content = CONTENT * 10
    name = resource_of(attached(space, content, on_progress=lambda *state: up.append(state)))
    assert unwrap(space.client.download_media(name, on_progress=lambda *state: down.append(state))) == content
    for seen in (up, down):
        assert seen[-1] == (len(content), len(content))
        assert [done for done, _ in seen] == sorted({done for done, _ in seen})
        assert {size for _, size in seen} == {len(content)}


def test_both_styles(space: Space, tmp_path: Path) -> None:
    outcomes: list[Any] = []

    def callback(result: Any, error: Any) -> None:
        outcomes.append((result, error))

    client = space.client
    assert client.upload_attachment(space, CONTENT, filename="a.bin", callback=callback) is None
    assert client.flush() == 0
    uploaded = unwrap(outcomes.pop())
    name = resource_of(space.post(attachment=[uploaded])["attachment"][0])
    client.download_media(name, callback=callback)
    assert client.flush() == 0
    assert unwrap(outcomes.pop()) == CONTENT
    client.download_media(name, tmp_path / "x", callback=callback)
    assert client.flush() == 0
    assert unwrap(outcomes.pop()) == len(CONTENT)
    assert (tmp_path / "x").read_bytes() == CONTENT


def test_a_lost_upload_is_not_repeated(space: Space, gate: Gate) -> None:
    lost = gate.faults.add("media.upload", "cut_after")
    result, error = space.client.upload_attachment(space, b"x", filename="a.txt")
    assert result is None
    assert error == FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED
    assert error.maybe_delivered
    assert lost.hits == 1


@pytest.mark.parametrize(
    ("name", "given", "error", "text"),
    [
        ("upload_attachment", {"file": io.StringIO("x")}, TypeError, "file was opened in text mode"),
        ("upload_attachment", {"content_type": "a\nb"}, ValueError, "content_type must be a MIME type"),
        ("upload_attachment", {"content_type": "ä"}, ValueError, "content_type must be a MIME type"),
        ("download_media", {"target": "a path as a str"}, TypeError, "target must be a path object"),
        ("download_media", {"target": io.StringIO()}, TypeError, "target was opened in text mode"),
        ("download_media", {"resource_name": "../users/me"}, ValueError, "resource_name must be the resourceName"),
        ("download_media", {"resource_name": ""}, ValueError, "resource_name must be the resourceName"),
    ],
)
def test_misuse(user: GoogleChatClient, name: str, given: dict[str, Any], error: type[Exception], text: str) -> None:
    arguments: dict[str, Any] = {"parent": "spaces/A", "file": b"x", "filename": "a"}
    if name == "download_media":
        arguments = {"resource_name": "media/x"}
    with pytest.raises(error, match=f"^{text}"):
        getattr(user, name)(**{**arguments, **given})


def test_the_type_of_the_answer_does_not_matter() -> None:
    reply = Reply(200, b'{"not": "parsed"}', {"Content-Type": "application/json"})
    with HTTPPeer(reply) as peer, GoogleChatClient(TOKEN, base_url=peer.url, proxy="") as client:
        assert unwrap(client.download_media("a/b c")) == b'{"not": "parsed"}'
        assert peer.next().target == "/v1/media/a/b%20c?alt=media"
