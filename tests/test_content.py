from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import os
import tempfile
import tracemalloc
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk import content as content_module
from rtm_sdk.content import Content, FileChanged

MIB = 1 << 20


def read(content: Content, size: int = 4) -> bytes:
    return b"".join(content.chunks(size))


class Stream(io.RawIOBase):
    """A long stream of zeros that cannot be rewound."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self.left, 100_000)
        buffer[:count] = bytes(count)
        self.left -= count
        return count


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "a.b" / "cat.tar.gz"
    found.parent.mkdir()
    found.write_bytes(b"hello world")
    return found


class TestByType:
    @pytest.mark.parametrize("file", [b"hello", bytearray(b"hello"), memoryview(b"hello"), "hello"])
    def test_content_itself(self, file: Any) -> None:
        with Content.of(file) as content:
            assert (content.size, content.name, read(content)) == (5, "", b"hello")
            assert content.md5() == "5d41402abc4b2a76b9719d911017c592"

    def test_text_is_utf_8(self) -> None:
        with Content.of("grüß") as content:
            assert (content.size, read(content)) == (6, "grüß".encode())

    def test_text_that_is_not_unicode(self) -> None:
        with pytest.raises(ValueError, match="^file cannot be sent as UTF-8"):
            Content.of("\ud800")

    def test_buffer_is_taken_as_it_was(self) -> None:
        buffer = bytearray(b"hello")
        with Content.of(buffer) as content:
            buffer[:] = b"changed and longer"
            assert read(content) == b"hello"
        with Content.of(memoryview(b"h.e.l.l.o")[::2]) as content:
            assert read(content) == b"hello"

    def test_path(self, path: Path) -> None:
        with Content.of(path) as content:
            assert (content.size, content.name, read(content)) == (11, "cat.tar.gz", b"hello world")

    def test_path_object_of_bytes(self, path: Path) -> None:
        class BytesPath(os.PathLike[bytes]):
            def __fspath__(self) -> bytes:
                return os.fsencode(path)

        with Content.of(BytesPath()) as content:
            assert (content.name, read(content)) == ("cat.tar.gz", b"hello world")

    def test_file_object_is_read_from_its_position_and_stays_open(self, path: Path) -> None:
        with path.open("rb") as file:
            file.seek(6)
            with Content.of(file) as content:
                assert (content.size, content.name) == (5, "cat.tar.gz")
                assert read(content) == read(content) == b"world"
            assert not file.closed

    def test_file_object_without_a_buffer(self, path: Path) -> None:
        with path.open("rb", buffering=0) as file, Content.of(file) as content:
            assert read(content, 3) == b"hello world"

    def test_compressed_file_is_read_as_its_content(self, tmp_path: Path) -> None:
        for module in (gzip, bz2):
            packed = tmp_path / module.__name__
            with module.open(packed, "wb") as file:
                file.write(b"hello world")
            with module.open(packed, "rb") as file:
                file.read(6)
                with Content.of(file) as content:
                    assert (content.size, read(content)) == (5, b"world")

    def test_pipe_is_copied(self) -> None:
        reading, writing = os.pipe()
        os.write(writing, b"hello world")
        os.close(writing)
        with open(reading, "rb") as file, Content.of(file) as content:
            assert (content.size, content.name) == (11, "")
            assert read(content) == read(content) == b"hello world"
            assert not file.closed

    def test_file_object_of_an_unknown_kind_is_copied(self) -> None:
        """It may be slow to read, or hold a lock, when its turn to be sent has come."""

        class Upload:
            def __init__(self) -> None:
                self.file_like = io.BytesIO(b"0123456789")
                self.reads = 0

            def read(self, size: int = -1) -> bytes:
                self.reads += 1
                return self.file_like.read(size)

            def seek(self, position: int, whence: int = 0) -> int:
                return self.file_like.seek(position, whence)

            def tell(self) -> int:
                return self.file_like.tell()

            def seekable(self) -> bool:
                return True

        upload = Upload()
        with Content.of(upload) as content:  # type: ignore[arg-type]
            reads = upload.reads
            assert b"".join(content.chunks(4)) == b"0123456789"
            assert upload.reads == reads

    def test_stream_in_pieces_is_copied_whole(self) -> None:
        with Content.of(Stream(3 * MIB)) as content:  # type: ignore[arg-type]
            assert content.size == 3 * MIB

    def test_reader_with_nothing_but_read(self) -> None:
        class Reader:
            def __init__(self) -> None:
                self.data = io.BytesIO(b"hello")

            def read(self, size: int = -1) -> bytes:
                return self.data.read(size)

        with Content.of(Reader()) as content:  # type: ignore[arg-type]
            assert read(content) == b"hello"

    def test_temporary_files(self) -> None:
        for kind in (tempfile.TemporaryFile, tempfile.SpooledTemporaryFile):
            with kind() as file:
                file.write(b"hello")
                file.seek(0)
                with Content.of(file) as content:
                    assert (content.size, content.name, read(content)) == (5, "", b"hello")

    def test_text_mode_is_refused(self, path: Path) -> None:
        with path.open() as file, pytest.raises(TypeError, match="text mode"):
            Content.of(file)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="text mode"):
            Content.of(io.StringIO("x"))  # type: ignore[arg-type]

    @pytest.mark.parametrize("file", [None, 5, ["x"], {"x": 1}])
    def test_other_types_are_refused(self, file: Any) -> None:
        with pytest.raises(TypeError, match=rf"^file must be bytes, .*, not {type(file).__name__}$"):
            Content.of(file)

    def test_unreadable_path_is_told_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            Content.of(tmp_path / "absent")
        with pytest.raises(OSError):
            Content.of(tmp_path)

    def test_too_large_for_a_frame(self, tmp_path: Path) -> None:
        sparse = tmp_path / "sparse"
        with sparse.open("wb") as file:
            file.truncate(4 << 30)
        with pytest.raises(ValueError, match="4294967296 bytes"):
            Content.of(sparse)


class TestTextThatNamesAFile:
    @pytest.fixture(autouse=True)
    def not_yet_warned(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(content_module, "_warned", False)

    def test_is_content_with_one_warning(self, path: Path) -> None:
        with pytest.warns(UserWarning, match=r"pass pathlib\.Path\(") as caught, Content.of(str(path)) as content:
            assert read(content) == str(path).encode()
        assert [warning.filename for warning in caught] == [__file__]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            Content.of(str(path)).close()

    @pytest.mark.parametrize("text", ["", "hello", "no/such/file", "a\0b", "x" * 5000, "a\nb", "//host/share"])
    def test_other_texts_pass_in_silence(self, text: str) -> None:
        with Content.of(text) as content:
            assert read(content) == text.encode()


class TestReading:
    def test_chunks_have_the_size_asked_for(self) -> None:
        with Content.of(b"0123456789") as content:
            assert list(content.chunks(4)) == [b"0123", b"4567", b"89"]
            assert list(content.chunks(5)) == [b"01234", b"56789"]
            assert list(content.chunks(MIB)) == [b"0123456789"]

    def test_empty_file(self, tmp_path: Path) -> None:
        (tmp_path / "empty").touch()
        for file in (b"", "", tmp_path / "empty", io.BytesIO()):
            with Content.of(file) as content:
                assert (content.size, list(content.chunks(4))) == (0, [])
                assert content.md5() == "d41d8cd98f00b204e9800998ecf8427e"

    def test_md5_is_read_once(self, path: Path) -> None:
        with path.open("rb") as file, Content.of(file) as content:
            digest = hashlib.md5(b"hello world").hexdigest()
            assert content.md5() == digest
            path.write_bytes(b"hello there")
            assert content.md5() == digest

    def test_large_file_is_never_in_memory(self, tmp_path: Path) -> None:
        large = tmp_path / "large"
        with large.open("wb") as file:
            file.truncate(64 * MIB)
        tracemalloc.start()
        try:
            with Content.of(large) as content:
                content.md5()
                assert sum(map(len, content.chunks(MIB))) == 64 * MIB
            assert tracemalloc.get_traced_memory()[1] < 8 * MIB
        finally:
            tracemalloc.stop()

    def test_large_stream_is_copied_to_disk(self) -> None:
        tracemalloc.start()
        try:
            with Content.of(io.BufferedReader(Stream(32 * MIB))) as content:
                assert content.size == 32 * MIB
                content.md5()
            assert tracemalloc.get_traced_memory()[1] < 8 * MIB
        finally:
            tracemalloc.stop()

    def test_interleaved_with_a_user_who_moves_the_file(self, path: Path) -> None:
        with path.open("rb") as file, Content.of(file) as content:
            got = []
            for chunk in content.chunks(3):
                got.append(chunk)
                file.seek(0)
            assert b"".join(got) == b"hello world"

    @pytest.mark.parametrize("other", [b"shorter", b"longer than before"])
    def test_changed_size_is_found_before_the_first_chunk(self, path: Path, other: bytes) -> None:
        with Content.of(path) as content:
            path.write_bytes(other)
            with pytest.raises(FileChanged, match=f"had 11 bytes when its send began, now {len(other)}"):
                next(content.chunks(4))

    def test_file_cut_while_it_is_read(self, path: Path) -> None:
        path.write_bytes(b"x" * 3 * MIB)
        with Content.of(path) as content:
            chunks = content.chunks(MIB)
            next(chunks)
            os.truncate(path, MIB)
            with pytest.raises(FileChanged):
                list(chunks)

    def test_file_object_closed_too_early(self, path: Path) -> None:
        with path.open("rb") as file:
            content = Content.of(file)
        with pytest.raises(FileChanged, match=r"can no longer be read: .*closed file"):
            list(content.chunks(4))
        assert issubclass(FileChanged, OSError)

    def test_close_closes_what_was_opened(self, path: Path) -> None:
        content = Content.of(path)
        content.close()
        content.close()
        with pytest.raises(FileChanged):
            list(content.chunks(4))


class TestProgress:
    def test_is_told_after_each_chunk(self) -> None:
        told: list[tuple[int, int]] = []
        with Content.of(b"0123456789", lambda sent, size: told.append((sent, size))) as content:
            content.md5()
            list(content.chunks(4))
            assert told == []
            chunks: Iterator[bytes] = content.chunks(4, content.on_progress)
            next(chunks)
            assert told == []
            list(chunks)
            assert told == [(4, 10), (8, 10), (10, 10)]

    def test_its_exception_is_logged_once_and_the_send_goes_on(self, caplog: pytest.LogCaptureFixture) -> None:
        calls = []

        def fail(sent: int, size: int) -> None:
            calls.append(sent)
            raise RuntimeError("mine")

        with Content.of(b"0123456789") as content:
            assert b"".join(content.chunks(4, fail)) == b"0123456789"
        assert calls == [4]
        assert [record.message for record in caplog.records] == [
            "on_progress raised; it is not called again for this file"
        ]


def test_nothing_secret_in_the_repr() -> None:
    with Content.of(b"hello") as content:
        assert repr(content) == "<Content '' of 5 bytes>"
