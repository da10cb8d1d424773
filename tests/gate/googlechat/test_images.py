from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm_sdk.gate.googlechat.images import picture_size

from .pictures import gif_bytes, jpeg_bytes, png_bytes

SIDES = st.integers(min_value=1, max_value=60000)


@given(SIDES, SIDES)
def test_sizes(width: int, height: int) -> None:
    assert picture_size(gif_bytes(width, height)) == ("gif", width, height)
    assert picture_size(jpeg_bytes(width, height)) == ("jpg", width, height)
    assert picture_size(png_bytes(width, 1)) == ("png", width, 1)


@pytest.mark.parametrize("picture", [gif_bytes(100, 200), jpeg_bytes(100, 200), png_bytes(100, 200)])
def test_a_picture_that_is_cut_has_no_size_or_the_right_one(picture: bytes) -> None:
    whole = picture_size(picture)
    assert whole is not None
    assert {picture_size(picture[:length]) for length in range(len(picture))} == {None, whole}


@given(st.binary(max_size=60))
def test_other_bytes_are_no_picture_or_one(content: bytes) -> None:
    for beginning in (b"", b"\xff\xd8", b"\xff\xd8\xff"):
        size = picture_size(beginning + content)
        assert size is None or size[0] in ("png", "gif", "jpg")
