"""Decodes bytes to text reversibly.

It tries in this order: a byte order mark, strict UTF-8, UTF-16 and UTF-32 recognised by their zero bytes, and last the
guess of ``charset-normalizer`` among the encodings that web pages use. A text that doesn't encode to the same bytes
again is refused, because nothing may be lost.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from cleaner.errors import DecodeFault

MARKS: tuple[tuple[bytes, str], ...] = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive (docx, odt and epub are such archives)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)

# The encodings that the WHATWG names for the web, and no others: among all that Python knows, short texts are taken
# for Mac Latin 2 or DOS Baltic.
WEB_ENCODINGS: tuple[str, ...] = (
    "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_r",
    "koi8_u", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_9", "cp932", "euc_jp", "gb18030", "big5", "cp949",
    "cp866",
)  # fmt: skip

# How much better than Windows-1252 another guess must be: in short texts the scores of the Latin encodings differ by
# accident, and Windows-1252 is the commonest of them by far.
MARGIN = 0.1

_IN_WORDS = re.compile(
    "[^\\W\\d_][\u00a1-\u00a6\u00a8\u00a9\u00ac\u00ae-\u00b3\u00b6\u00b8\u00b9\u00bc-\u00bf\u00d7\u00f7](?=[^\\W\\d_])"
)
"""Punctuation of Windows-1252 between two letters. No language writes that, and these bytes are letters in other
encodings."""
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPLIT_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and how its bytes were read. A byte order mark is not part of the text."""

    text: str
    encoding: str
    bom: bool = False


def decode(data: bytes) -> Decoded:
    """Decode ``data``. Raises ``DecodeFault`` for binary data, and for data that can't be read without loss.

    >>> decode("Gdańsk".encode("utf-16"))
    Decoded(text='Gdańsk', encoding='utf-16-le', bom=True)
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _checked(data, _strict(data[len(mark) :], encoding), bom=True)
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise DecodeFault("binary", f"this is {name}, not a text")
    if b"\0" in data:
        wide = _without_mark(data)
        if wide is not None:
            return _checked(data, wide)
    try:
        return _checked(data, Decoded(data.decode("utf-8"), "utf-8"))
    except UnicodeDecodeError as fault:
        return _checked(data, _almost_utf8(data, fault) or _guess(data, fault))


def encode(text: str, encoding: str, bom: bool = False) -> bytes:
    """Return the bytes that ``decode`` read: ``encode(d.text, d.encoding, d.bom)`` gives the bytes of ``d``."""
    mark = next((mark for mark, name in MARKS if name == encoding), b"") if bom else b""
    return mark + text.encode(encoding, "surrogatepass" if encoding.startswith("utf-") else "strict")


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding, bom=True)
    except UnicodeDecodeError as fault:
        raise DecodeFault(
            "undecodable", f"the file says that it is {encoding.upper()}, but it is not at byte {fault.start}"
        ) from None


def _without_mark(data: bytes) -> Decoded | None:
    """Return the encoding of UTF-16 or UTF-32 without a mark: in Western text every second byte is zero, or three of
    four."""
    head = data[:4096]
    zeros = [head[i::4].count(0) / max(1, len(head[i::4])) for i in range(4)]
    for encoding, high, low in (
        ("utf-32-le", (2, 3), (0,)),
        ("utf-32-be", (0, 1), (3,)),
        ("utf-16-le", (1, 3), (0, 2)),
        ("utf-16-be", (0, 2), (1, 3)),
    ):
        if min(zeros[i] for i in high) > 0.4 and max(zeros[i] for i in low) < 0.05:
            try:
                return Decoded(data.decode(encoding), encoding)
            except UnicodeDecodeError:
                continue
    return None


def _almost_utf8(data: bytes, fault: UnicodeDecodeError) -> Decoded | None:
    """Read UTF-8 with lone surrogates. UTF-8 with broken bytes is refused, without a guess.

    In another encoding, a UTF-8 text with one broken byte would turn every accented letter into two wrong characters.
    """
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
        bad = len(_SURROGATES.findall(text))
        good = len(text) - bad - len(text.encode("ascii", "ignore"))
        if good >= 3 * bad:
            raise DecodeFault(
                "undecodable",
                f"this is UTF-8 with {bad} broken {'byte' if bad == 1 else 'bytes'}, the first at byte {fault.start}",
            ) from None
        return None
    if _SPLIT_PAIR.search(text):
        raise DecodeFault("undecodable", f"this is CESU-8, not UTF-8 (byte {fault.start}); convert it to UTF-8")
    return Decoded(text, "utf-8")


def _guess(data: bytes, fault: UnicodeDecodeError) -> Decoded:
    encoding = guessed(data)
    if encoding is None:
        raise DecodeFault("undecodable", f"not UTF-8 (byte {fault.start}), and no other encoding fits")
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as inner:
        # The library looks at samples of a long file only.
        raise DecodeFault(
            "undecodable", f"not UTF-8 (byte {fault.start}), and not {encoding} either (byte {inner.start})"
        ) from None


def guessed(data: bytes) -> str | None:
    """Return the likeliest of ``WEB_ENCODINGS`` according to ``charset-normalizer``, or ``None`` if none fits.

    >>> guessed("Wczoraj powiedział, że to jest ważne i że będą głosować.".encode("cp1250"))
    'cp1250'
    """
    import charset_normalizer  # here, because most files are UTF-8 and it takes its time to load

    matches = list(charset_normalizer.from_bytes(data, cp_isolation=list(WEB_ENCODINGS)))
    if not matches:
        return None
    best = matches[0].chaos + MARGIN
    near = [match for match in matches if match.chaos <= best]
    # Encodings that read the file alike are one match under several names.
    western = [match for match in near if "cp1252" in match.could_be_from_charset]
    if western and not (len(western) < len(near) and _signs_in_words(data)):
        return "cp1252"
    others = [match for match in near if match not in western]
    likely = [match for match in others if match.encoding != "cp949" or not _mixed(str(match))]
    return str((likely or others)[0].encoding)


def _signs_in_words(data: bytes) -> bool:
    """Return whether in Windows-1252 a tenth of the non-ASCII characters would be punctuation inside words."""
    text = data.decode("cp1252", "replace")
    return 10 * len(_IN_WORDS.findall(text)) >= max(1, len(text) - len(text.encode("ascii", "ignore")))


def _mixed(text: str) -> bool:
    """Return whether there are more Chinese characters among Korean ones than in any Korean text: it is Chinese, read
    as Korean."""
    return 5 * len(_HAN.findall(text)) > len(_HANGUL.findall(text)) > 0


def _checked(data: bytes, decoded: Decoded, bom: bool = False) -> Decoded:
    """Raise ``DecodeFault`` for data that is no text, or that doesn't give the same bytes back."""
    controls = len(_CONTROLS.findall(decoded.text))
    # One stray NUL is a blemish; one character of a hundred, and more than a few of them, is no text.
    if controls * 10 > len(decoded.text) or (controls > 10 and controls * 100 > len(decoded.text)):
        raise DecodeFault("binary", f"{controls:,} of {len(decoded.text):,} characters are control codes: not a text")
    if encode(decoded.text, decoded.encoding, bom) != data:
        raise DecodeFault("undecodable", f"read as {decoded.encoding}, it doesn't give the same bytes back")
    return decoded
