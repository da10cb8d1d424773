"""The exception that becomes the error answer to a quest."""

from __future__ import annotations

__all__ = ["Refusal"]


class Refusal(Exception):
    """The quest is answered with an error.

    Attributes:
        code: the error code.
        text: the text for people; holds no secrets and no message content.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text
