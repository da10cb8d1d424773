"""Contents on disk and their way out over HTTP."""

from __future__ import annotations

import http.client
import json
import os
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rtm_sdk.gate import Gate
from rtm_sdk.gate.files import Contents, safe_filename

from .raw_client import RawClient, file_attrs


def send(client: RawClient, content: bytes, *, mid: int = 1, to: int = 2, **rtm: object) -> None:
    token = client.call("filetoken", **{"from": 1}, cmd="sendfile", to=to)["token"]
    params = {"pid": client.pid, "token": token, "mtype": 50, "from": 1, "to": to, "mid": mid}
    client.raw("sendfile", {**params, "file": content, "attrs": file_attrs(content, token, **rtm)})


def url(gate: Gate, mid: int = 1) -> str:
    return str(json.loads(gate.messages(mid=mid)[0].message)["url"])


def fetch(address: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(address)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as connection:
        connection.request(
            method, parts.path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()


class TestDownload:
    @pytest.mark.parametrize("size", [0, 1, 100, 3_000_000])
    def test_byte_for_byte(self, gate: Gate, client: RawClient, size: int) -> None:
        content = os.urandom(size)
        send(client, content, filename="cat.jpg", ext="jpg")
        body = json.loads(gate.messages()[0].message)
        assert body["size"] == size
        status, headers, downloaded = fetch(body["url"])
        assert (status, downloaded) == (200, content)
        assert headers["Content-Length"] == str(size)
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Disposition"] == "attachment; filename=\"cat.jpg\"; filename*=UTF-8''cat.jpg"
        status, headers, downloaded = fetch(body["url"], "HEAD")
        assert (status, headers["Content-Length"], downloaded) == (200, str(size), b"")

    def test_a_part(self, gate: Gate, client: RawClient) -> None:
        send(client, b"0123456789")
        status, headers, part = fetch(url(gate), Range="bytes=3-5")
        assert (status, part, headers["Content-Range"]) == (206, b"345", "bytes 3-5/10")

    @pytest.mark.parametrize("ext", ["html", "svg", "js", "exe", "gz", "", "nosuch"])
    def test_only_media_are_shown_by_a_browser(self, gate: Gate, client: RawClient, ext: str) -> None:
        send(client, b"<script>alert(1)</script>", filename="x", ext=ext)
        assert fetch(url(gate))[1]["Content-Type"] == "application/octet-stream"

    def test_a_name_cannot_break_the_header(self, gate: Gate, client: RawClient) -> None:
        send(client, b"x", filename='../../Grüße"\r\nSet-Cookie: a=b', ext="txt")
        disposition = fetch(url(gate))[1]["Content-Disposition"]
        assert disposition == (
            'attachment; filename="Gr__e_Set-Cookie_ a_b.txt"; '
            "filename*=UTF-8''Gr%C3%BC%C3%9Fe%22Set-Cookie%3A%20a%3Db.txt"
        )

    @pytest.mark.parametrize("path", ["/", "/files/", "/files/x", "/files/..%2Fgate.db", "/files/" + "0" * 48, "/x"])
    def test_what_is_not_there(self, gate: Gate, client: RawClient, path: str) -> None:
        send(client, b"x")
        assert fetch(f"http://{gate.http_endpoint}{path}")[0] == 404

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    def test_other_methods(self, gate: Gate, client: RawClient, method: str) -> None:
        send(client, b"x")
        assert fetch(url(gate), method)[0] == 405

    def test_the_address_cannot_be_guessed(self, gate: Gate, client: RawClient) -> None:
        for mid in (1, 2):
            send(client, b"same", mid=mid)
        assert url(gate, 1) != url(gate, 2)
        assert all(len(url(gate, mid).rpartition("/")[2]) == 48 for mid in (1, 2))


class TestLifeOfAContent:
    def test_it_goes_with_the_last_message(self, gate: Gate, client: RawClient) -> None:
        token = client.call("filetoken", **{"from": 1}, cmd="sendfiles", tos=[2, 3])["token"]
        params = {"pid": client.pid, "token": token, "mtype": 50, "from": 1, "tos": [2, 3], "mid": 1}
        client.raw("sendfiles", {**params, "file": b"x", "attrs": file_attrs(b"x", token)})
        address = url(gate)
        folder = gate._inside().contents._folder
        assert folder is not None and len(list(folder.iterdir())) == 1
        client.call("delmsg", mid=1, **{"from": 1}, xid=2, type=1)
        assert fetch(address)[0] == 200
        client.call("delmsg", mid=1, **{"from": 1}, xid=3, type=1)
        assert fetch(address)[0] == 404
        assert list(folder.iterdir()) == []

    def test_it_is_there_after_a_restart(self, tmp_path: Path) -> None:
        with Gate(store=tmp_path / "gate.db") as gate, RawClient(gate) as client:
            send(client, b"kept")
            http_listen = gate.http_endpoint
        with Gate(store=tmp_path / "gate.db", http_listen=http_listen) as gate:
            assert fetch(url(gate))[2] == b"kept"

    def test_what_no_message_points_to_is_removed_at_the_start(self, tmp_path: Path) -> None:
        folder = tmp_path / "gate.db.files"
        with Gate(store=tmp_path / "gate.db") as gate, RawClient(gate) as client:
            send(client, b"kept")
            assert len(list(folder.iterdir())) == 1
        (folder / ("a" * 48)).write_bytes(b"left over from a crash")
        (folder / "notes.txt").write_text("not ours")
        with Gate(store=tmp_path / "gate.db") as gate:
            assert sorted(len(path.name) for path in folder.iterdir()) == [9, 48]
            assert not (folder / ("a" * 48)).exists()

    def test_reset_removes_it(self, gate: Gate, client: RawClient) -> None:
        send(client, b"x")
        address = url(gate)
        gate.reset()
        assert fetch(address)[0] == 404
        folder = gate._inside().contents._folder
        assert folder is not None and list(folder.iterdir()) == []

    def test_a_message_whose_content_was_lost(self, gate: Gate, client: RawClient) -> None:
        send(client, b"x")
        folder = gate._inside().contents._folder
        assert folder is not None
        for path in folder.iterdir():
            path.unlink()
        assert fetch(url(gate))[0] == 404

    def test_nothing_is_on_disk_before_the_first_file(self, gate: Gate, tmp_path: Path) -> None:
        assert gate._inside().contents._folder is None
        with Gate(store=tmp_path / "gate.db"):
            assert not (tmp_path / "gate.db.files").exists()

    def test_the_folder_is_for_its_owner_only(self, gate: Gate, client: RawClient) -> None:
        send(client, b"x")
        folder = gate._inside().contents._folder
        assert folder is not None and folder.stat().st_mode & 0o077 == 0

    def test_what_cannot_be_removed_is_logged(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        contents = Contents(tmp_path / "gate.db", set())
        contents.new("x")
        (tmp_path / "gate.db.files" / "folder").mkdir()
        contents.remove(["folder", "missing"])
        assert "cannot remove the file content folder" in caplog.text


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("cat.jpg", "cat.jpg"),
        ("", "file"),
        ("..", "file"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\me\\cat.jpg", "cat.jpg"),
        ("a\r\nb\0c.txt", "abc.txt"),
        (" .hidden. ", "hidden"),
        ("x" * 300 + ".tar.gz", "x" * 117 + ".gz"),
        ("y" * 300, "y" * 120),
        ("猫.png", "猫.png"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_filename(name) == safe
