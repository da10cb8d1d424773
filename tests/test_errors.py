from __future__ import annotations

import copy
import pickle

import pytest

from rtm_sdk.errors import (
    BEARYCHAT_ERROR,
    FPNN_ERROR,
    OK,
    RTM_ERROR,
    CallFailed,
    Code,
    ErrorCode,
    RTMException,
    unwrap,
)

# Codes and names as the public SDKs have them, but for spelling.
RTM_FACTS = """
200001 INVALID_PID_OR_UID
200002 INVALID_PID_OR_SIGN
200003 INVALID_FILE_OR_SIGN_OR_TOKEN
200004 ATTRS_WITHOUT_SIGN_OR_EXT
200005 INVALID_MTYPE
200006 SAME_SIGN
200007 INVALID_FILE_MTYPE
200008 INVALID_SERVER_TIME INVALID_SERFVER_TIME
200010 FREQUENCY_LIMITED API_FREQUENCY_LIMITED
200011 REFRESH_SCREEN_LIMITED MESSAGE_FREQUENCY_LIMITED
200012 KICKOUT_SELF
200020 FORBIDDEN_METHOD
200021 PERMISSION_DENIED
200022 UNAUTHORIZED
200023 DUPLICATED_AUTH DUPLCATED_AUTH
200024 AUTH_DENIED
200025 ADMIN_LOGIN
200026 ADMIN_ONLY
200027 INVALID_AUTH_TOKEN INVALID_AUTH_TOEKN
200030 LARGE_MESSAGE_OR_ATTRS
200031 LARGE_FILE_OR_ATTRS
200032 TOO_MANY_ITEMS_IN_PARAMETERS
200033 EMPTY_PARAMETER
200034 INVALID_PARAMETER
200040 NOT_IN_ROOM
200041 NOT_GROUP_MEMBER
200042 MAX_GROUP_MEMBER_COUNT
200043 NOT_FRIEND
200044 BANNED_IN_GROUP
200045 BANNED_IN_ROOM
200046 EMPTY_GROUP
200047 MAX_ROOM_COUNT ENTER_TOO_MANY_ROOMS
200048 MAX_FRIEND_COUNT
200049 BLOCKED_USER
200050 UNSUPPORTED_LANGUAGE
200051 EMPTY_TRANSLATION
200052 SEND_TO_SELF
200053 DUPLICATED_MID DUPLCATED_MID
200054 SENSITIVE_WORDS
200055 NOT_ONLINE
200056 TRANSLATION_ERROR
200057 PROFANITY_STOP
200060 NO_CONFIG_IN_CONSOLE
200061 UNSUPPORTED_TRANSCRIBE_TYPE UNSUPPORTED_TRASNCRIBE_TYPE
200070 MESSAGE_NOT_FOUND
200999 UNKNOWN_ERROR
"""

FPNN_FACTS = """
0 OK
10001 PROTO_UNKNOWN_ERROR
10002 PROTO_NOT_SUPPORTED
10003 PROTO_INVALID_PACKAGE
10004 PROTO_JSON_CONVERT
10005 PROTO_STRING_KEY
10006 PROTO_MAP_VALUE
10007 PROTO_METHOD_TYPE
10008 PROTO_PROTO_TYPE
10009 PROTO_KEY_NOT_FOUND
10010 PROTO_TYPE_CONVERT
10011 PROTO_FILE_SIGN
10012 PROTO_FILE_NOT_EXIST
20001 CORE_UNKNOWN_ERROR
20002 CORE_CONNECTION_CLOSED
20003 CORE_TIMEOUT
20004 CORE_UNKNOWN_METHOD
20005 CORE_ENCODING
20006 CORE_DECODING
20007 CORE_SEND_ERROR
20008 CORE_RECV_ERROR
20009 CORE_INVALID_PACKAGE
20010 CORE_HTTP_ERROR
20011 CORE_WORK_QUEUE_FULL
20012 CORE_INVALID_CONNECTION
20013 CORE_FORBIDDEN
20014 CORE_SERVER_STOPPING
20015 CORE_CANCELLED
30001 ZIP_COMPRESS
30002 ZIP_DECOMPRESS
"""


