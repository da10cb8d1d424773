"""The size of a picture, from its first bytes."""

from __future__ import annotations

import struct

__all__ = ["picture_size"]

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE_MARKERS = frozenset((0x01, *range(0xD0, 0xD9)))


def picture_size(content: bytes) -> tuple[str, int, int] | None:
    """The kind (``png``, ``gif`` or ``jpg``), width and height in pixels; None when it is none of these."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        return ("png", *struct.unpack_from(">II", content, 16))
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return ("gif", *struct.unpack_from("<HH", content, 6))
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[str, int, int] | None:
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _JPEG_BARE_MARKERS:
            place += 2
        elif marker in _JPEG_SIZE_MARKERS:
            if place + 9 > len(content):
                return None
            height, width = struct.unpack_from(">HH", content, place + 5)
            return "jpg", width, height
        else:
            place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    return None
