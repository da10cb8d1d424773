from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from rtm_sdk.content import Content
from rtm_sdk.errors import FPNN_ERROR, RTM_ERROR, CallFailed, ErrorCode
from rtm_sdk.rtm.files import file_info_of
from rtm_sdk.rtm.quests import Quest
from rtm_sdk.rtm.results import FileInfo, FileToken, RTMAudioInfo, SendResult

from .contract import drive, start

TOKENS = [{"token": f"T{number}", "endpoint": f"gate{number}:1"} for number in range(4)]
DONE = {"mtime": 5}

CLOSED, UNREACHABLE = FPNN_ERROR.FPNN_EC_CORE_CONNECTION_CLOSED, FPNN_ERROR.FPNN_EC_CORE_INVALID_CONNECTION
TIMEOUT, TOO_LARGE = FPNN_ERROR.FPNN_EC_CORE_TIMEOUT, RTM_ERROR.RTM_EC_LARGE_FILE_OR_ATTRS
USED_BEFORE = RTM_ERROR.RTM_EC_DUPLICATED_MID


def failed(code: int, message: str = "", *, maybe: bool = False, after: float | None = None) -> CallFailed:
    return CallFailed(ErrorCode(code, message, maybe_delivered=maybe, retry_after=after))


def send(*answers: Any, file: Any = b"hello", mid: int = 77, **options: Any) -> tuple[list[Quest], Any]:
    return drive(start("send_file", 1, 2, 50, file, mid=mid, **options), *answers)


def failure(*answers: Any) -> ErrorCode:
    with pytest.raises(CallFailed) as caught:
        send(*answers)
    return caught.value.error_code