def facts(text: str, prefix: str) -> list[tuple[int, list[str]]]:
    """Each line as the code and its names, the right spelling first."""
    lines = [line.split() for line in text.split("\n") if line]
    return [(int(code), [prefix + name for name in names]) for code, *names in lines]


# The canonical codes of google.rpc: name, number, HTTP status, and whether the same call may work later.
CODE_FACTS = """
OK 0 200 no
CANCELLED 1 499 no
UNKNOWN 2 500 yes
INVALID_ARGUMENT 3 400 no
DEADLINE_EXCEEDED 4 504 yes
NOT_FOUND 5 404 no
ALREADY_EXISTS 6 409 no
PERMISSION_DENIED 7 403 no
RESOURCE_EXHAUSTED 8 429 yes
FAILED_PRECONDITION 9 400 no
ABORTED 10 409 no
OUT_OF_RANGE 11 400 no
UNIMPLEMENTED 12 501 no
INTERNAL 13 500 yes
UNAVAILABLE 14 503 yes
DATA_LOSS 15 500 no
UNAUTHENTICATED 16 401 no
"""
CODES = [line.split() for line in CODE_FACTS.split("\n") if line]

RTM = facts(RTM_FACTS, "RTM_EC_")
FPNN = facts(FPNN_FACTS, "FPNN_EC_")
TIMEOUT = FPNN_ERROR.FPNN_EC_CORE_TIMEOUT


class TestTables:
    @pytest.mark.parametrize(("family", "expected"), [(RTM_ERROR, RTM), (FPNN_ERROR, FPNN)])
    def test_hold_the_published_codes_and_nothing_else(
        self, family: type[RTM_ERROR] | type[FPNN_ERROR], expected: list[tuple[int, list[str]]]
    ) -> None:
        assert [(int(member), member.name) for member in family] == [(code, names[0]) for code, names in expected]
        spellings = {name: int(member) for name, member in family.__members__.items()}
        assert spellings == {name: code for code, names in expected for name in names}

    def test_hold_the_canonical_codes_and_nothing_else(self) -> None:
        assert [[member.name, str(int(member)), str(member.http)] for member in Code] == [fact[:3] for fact in CODES]

    def test_hold_what_bearychat_has_published(self) -> None:
        published = {member.name: int(member) for member in BEARYCHAT_ERROR if member < 1000}
        assert published == {"OK": 0, "FILE_NOT_FOUND": 6, "RATE_LIMIT": 13}

    @pytest.mark.parametrize("member", [*Code, *BEARYCHAT_ERROR])
    def test_each_says_what_it_means_in_its_family(self, member: Code | BEARYCHAT_ERROR) -> None:
        error = ErrorCode(member, family=type(member))
        assert member.meaning == error.meaning != ""
        assert error.name == member.name

    @pytest.mark.parametrize("member", [*FPNN_ERROR, *RTM_ERROR])
    def test_each_says_what_it_means(self, member: FPNN_ERROR | RTM_ERROR) -> None:
        assert member.meaning
        assert ErrorCode(member).meaning == member.meaning
        assert ErrorCode(member).name == member.name

    def test_members_are_ints_that_pickle(self) -> None:
        assert f"{RTM_ERROR.RTM_EC_SAME_SIGN:d}" == "200006"
        assert pickle.loads(pickle.dumps(RTM_ERROR.RTM_EC_DUPLCATED_MID)) is RTM_ERROR.RTM_EC_DUPLICATED_MID


