"""Checks of what a user says about the way to a service."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ..secret import Secret

__all__ = ["checked_ca_bundle", "checked_proxy", "checked_token", "checked_url", "webhook_parts"]


def checked_url(name: str, url: Any) -> str:
    """An absolute URL that does not show secrets.

    Args:
        name: of the argument.
        url: what was given.

    Raises:
        TypeError: it is no `str`.
        ValueError: it is no http or https URL, or holds a user, a password, a query or a fragment.
    """
    if not isinstance(url, str):
        raise TypeError(f"{name} must be a str, not {type(url).__name__}")
    parts = _split(name, url)
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"{name} must begin with https:// or http://")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(f"{name} must hold neither a user nor a query nor a fragment")
    return url


def checked_proxy(proxy: Any) -> str:
    """The URL of an HTTP proxy, or an empty text for none. It may hold a user and a password.

    Raises:
        TypeError: it is no `str`.
        ValueError: it is no http or https URL with a host.
    """
    if not isinstance(proxy, str):
        raise TypeError(f"proxy must be a str, not {type(proxy).__name__}")
    if not proxy:
        return ""
    url = Secret(proxy if "://" in proxy else f"http://{proxy}")
    if _split("proxy", url).scheme not in ("http", "https"):
        raise ValueError("proxy must begin with http:// or https://; other kinds of proxies are not supported")
    return url


def webhook_parts(url: str, form: str) -> SplitResult:
    """The parts of the address of a webhook, which is a secret: no error shows anything of it.

    Args:
        url: what was given.
        form: what such an address looks like.

    Raises:
        ValueError: it is no http or https URL with a path, or holds a user, a password or a fragment.
    """
    try:
        parts = _split("url", url)
    except ValueError:
        parts = urlsplit("")
    good = parts.scheme in ("http", "https") and parts.username is None and not parts.fragment
    if not (good and parts.path.strip("/")):
        raise ValueError(f"url must look like {form}")
    return parts


def checked_ca_bundle(path: Any) -> str:
    """The path of a file or folder with certificates.

    Raises:
        TypeError: it is no path.
        ValueError: there is nothing.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"ca_bundle must be a path, not {type(path).__name__}")
    path = os.fspath(path)
    if not os.path.exists(path):
        raise ValueError(f"ca_bundle names {path!r}, which is not there")
    return str(path)


def checked_token(token: Any) -> Secret:
    """A token that can stand in a header.

    Raises:
        TypeError: it is no `str`.
        ValueError: it is empty, or has characters that no token has.
    """
    if not isinstance(token, str):
        raise TypeError(f"token must be a str, not {type(token).__name__}")
    if not token:
        raise ValueError("token must not be empty")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ValueError("token has characters that no token has, such as a space or a newline")
    return Secret(token)


def _split(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not url.isascii() or any(character <= " " for character in url):
        raise ValueError(f"{name} is not a URL with a host")
    return parts
