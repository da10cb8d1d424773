from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from rtm_sdk.fpnn.encryption import CURVES, Encryption, ServerKey, SessionKeys

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
KEYS = [pytest.param(key, id=key["curve"]) for key in VECTORS["server_keys"]]
K1, R1 = VECTORS["server_keys"][0], VECTORS["server_keys"][1]


def private(curve: str, raw: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw, "big"), getattr(ec, curve.upper())())


def base64_of(pem: str) -> str:
    return "".join(pem.splitlines()[1:-1])


def point_of(encryption: Encryption) -> bytes:
    return encryption._server.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]


@pytest.mark.parametrize("curve_given", [False, True])
@pytest.mark.parametrize("form", ["raw", "der", "pem", "pem as str"])
@pytest.mark.parametrize("as_file", [False, True])
@pytest.mark.parametrize("key", KEYS)
def test_public_keys(key: dict[str, Any], form: str, as_file: bool, curve_given: bool, tmp_path: Path) -> None:
    forms: dict[str, bytes | str] = {
        "raw": bytes.fromhex(key["public_raw_hex"]),
        "der": bytes.fromhex(key["public_der_hex"]),
        "pem": key["public_pem"].encode(),
        "pem as str": key["public_pem"],
    }
    source: Any = forms[form]
    if as_file:
        path = tmp_path / "server-public.key"
        path.write_bytes(source.encode() if isinstance(source, str) else source)
        source = path
    curve = key["curve"] if curve_given else None
    if form == "raw" and curve is None and CURVES[key["curve"]] == 32:
        with pytest.raises(ValueError, match="64 raw bytes may be on secp256k1 or secp256r1; name the curve"):
            Encryption(source)
        return
    encryption = Encryption(source, curve)
    assert encryption.curve == key["curve"]
    assert point_of(encryption) == bytes.fromhex(key["public_raw_hex"])


@pytest.mark.parametrize("form", ["raw", "sec1 der", "pkcs8 der", "sec1 pem", "pkcs8 pem", "pem as str"])
@pytest.mark.parametrize("as_file", [False, True])
@pytest.mark.parametrize("key", KEYS)
def test_private_keys(key: dict[str, Any], form: str, as_file: bool, tmp_path: Path) -> None:
    raw = bytes.fromhex(key["private_raw_hex"])
    pair = private(key["curve"], raw)
    sec1, pkcs8, plain = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8, NoEncryption()
    forms: dict[str, bytes | str] = {
        "raw": raw,
        "sec1 der": pair.private_bytes(Encoding.DER, sec1, plain),
        "pkcs8 der": pair.private_bytes(Encoding.DER, pkcs8, plain),
        "sec1 pem": pair.private_bytes(Encoding.PEM, sec1, plain),
        "pkcs8 pem": pair.private_bytes(Encoding.PEM, pkcs8, plain),
        "pem as str": pair.private_bytes(Encoding.PEM, pkcs8, plain).decode(),
    }
    source: Any = forms[form]
    if as_file:
        path = tmp_path / "server-private.key"
        path.write_bytes(source.encode() if isinstance(source, str) else source)
        source = path
    server = ServerKey(source, key["curve"])
    assert server.curve == key["curve"]
    assert server.public_raw == bytes.fromhex(key["public_raw_hex"])
    assert base64_of(server.public_pem) == base64_of(key["public_pem"])
    assert ServerKey(server.private_pem).public_raw == server.public_raw


@pytest.mark.parametrize("curve", CURVES)
def test_a_new_server_key(curve: str) -> None:
    first, second = ServerKey.generate(curve), ServerKey.generate(curve)
    assert first.curve == curve
    assert len(first.public_raw) == 2 * CURVES[curve]
    assert first.public_raw != second.public_raw
    assert point_of(Encryption(first.public_pem)) == first.public_raw


def test_a_private_key_of_32_bytes_needs_its_curve() -> None:
    with pytest.raises(ValueError, match="32 raw bytes may be on secp256k1 or secp256r1; name the curve"):
        ServerKey(bytes.fromhex(K1["private_raw_hex"]))
    assert ServerKey(b"\x01" * 28).curve == "secp224r1"
    assert ServerKey(b"\x01" * 24).curve == "secp192r1"


