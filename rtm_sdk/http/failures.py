"""What errors of sockets, http.client, urllib3 and requests say, without the URLs they quote."""

from __future__ import annotations

import http.client
import re
import ssl

__all__ = ["NoCertificates", "is_hopeless", "root_of", "text_of"]


_QUOTING = (http.client.BadStatusLine, http.client.IncompleteRead, http.client.InvalidURL)
"""Errors whose text is what came, as it came, or what was to be sent, or says nothing more than their name."""


class NoCertificates(OSError):
    """The certificates to trust could not be loaded."""


def root_of(error: BaseException) -> BaseException:
    """The error that `requests` and `urllib3` have wrapped, layer by layer."""
    for _ in range(10):
        inner = [getattr(error, "reason", None), *reversed(error.args), error.__cause__, error.__context__]
        found = next((each for each in inner if isinstance(each, BaseException) and _is_wrapper(error)), None)
        if found is None:
            break
        error = found
    return error


def text_of(error: BaseException) -> str:
    """A text for people. Of errors that may quote a URL it is only the kind."""
    if _is_wrapper(error):
        return type(error).__name__
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not accepted: {error.verify_message}"
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    if isinstance(error, http.client.HTTPException) and not isinstance(error, _QUOTING):
        return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return type(error).__name__


def is_hopeless(error: BaseException) -> bool:
    """Whether connecting again would fail the same way: a certificate, or a proxy that refuses."""
    if isinstance(error, (ssl.SSLCertVerificationError, NoCertificates)):
        return True
    return isinstance(error, OSError) and re.match(r"Tunnel connection failed: 4\d\d", str(error)) is not None


def _is_wrapper(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in ("requests", "urllib3")
