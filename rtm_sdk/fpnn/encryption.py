"""FPNN's own encryption: keys agreed by ECDH in the first quest, then AES in CFB mode.

It hides the contents from listeners, and the client knows that it talks to the holder of the server's key. It does not
protect against changed or repeated bytes. `cryptography` is loaded when the first key is read or made.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import md5, sha256
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurve,
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )

__all__ = ["CURVES", "Encryption", "ServerKey", "SessionKeys"]

CURVES = {"secp256k1": 32, "secp256r1": 32, "secp224r1": 28, "secp192r1": 24}
"""The curves, and how many bytes a private key and a coordinate have on each."""

KeySource = bytes | str | os.PathLike[str]


class Encryption:
    """How a client encrypts: the public key of the server and the mode. Each connection makes a key pair of its own.

    Args:
        public_key: the public key of the server: PEM, DER or the raw coordinates X and Y as bytes, PEM as a `str`, or
            the path (`pathlib.Path`) of a file with any of these. A `str` is never taken for a path.
        curve: `secp256k1`, `secp256r1`, `secp224r1` or `secp192r1`. PEM and DER name their curve; 64 raw bytes do not.
        bits: the length of the AES key, 128 or 256.
        mode: `stream` is one endless cipher stream per direction, `package` encrypts each frame for itself.

    Raises:
        TypeError: if the key has another type.
        ValueError: if the key cannot be read or is not on the curve, or another argument has no such value.
    """

    def __init__(
        self,
        public_key: KeySource,
        curve: str | None = None,
        bits: int = 256,
        mode: Literal["stream", "package"] = "stream",
    ) -> None:
        if bits not in (128, 256):
            raise ValueError(f"bits must be 128 or 256, not {bits!r}")
        if mode not in ("stream", "package"):
            raise ValueError(f"mode must be 'stream' or 'package', not {mode!r}")
        self._server = _load_public(_read(public_key, "public_key"), _known(curve))
        self.curve: str = self._server.curve.name
        self.bits = bits
        self.mode = mode

    def __repr__(self) -> str:
        return f"Encryption(curve={self.curve!r}, bits={self.bits}, mode={self.mode!r})"

    def start(self) -> tuple[bytes, SessionKeys]:
        """Make the key pair of one connection; the raw public key for the server, and the keys of the connection."""
        from cryptography.hazmat.primitives.asymmetric import ec

        return self._agree(ec.generate_private_key(self._server.curve))

    def _agree(self, private: EllipticCurvePrivateKey) -> tuple[bytes, SessionKeys]:
        return _raw(private.public_key()), _derive(private, self._server, self.bits)


class ServerKey:
    """The key pair of a server.

    Args:
        private_key: the private key: PEM, DER or the raw number (big endian) as bytes, PEM as a `str`, or the path
            (`pathlib.Path`) of a file with any of these. A `str` is never taken for a path.
        curve: `secp256k1`, `secp256r1`, `secp224r1` or `secp192r1`. PEM and DER name their curve; 32 raw bytes do not.

    Raises:
        TypeError: if the key has another type.
        ValueError: if the key cannot be read or does not fit the curve.
    """

    def __init__(self, private_key: KeySource, curve: str | None = None) -> None:
        self._private = _load_private(_read(private_key, "private_key"), _known(curve))
        self.curve: str = self._private.curve.name

    @classmethod
    def generate(cls, curve: str = "secp256k1") -> ServerKey:
        """Make a new key pair.

        Args:
            curve: `secp256k1`, `secp256r1`, `secp224r1` or `secp192r1`.
        """
        from cryptography.hazmat.primitives.asymmetric import ec

        _known(curve)
        private = ec.generate_private_key(_curve(curve))
        return cls(private.private_numbers().private_value.to_bytes(CURVES[curve], "big"), curve)

    def __repr__(self) -> str:
        return f"ServerKey(curve={self.curve!r})"

    @property
    def public_raw(self) -> bytes:
        """The public key as raw coordinates, X and Y."""
        return _raw(self._private.public_key())

    @property
    def public_pem(self) -> str:
        """The public key as PEM, the form that clients get."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def private_pem(self) -> str:
        """The private key as PEM without a password, to be kept secret."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def accept(self, public_key: bytes, bits: int) -> SessionKeys:
        """Agree on the keys of one connection.

        Args:
            public_key: the raw public key that the client sent.
            bits: the length of the AES key that the client asked for.

        Raises:
            ValueError: if the key is not a point of the curve or the length is not 128 or 256.
        """
        if bits not in (128, 256):
            raise ValueError(f"bits must be 128 or 256, not {bits}")
        return _derive(self._private, _point(public_key, self.curve), bits)


class SessionKeys:
    """The AES key and the IV of one connection, the same in both directions."""

    __slots__ = ("_bits", "_cipher")

    def __init__(self, secret: bytes, bits: int) -> None:
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.algorithms import AES

        try:
            from cryptography.hazmat.decrepit.ciphers.modes import CFB
        except ImportError:
            from cryptography.hazmat.primitives.ciphers.modes import CFB

        if bits == 128:
            key = secret[:16]
        else:
            key = secret if len(secret) == 32 else sha256(secret).digest()
        self._bits = bits
        self._cipher = Cipher(AES(key), CFB(md5(secret, usedforsecurity=False).digest()))

    def __repr__(self) -> str:
        return f"<SessionKeys of {self._bits} bits>"

    def encryptor(self) -> Callable[[bytes], bytes]:
        """Start a cipher stream at the IV; the function encrypts the next bytes of it."""
        return self._cipher.encryptor().update

    def decryptor(self) -> Callable[[bytes], bytes]:
        """Start a cipher stream at the IV; the function decrypts the next bytes of it."""
        return self._cipher.decryptor().update


def _derive(private: EllipticCurvePrivateKey, public: EllipticCurvePublicKey, bits: int) -> SessionKeys:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDH

    return SessionKeys(private.exchange(ECDH(), public), bits)


def _known(curve: str | None) -> str | None:
    if curve is not None and curve not in CURVES:
        raise ValueError(f"curve must be one of {', '.join(CURVES)}, not {curve!r}")
    return curve


def _curve(name: str) -> EllipticCurve:
    from cryptography.hazmat.primitives.asymmetric import ec

    curve: EllipticCurve = getattr(ec, name.upper())()
    return curve


def _read(source: KeySource, argument: str) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, str):
        if "-----BEGIN " not in source:
            raise ValueError(f"{argument}: a str must be PEM text; give raw or DER as bytes, a file as pathlib.Path")
        return source.encode()
    if isinstance(source, os.PathLike):
        with open(source, "rb") as file:
            return file.read()
    raise TypeError(f"{argument} must be bytes, a PEM str or a path, not {type(source).__name__}")


def _load_public(data: bytes, curve: str | None) -> EllipticCurvePublicKey:
    name = _curve_of_raw(data, 2, curve, "public_key")
    if name is not None:
        return _point(data, name)
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

    try:
        key = load_pem_public_key(data) if b"-----BEGIN " in data else load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("public_key is neither PEM nor DER nor the raw coordinates of a public key") from None
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("public_key is not a key on an elliptic curve")
    _check_curve(key.curve.name, curve, "public_key")
    return key


def _load_private(data: bytes, curve: str | None) -> EllipticCurvePrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key

    name = _curve_of_raw(data, 1, curve, "private_key")
    if name is not None:
        try:
            return ec.derive_private_key(int.from_bytes(data, "big"), _curve(name))
        except ValueError:
            raise ValueError(f"private_key is not in the range of {name}") from None
    try:
        key = (load_pem_private_key if b"-----BEGIN " in data else load_der_private_key)(data, None)
    except TypeError:
        raise ValueError("private_key is protected by a password") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("private_key is neither PEM nor DER nor the raw number of a private key") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("private_key is not a key on an elliptic curve")
    _check_curve(key.curve.name, curve, "private_key")
    return key


def _curve_of_raw(data: bytes, numbers: int, curve: str | None, argument: str) -> str | None:
    fitting = [name for name, size in CURVES.items() if len(data) == numbers * size]
    if not fitting:
        return None
    if curve is None:
        if len(fitting) > 1:
            raise ValueError(f"{argument}: {len(data)} raw bytes may be on {' or '.join(fitting)}; name the curve")
        return fitting[0]
    if curve not in fitting:
        raise ValueError(f"{argument}: {len(data)} raw bytes are on {' or '.join(fitting)}, not on {curve}")
    return curve


def _check_curve(found: str, wanted: str | None, argument: str) -> None:
    if found not in CURVES:
        raise ValueError(f"{argument} is on {found}, which FPNN does not know; it knows {', '.join(CURVES)}")
    if wanted is not None and wanted != found:
        raise ValueError(f"{argument} is on {found}, but the argument curve says {wanted}")


def _point(raw: bytes, curve: str) -> EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

    if len(raw) != 2 * CURVES[curve]:
        raise ValueError(f"a raw public key on {curve} has {2 * CURVES[curve]} bytes, not {len(raw)}")
    try:
        return EllipticCurvePublicKey.from_encoded_point(_curve(curve), b"\x04" + raw)
    except ValueError:
        raise ValueError(f"the raw public key is not a point of {curve}") from None


def _raw(key: EllipticCurvePublicKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