class TestErrorCode:
    def test_success_is_zero_and_false(self) -> None:
        assert not OK
        assert OK == 0
        assert OK == FPNN_ERROR.FPNN_EC_OK
        assert OK.name == "FPNN_EC_OK"
        assert not OK.retryable
        assert str(OK) == "0 (success)"

    @pytest.mark.parametrize(("code", "names"), [*FPNN, *RTM])
    def test_compares_with_ints_and_members(self, code: int, names: list[str]) -> None:
        error = ErrorCode(code, "text")
        family = FPNN_ERROR if names[0].startswith("FPNN") else RTM_ERROR
        for name in names:
            assert error == family[name] == code
            assert error in {family[name]}
        assert error != code + 1
        assert bool(error) is bool(code)

    def test_a_code_nobody_knows(self) -> None:
        error = ErrorCode(4711)
        assert (error.name, error.meaning, error.retryable) == ("UNKNOWN_4711", "", False)
        assert str(error) == "4711 UNKNOWN_4711"
        assert str(ErrorCode(4711, "odd")) == "4711 UNKNOWN_4711: odd"

    def test_retryable(self) -> None:
        retryable = {int(member) for member in (*FPNN_ERROR, *RTM_ERROR) if ErrorCode(member).retryable}
        assert retryable == {20002, 20003, 20011, 20012, 20014, 200006, 200010, 200011}

    def test_prints_as_a_number_where_a_number_is_wanted(self) -> None:
        assert f"{ErrorCode(20003):d}" == "20003"

    def test_text_of_this_side(self) -> None:
        assert str(ErrorCode(TIMEOUT)) == "20003 FPNN_EC_CORE_TIMEOUT: no answer within the time allowed"
        error = ErrorCode(TIMEOUT, "no answer to sendmsg in time", maybe_delivered=True)
        assert str(error) == "20003 FPNN_EC_CORE_TIMEOUT: no answer to sendmsg in time (maybe delivered)"
        assert repr(error) == f"<ErrorCode {error}>"

    def test_text_of_the_service_comes_with_what_to_do(self) -> None:
        text = str(ErrorCode(RTM_ERROR.RTM_EC_INVALID_SERVER_TIME, "ts is off"))
        assert text.startswith("200008 RTM_EC_INVALID_SERVER_TIME: ")
        assert "check this machine's clock" in text
        assert "(ts is off)" in text
        assert "check pid and secret" in str(ErrorCode(RTM_ERROR.RTM_EC_INVALID_PID_OR_SIGN, "no"))

    def test_says_when_to_try_again(self) -> None:
        error = ErrorCode(RTM_ERROR.RTM_EC_FREQUENCY_LIMITED, retry_after=2.5)
        assert error.retry_after == 2.5
        assert str(error).endswith("(retry after 2.5 s)")

    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_pickles_with_all_it_knows(self, protocol: int) -> None:
        error = ErrorCode(TIMEOUT, "late", maybe_delivered=True, retry_after=1.5)
        for same in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error), copy.deepcopy(error)):
            assert type(same) is ErrorCode
            assert same is not error
            assert (same, same.message, same.maybe_delivered, same.retry_after) == (20003, "late", True, 1.5)
            assert vars(same) == vars(error)


class TestOfHTTP:
    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (200, Code.OK),
            (204, Code.OK),
            (302, Code.UNKNOWN),
            (400, Code.INVALID_ARGUMENT),
            (401, Code.UNAUTHENTICATED),
            (403, Code.PERMISSION_DENIED),
            (404, Code.NOT_FOUND),
            (405, Code.UNIMPLEMENTED),
            (408, Code.DEADLINE_EXCEEDED),
            (409, Code.ABORTED),
            (412, Code.FAILED_PRECONDITION),
            (413, Code.INVALID_ARGUMENT),
            (416, Code.OUT_OF_RANGE),
            (418, Code.FAILED_PRECONDITION),
            (429, Code.RESOURCE_EXHAUSTED),
            (499, Code.CANCELLED),
            (500, Code.INTERNAL),
            (501, Code.UNIMPLEMENTED),
            (502, Code.UNAVAILABLE),
            (503, Code.UNAVAILABLE),
            (504, Code.DEADLINE_EXCEEDED),
            (599, Code.INTERNAL),
            (999, Code.UNKNOWN),
        ],
    )
    def test_status_without_a_name(self, status: int, code: Code) -> None:
        assert Code.of_http(status) is code

    @pytest.mark.parametrize("code", Code)
    def test_its_own_status_gives_a_code_of_that_status(self, code: Code) -> None:
        assert Code.of_http(code.http).http == code.http