def attrs_of(file: Any = b"hello", **options: Any) -> dict[str, Any]:
    (_, sent), _ = send(TOKENS[0], DONE, file=file, **options)
    attrs = sent.params["attrs"]
    assert isinstance(attrs, str)
    found: dict[str, Any] = json.loads(attrs, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    return found


class TestAttributes:
    def test_worked_example(self) -> None:
        (_, sent), _ = drive(start("send_file", 1, 2, 50, "hello"), {"token": "T", "endpoint": "h:1"}, DONE)
        sign = "d8a1cba9d949fdb202ed8ccc5d888d04"
        assert json.loads(sent.params["attrs"]) == {"rtm": {"sign": sign, "ext": ""}, "custom": ""}

    @pytest.mark.parametrize(
        ("filename", "ext"),
        [
            ("cat.jpg", "jpg"),
            ("cat.tar.gz", "gz"),
            ("cat", ""),
            (".bashrc", ""),
            ("/a.b/c", ""),
            ("/a.b/c.d", "d"),
            ("C:\\a.b\\c", ""),
            ("C:\\a.b\\c.d", "d"),
            ("trailing.", ""),
            ('quote.a"b', 'a"b'),
            ("猫.图", "图"),
        ],
    )
    def test_name_and_extension(self, filename: str, ext: str) -> None:
        about = attrs_of(filename=filename)["rtm"]
        assert (about["filename"], about["ext"]) == (filename, ext)

    def test_name_of_a_path_and_of_a_file_object(self, tmp_path: Path) -> None:
        path = tmp_path / "a.b" / "cat.jpg"
        path.parent.mkdir()
        path.write_bytes(b"hello")
        assert attrs_of(path)["rtm"]["filename"] == "cat.jpg"
        assert attrs_of(path, filename="dog.png")["rtm"]["ext"] == "png"
        with path.open("rb") as file:
            about = attrs_of(file)["rtm"]
            assert (about["filename"], about["ext"]) == ("cat.jpg", "jpg")

    def test_without_a_name(self) -> None:
        assert set(attrs_of()["rtm"]) == {"sign", "ext"}

    @pytest.mark.parametrize(
        ("attrs", "custom"),
        [
            ("", ""),
            ("hello", "hello"),
            ('say "hi"\\', 'say "hi"\\'),
            ('{"a": [1, "猫"]}', {"a": [1, "猫"]}),
            ("[1, 2]", "[1, 2]"),
            ('"quoted"', '"quoted"'),
            ("5", "5"),
            ("{broken", "{broken"),
            ('{"a": NaN}', '{"a": NaN}'),
            ('{"a": 1e999}', '{"a": 1e999}'),
            ("[" * 100_000, "[" * 100_000),
            ('{"a": ' * 100_000, '{"a": ' * 100_000),
        ],
    )
    def test_custom(self, attrs: str, custom: Any) -> None:
        assert attrs_of(attrs=attrs)["custom"] == custom

    def test_audio(self) -> None:
        about = attrs_of(audio=RTMAudioInfo("en", 1500))["rtm"]
        del about["sign"], about["ext"]
        assert about == {"type": "audiomsg", "lang": "en", "duration": 1500, "codec": "AMR_WB", "srate": 16000}

    def test_arguments_are_checked(self) -> None:
        wrong: list[tuple[str, Any]] = [
            ("audio", ("en", 1500)),
            ("attrs", None),
            ("filename", Path("x")),
            ("mid", "5"),
            ("on_progress", True),
        ]
        for argument, value in wrong:
            with pytest.raises(TypeError, match=f"^{argument} must be"):
                attrs_of(**{argument: value})
        with pytest.raises(TypeError, match=r"^audio\.duration must be an int"):
            attrs_of(audio=RTMAudioInfo("en", 1.5))  # type: ignore[arg-type]
        for mtype in (30, 39, 51):
            with pytest.raises(ValueError, match=f"^mtype must be from 40 to 50, not {mtype}$"):
                next(start("send_file", 1, 2, mtype, b"x"))


class TestSteps:
    def test_content_goes_with_the_second_quest(self) -> None:
        generator = start("send_group_file", 1, 7, 50, b"hello")
        next(generator)
        quest = generator.send(TOKENS[0])
        assert isinstance(quest.content, Content)
        assert b"".join(quest.content.chunks(2)) == b"hello"
        generator.close()

    def test_mid_is_made_once_and_returned(self) -> None:
        (_, first, _, second), result = send(TOKENS[0], failed(CLOSED, maybe=True), TOKENS[1], DONE, mid=0)
        assert 0 < first.params["mid"] == second.params["mid"] == result.mid

    def test_unreadable_path_raises_in_the_callers_thread(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            next(start("send_file", 1, 2, 50, tmp_path / "absent"))

    def test_file_that_was_opened_is_closed_whatever_happens(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        path.write_bytes(b"hello")
        (_, sent), _ = send(TOKENS[0], DONE, file=path)
        abandoned = start("send_file", 1, 2, 50, path)
        next(abandoned)
        left: Quest = abandoned.send(TOKENS[0])
        abandoned.close()
        for quest in (sent, left):
            assert quest.content is not None
            with pytest.raises(OSError, match="can no longer be read"):
                list(quest.content.chunks(4))

    def test_file_object_of_the_caller_stays_open(self) -> None:
        file = io.BytesIO(b"hello")
        send(TOKENS[0], DONE, file=file)
        assert not file.closed

    def test_broken_token_answer(self) -> None:
        assert failure({"token": "T"}) == FPNN_ERROR.FPNN_EC_PROTO_KEY_NOT_FOUND
        assert failure({"token": 5, "endpoint": "h:1"}) == FPNN_ERROR.FPNN_EC_PROTO_TYPE_CONVERT


class TestRepeats:
    @pytest.mark.parametrize(
        "lost", [failed(CLOSED, maybe=True), failed(CLOSED), failed(UNREACHABLE), failed(20007, maybe=True)]
    )
    def test_lost_send_is_repeated_with_a_new_token_and_the_same_mid(self, lost: CallFailed) -> None:
        quests, result = send(TOKENS[0], lost, TOKENS[1], DONE)
        assert [quest.method for quest in quests] == ["filetoken", "sendfile", "filetoken", "sendfile"]
        assert [quest.params["token"] for quest in quests[1::2]] == ["T0", "T1"]
        assert [quest.params["mid"] for quest in quests[1::2]] == [77, 77]
        assert [quest.endpoint for quest in quests[1::2]] == ["gate0:1", "gate1:1"]
        signs = [json.loads(quest.params["attrs"])["rtm"]["sign"] for quest in quests[1::2]]
        assert signs[0] != signs[1]
        assert result == SendResult(77, 5)

    def test_repeats_have_an_end(self) -> None:
        code = failure(TOKENS[0], failed(UNREACHABLE), TOKENS[1], failed(UNREACHABLE), TOKENS[2], failed(UNREACHABLE))
        assert code == UNREACHABLE
        assert not code.maybe_delivered

    def test_used_mid_after_a_lost_send_is_a_success(self) -> None:
        quests, result = send(
            TOKENS[0], failed(CLOSED, maybe=True), TOKENS[1], failed(USED_BEFORE), {"id": 1, "mtime": 6}
        )
        assert quests[-1].method == "getmsg"
        assert quests[-1].params == {"mid": 77, "from": 1, "xid": 2, "type": 1}
        assert result == (77, 6)

    def test_used_mid_is_an_error_when_nothing_was_sent_before(self) -> None:
        assert failure(TOKENS[0], failed(USED_BEFORE)) == USED_BEFORE
        assert failure(TOKENS[0], failed(UNREACHABLE), TOKENS[1], failed(USED_BEFORE)) == USED_BEFORE

    def test_answers_and_timeouts_are_not_repeated(self) -> None:
        assert failure(TOKENS[0], failed(TOO_LARGE, "8 MiB", after=3.0)) == TOO_LARGE
        code = failure(TOKENS[0], failed(TIMEOUT, maybe=True))
        assert code == TIMEOUT
        assert code.maybe_delivered

    def test_the_rest_of_a_failure_is_kept(self) -> None:
        code = failure(TOKENS[0], failed(TOO_LARGE, "8 MiB", after=3.0))
        assert (code.message, code.retry_after, code.maybe_delivered) == ("8 MiB", 3.0, False)

    def test_lost_token_delivers_nothing(self) -> None:
        code = failure(failed(CLOSED, maybe=True))
        assert code == CLOSED
        assert not code.maybe_delivered

    def test_doubt_about_an_earlier_attempt_stays(self) -> None:
        lost = failed(CLOSED, maybe=True)
        assert failure(TOKENS[0], lost, failed(TIMEOUT)).maybe_delivered
        assert failure(TOKENS[0], lost, TOKENS[1], failed(TOO_LARGE)).maybe_delivered
        assert failure(TOKENS[0], lost, TOKENS[1], failed(UNREACHABLE), TOKENS[2], failed(UNREACHABLE)).maybe_delivered
        assert failure(TOKENS[0], lost, {}).maybe_delivered


@pytest.mark.parametrize("cmd", ["GroupFile", "", "sendmsg"])
def test_unknown_cmd(cmd: str) -> None:
    with pytest.raises(ValueError, match="^cmd must be one of sendfile, "):
        next(start("file_token", 1, cmd, to_uid=2))


def test_token_is_not_shown() -> None:
    assert "secret" not in repr(FileToken("secret", "h:1"))
    assert repr(FileToken("secret", "h:1")) == "FileToken(token=<hidden>, endpoint='h:1')"


BODY = '{"url": "http://x/y", "size": 12345, "surl": "http://x/s"}'
AUDIO = {"type": "audiomsg", "lang": "en", "duration": 1500, "codec": "AMR_WB", "srate": 16000}


class TestReading:
    def test_file(self) -> None:
        attrs = '{"rtm": {"ext": "jpg"}, "custom": "mine"}'
        assert file_info_of(BODY, attrs, 40) == (FileInfo("http://x/y", 12345, "http://x/s"), "mine")
        assert file_info_of(BODY.encode(), attrs, 50)[0] == FileInfo("http://x/y", 12345, "http://x/s")

    @pytest.mark.parametrize("mtype", [39, 51, 30])
    def test_no_file(self, mtype: int) -> None:
        assert file_info_of(BODY, '{"custom": "mine"}', mtype) == (None, '{"custom": "mine"}')

    @pytest.mark.parametrize(
        ("attrs", "custom"),
        [
            ('{"rtm": {}, "custom": {"a": "猫"}}', '{"a": "猫"}'),
            ('{"rtm": {}, "custom": "hello"}', "hello"),
            ('{"rtm": {}, "custom": ""}', ""),
            ('{"rtm": {}}', ""),
            ('{"rtm": {}, "custom": 5}', ""),
            ('{"custom": "no rtm"}', "no rtm"),
            ('{"sign": "x", "ext": "jpg"}', ""),
            ('{"rtm": [], "custom": "x"}', "x"),
            ("{}", ""),
            ("", ""),
            ("not json", "not json"),
            ("[1]", "[1]"),
            ("5", "5"),
            ("[" * 100_000, "[" * 100_000),
        ],
    )
    def test_attributes(self, attrs: str, custom: str) -> None:
        info, found = file_info_of(BODY, attrs, 50)
        assert found == custom
        assert info == FileInfo("http://x/y", 12345, "http://x/s")

    @pytest.mark.parametrize("body", ["", "text", b"\xff\xfe", "[]", "{}", '{"url": 5}', '{"size": 5}', "{" * 100_000])
    def test_broken_body_leaves_the_attributes(self, body: str | bytes) -> None:
        assert file_info_of(body, '{"rtm": {}, "custom": "mine"}', 50) == (None, "mine")

    @pytest.mark.parametrize(
        ("size", "found"), [("5", 5), ("5.0", 5), ('"5"', 0), ("null", 0), ("true", 0), ("1e999", 0), ("NaN", 0)]
    )
    def test_odd_sizes(self, size: str, found: int) -> None:
        info, _ = file_info_of(f'{{"url": "u", "size": {size}, "surl": 7}}', "", 50)
        assert info == FileInfo("u", found)

    def test_rtm_audio(self) -> None:
        info, _ = file_info_of('{"url": "u", "size": 9}', json.dumps({"rtm": AUDIO, "custom": ""}), 41)
        assert info == FileInfo("u", 9, "", True, "en", 1500, "AMR_WB", 16000)
        partly = json.dumps({"rtm": {"type": "audiomsg", "duration": "long", "lang": 5}})
        assert file_info_of('{"url": "u"}', partly, 41)[0] == FileInfo("u", is_rtm_audio=True)
        other = json.dumps({"rtm": {**AUDIO, "type": "other"}})
        assert file_info_of('{"url": "u"}', other, 41)[0] == FileInfo("u")

    @pytest.mark.parametrize("attrs", ["", "hello", '{"a": 1}', "[1]"])
    def test_what_is_sent_comes_back(self, attrs: str) -> None:
        sent = json.dumps(attrs_of(attrs=attrs, audio=RTMAudioInfo("en", 1500)))
        info, found = file_info_of('{"url": "u", "size": 5}', sent, 41)
        assert found == attrs
        assert info == FileInfo("u", 5, "", True, "en", 1500, "AMR_WB", 16000)
