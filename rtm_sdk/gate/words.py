"""Finding sensitive words in a text and starring them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple
from unicodedata import category, combining, normalize

__all__ = ["Found", "WordList"]

_INVISIBLE = "Cf"
_JOINED = frozenset(("Lu", "Ll", "Lt", "Nd"))
"""Letters of scripts that have capitals, and digits: a word of them ends where they end."""


class Found(NamedTuple):
    """What a text holds.

    Attributes:
        text: the text with a star for each character of a sensitive word.
        words: the words as they stand in the list, in the order of the text, each once.
        categories: their categories, ascending, each once.
    """

    text: str
    words: list[str]
    categories: list[int]


class WordList:
    """Sensitive words.

    Capitals, composed and decomposed accents, full-width forms and invisible characters make no difference. A word does
    not match inside a longer word, except in scripts without capitals, such as Chinese, which do not part words with
    spaces. Of several words at one place the longest counts.

    Args:
        words: the words or phrases; a mapping gives each its category, a number.

    Raises:
        TypeError, ValueError: a word is no text or holds no visible character.
    """

    def __init__(self, words: Mapping[str, int] | Collection[str]) -> None:
        if isinstance(words, (str, bytes)):
            raise TypeError("words must be a collection of words, not a single text")
        categories = words if isinstance(words, Mapping) else {}
        self._words: dict[str, tuple[str, int | None]] = {}
        lengths: dict[str, set[int]] = {}
        for word in words:
            if not isinstance(word, str):
                raise TypeError(f"words must hold str, not {type(word).__name__}")
            number = categories.get(word)
            if number is not None and type(number) is not int:
                raise TypeError(f"words: the category of {word!r} must be an int, not {type(number).__name__}")
            folded = "".join(_fold(character) for character in _characters(word))
            if not folded.strip():
                raise ValueError(f"words: {word!r} is empty")
            self._words.setdefault(folded, (word, number))
            lengths.setdefault(folded[0], set()).add(len(folded))
        self._lengths = {first: sorted(each, reverse=True) for first, each in lengths.items()}

    def search(self, text: str) -> Found:
        """Find all words in a text."""
        characters = list(text) if text.isascii() else _characters(text)
        folds = list(text.lower()) if text.isascii() else [_fold(character) for character in characters]
        folded = "".join(folds)
        begins, ends, place = {}, {}, 0
        for number, fold in enumerate(folds):
            if fold:
                begins[place] = number
                place += len(fold)
                ends[place] = number + 1
        found: dict[str, int | None] = {}
        done = 0
        for begin, number in begins.items():
            if begin >= done:
                end = self._match(folded, begin, ends)
                if end:
                    word, kind = self._words[folded[begin:end]]
                    found[word] = kind
                    characters[number : ends[end]] = "*" * (ends[end] - number)
                    done = end
        kinds = {kind for kind in found.values() if kind is not None}
        return Found("".join(characters), list(found), sorted(kinds))

    def _match(self, folded: str, begin: int, ends: Mapping[int, int]) -> int:
        """Where the longest word that begins here ends, 0 when there is none."""
        for length in self._lengths.get(folded[begin], ()):
            end = begin + length
            if (
                folded[begin:end] in self._words
                and end in ends
                and not _is_inside(folded, begin)
                and not _is_inside(folded, end)
            ):
                return end
        return 0


def _is_inside(folded: str, place: int) -> bool:
    """Whether a place is in the middle of a word."""
    return 0 < place < len(folded) and category(folded[place - 1]) in _JOINED and category(folded[place]) in _JOINED


def _characters(text: str) -> list[str]:
    """The characters as people see them: each with the marks and invisible characters that follow it."""
    characters: list[str] = []
    for sign in text:
        if characters and (combining(sign) or category(sign) == _INVISIBLE):
            characters[-1] += sign
        else:
            characters.append(sign)
    return characters


def _fold(character: str) -> str:
    """What is compared: empty for an invisible character."""
    visible = "".join(sign for sign in character if category(sign) != _INVISIBLE)
    return normalize("NFKC", normalize("NFKC", visible).casefold())