class TestFamilies:
    def test_name_the_same_number_differently(self) -> None:
        assert ErrorCode(13, family=Code).name == "INTERNAL"
        assert ErrorCode(13, family=BEARYCHAT_ERROR).name == "RATE_LIMIT"
        assert ErrorCode(13).name == ErrorCode(4711).name.replace("4711", "13") == "UNKNOWN_13"
        assert ErrorCode(99, family=Code).name == "UNKNOWN_99"

    def test_compare_with_their_members(self) -> None:
        error = ErrorCode(Code.NOT_FOUND, family=Code, http_status=404)
        assert error == Code.NOT_FOUND
        assert error != Code.ABORTED
        assert error in {Code.NOT_FOUND}

    def test_retryable(self) -> None:
        for name, _, status, retryable in CODES:
            error = ErrorCode(Code[name], family=Code, http_status=int(status))
            assert error.retryable is (retryable == "yes"), name
        assert ErrorCode(BEARYCHAT_ERROR.RATE_LIMIT, family=BEARYCHAT_ERROR).retryable
        assert not ErrorCode(BEARYCHAT_ERROR.FILE_NOT_FOUND, family=BEARYCHAT_ERROR, http_status=404).retryable
        assert ErrorCode(BEARYCHAT_ERROR.OK + 1050, family=BEARYCHAT_ERROR, http_status=500).retryable
        assert ErrorCode(FPNN_ERROR.FPNN_EC_CORE_HTTP_ERROR, http_status=502).retryable
        assert not ErrorCode(FPNN_ERROR.FPNN_EC_CORE_HTTP_ERROR, http_status=302).retryable

    def test_text(self) -> None:
        error = ErrorCode(Code.NOT_FOUND, "no such space", family=Code)
        assert str(error) == "5 NOT_FOUND: what was asked for does not exist (no such space)"

    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_pickle(self, protocol: int) -> None:
        error = ErrorCode(Code.NOT_FOUND, "none", family=Code, http_status=404, details=[{"reason": "x"}])
        same = pickle.loads(pickle.dumps(error, protocol))
        assert vars(same) == vars(error)
        assert (same.family, same.http_status, same.details) == (Code, 404, ({"reason": "x"},))
        assert pickle.loads(pickle.dumps(Code.ABORTED, protocol)) is Code.ABORTED


class TestExceptions:
    @pytest.mark.parametrize("kind", [RTMException, CallFailed])
    def test_pickle(self, kind: type[RTMException] | type[CallFailed]) -> None:
        error = kind(ErrorCode(TIMEOUT, "late", maybe_delivered=True))
        same = pickle.loads(pickle.dumps(error))
        assert type(same) is kind
        assert same.error_code == TIMEOUT
        assert same.error_code.maybe_delivered
        assert str(same) == str(error) == "20003 FPNN_EC_CORE_TIMEOUT: late (maybe delivered)"
        assert "FPNN_EC_CORE_TIMEOUT" in repr(same)

    def test_unwrap_gives_the_result(self) -> None:
        assert unwrap(("result", OK)) == "result"
        assert unwrap((None, OK)) is None

    def test_unwrap_raises_the_error(self) -> None:
        code = ErrorCode(RTM_ERROR.RTM_EC_NOT_IN_ROOM, "room 5")
        with pytest.raises(
            RTMException, match=r"200040 RTM_EC_NOT_IN_ROOM: the user is not in the room \(room 5\)"
        ) as it:
            unwrap((None, code))
        assert it.value.error_code is code