@pytest.mark.parametrize("form", ["public_pem", "public_der_hex"])
def test_a_curve_that_contradicts_the_key(form: str) -> None:
    source = K1[form].encode() if form == "public_pem" else bytes.fromhex(K1[form])
    with pytest.raises(ValueError, match="public_key is on secp256k1, but the argument curve says secp256r1"):
        Encryption(source, "secp256r1")
    with pytest.raises(ValueError, match="private_key is on secp256k1, but the argument curve says secp192r1"):
        ServerKey(ServerKey.generate().private_pem, "secp192r1")
    with pytest.raises(ValueError, match="64 raw bytes are on secp256k1 or secp256r1, not on secp192r1"):
        Encryption(bytes.fromhex(K1["public_raw_hex"]), "secp192r1")


def rsa_pem() -> str:
    return (
        rsa.generate_private_key(65537, 2048)
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def p384_pem() -> str:
    pair = ec.generate_private_key(ec.SECP384R1())
    return pair.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    ("source", "curve", "text"),
    [
        (b"", None, "neither PEM nor DER nor the raw"),
        (b"\x04" + bytes.fromhex(K1["public_raw_hex"]), "secp256k1", "neither PEM nor DER nor the raw"),
        (bytes.fromhex(K1["public_compressed_hex"]), "secp256k1", "neither PEM nor DER nor the raw"),
        (bytes.fromhex(K1["public_der_hex"])[:-1], None, "neither PEM nor DER nor the raw"),
        (K1["public_pem"].replace("MFYw", "MFYx"), None, "neither PEM nor DER nor the raw"),
        (ServerKey.generate().private_pem, None, "neither PEM nor DER nor the raw"),
        (bytes.fromhex(R1["public_raw_hex"]), "secp256k1", "not a point of secp256k1"),
        (bytes(64), "secp256k1", "not a point of secp256k1"),
        (b"\xff" * 64, "secp256r1", "not a point of secp256r1"),
        (bytes(48), None, "not a point of secp192r1"),
        ("server-public.pem", None, "a str must be PEM text"),
        (rsa_pem(), None, "not a key on an elliptic curve"),
        (p384_pem(), None, "public_key is on secp384r1, which FPNN does not know"),
        (K1["public_pem"], "p256", "curve must be one of secp256k1, secp256r1, secp224r1, secp192r1, not 'p256'"),
    ],
)
def test_bad_public_keys(source: Any, curve: str | None, text: str) -> None:
    with pytest.raises(ValueError, match=text) as caught:
        Encryption(source, curve)
    assert K1["public_raw_hex"] not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "curve", "text"),
    [
        (b"", None, "neither PEM nor DER nor the raw"),
        (bytes(32), "secp256k1", "not in the range of secp256k1"),
        (K1["public_pem"], None, "neither PEM nor DER nor the raw"),
        ("server-private.pem", None, "a str must be PEM text"),
    ],
)
def test_bad_private_keys(source: Any, curve: str | None, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        ServerKey(source, curve)


def test_a_private_key_with_a_password() -> None:
    pair = ec.generate_private_key(ec.SECP256K1())
    locked = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))
    with pytest.raises(ValueError, match="protected by a password"):
        ServerKey(locked)


def test_a_private_key_on_no_known_curve() -> None:
    other = rsa.generate_private_key(65537, 2048)
    with pytest.raises(ValueError, match="not a key on an elliptic curve"):
        ServerKey(other.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    large = ec.generate_private_key(ec.SECP521R1())
    with pytest.raises(ValueError, match="private_key is on secp521r1"):
        ServerKey(large.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


@pytest.mark.parametrize("source", [None, 5, bytearray(64), ["pem"]])
def test_keys_of_other_types(source: Any) -> None:
    with pytest.raises(TypeError, match="public_key must be bytes, a PEM str or a path"):
        Encryption(source)
    with pytest.raises(TypeError, match="private_key must be bytes, a PEM str or a path"):
        ServerKey(source)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Encryption(tmp_path / "none.pem")


def test_bits_and_mode() -> None:
    encryption = Encryption(K1["public_pem"])
    assert (encryption.bits, encryption.mode) == (256, "stream")
    with pytest.raises(ValueError, match="bits must be 128 or 256, not 192"):
        Encryption(K1["public_pem"], bits=192)
    with pytest.raises(ValueError, match="mode must be 'stream' or 'package', not 'block'"):
        Encryption(K1["public_pem"], mode="block")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="bits must be 128 or 256, not 192"):
        ServerKey.generate().accept(ServerKey.generate().public_raw, 192)


@pytest.mark.parametrize("key", KEYS)
def test_a_client_key_is_checked(key: dict[str, Any]) -> None:
    server = ServerKey(bytes.fromhex(key["private_raw_hex"]), key["curve"])
    good = ServerKey.generate(key["curve"]).public_raw
    server.accept(good, 128)
    size = 2 * CURVES[key["curve"]]
    for bad in (bytes(size), b"\xff" * size, good[:-1] + bytes([good[-1] ^ 1])):
        with pytest.raises(ValueError, match="not a point"):
            server.accept(bad, 128)
    for wrong in (b"", b"\x04" + good, good[1:], good[: size // 2]):
        with pytest.raises(ValueError, match=f"has {size} bytes, not {len(wrong)}"):
            server.accept(wrong, 128)


def test_each_connection_has_a_key_pair_of_its_own() -> None:
    encryption = Encryption(K1["public_pem"])
    first, second = encryption.start(), encryption.start()
    assert first[0] != second[0]
    assert first[1].encryptor()(bytes(32)) != second[1].encryptor()(bytes(32))


@pytest.mark.parametrize("vector", [pytest.param(each, id=each["name"]) for each in VECTORS["encrypted"]])
def test_keys_of_the_vectors(vector: dict[str, Any]) -> None:
    server = ServerKey(bytes.fromhex(vector["server_private_hex"]), vector["curve"])
    assert server.public_raw.hex() == vector["server_public_hex"]
    sides = [server.accept(bytes.fromhex(vector["client_public_hex"]), vector["bits"])]
    if vector["client_private_hex"]:
        encryption = Encryption(server.public_raw, vector["curve"], bits=vector["bits"])
        public, keys = encryption._agree(private(vector["curve"], bytes.fromhex(vector["client_private_hex"])))
        assert public.hex() == vector["client_public_hex"]
        sides.append(keys)
    clear = b"FPNN" * 10
    direct = SessionKeys(bytes.fromhex(vector["shared_secret_hex"]), vector["bits"])
    for keys in sides:
        assert keys.encryptor()(clear) == direct.encryptor()(clear)
        assert keys.decryptor()(direct.encryptor()(clear)) == clear
    by_hand = _cfb(bytes.fromhex(vector["key_hex"]), bytes.fromhex(vector["iv_hex"]), clear)
    assert direct.encryptor()(clear) == by_hand


def _cfb(key: bytes, iv: bytes, clear: bytes) -> bytes:
    """CFB with full blocks, put together from single AES blocks."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    block, done = iv, b""
    for at in range(0, len(clear), 16):
        mask = Cipher(AES(key), ECB()).encryptor().update(block)
        block = bytes(a ^ b for a, b in zip(clear[at : at + 16], mask, strict=False))
        done += block
    return done


def test_a_cipher_stream_goes_on_between_calls() -> None:
    keys = SessionKeys(bytes(range(32)), 256)
    whole = keys.encryptor()(bytes(100))
    encrypt, decrypt = keys.encryptor(), keys.decryptor()
    assert encrypt(bytes(1)) + encrypt(b"") + encrypt(bytes(40)) + encrypt(bytes(59)) == whole
    assert decrypt(whole[:17]) + decrypt(whole[17:]) == bytes(100)


def test_reprs_show_no_keys() -> None:
    server = ServerKey.generate("secp192r1")
    encryption = Encryption(server.public_pem, bits=128, mode="package")
    _, keys = encryption.start()
    assert repr(server) == "ServerKey(curve='secp192r1')"
    assert repr(encryption) == "Encryption(curve='secp192r1', bits=128, mode='package')"
    assert repr(keys) == "<SessionKeys of 128 bits>"


def test_cryptography_is_loaded_with_the_first_key_only() -> None:
    code = (
        "import sys, rtm_sdk.fpnn.session, rtm_sdk.fpnn.encryption as e\n"
        "assert 'cryptography' not in sys.modules\n"
        "e.ServerKey.generate()\n"
        "assert 'cryptography' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)
