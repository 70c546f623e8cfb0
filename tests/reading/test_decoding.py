"""Bytes to text and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import DecodeFault
from cleaner.reading.decoding import MARKS, decode, encode

FRENCH = "Le café était fermé, dit-il à la presse française. L’été dernier, déjà."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        ("Die Straße war gesperrt. Müller sagte, man prüfe die Lage.", "latin-1"),
        ("The mayor said £5 would be “enough” for the bridge — no more. It’s the first time.", "cp1252"),
        ("El niño dijo que mañana habrá más información en España.", "latin-1"),
        ("Premier powiedział, że nowy plan zostanie ogłoszony jutro. Święta są ważne.", "cp1250"),
        ("Президент сказал, что переговоры продолжатся завтра в Москве.", "cp1251"),
        ("Президент сказал, что переговоры продолжатся завтра в Москве.", "koi8-r"),
        ("Η κυβέρνηση ανακοίνωσε νέα μέτρα για την οικονομία.", "iso8859-7"),
        ("首相は明日の会議で新しい計画を発表すると述べた。", "shift_jis"),
        ("首相は明日の会議で新しい計画を発表すると述べた。", "euc-jp"),
        ("总理表示，新的计划将于明天公布。他说这很重要。", "gb18030"),
        ("總理表示，新的計劃將於明天公布。他說這很重要。", "big5"),
        ("총리는 내일 새로운 계획을 발표할 것이라고 말했다.", "euc-kr"),
        ("קבוצת השרים אמרה שהתוכנית החדשה תפורסם מחר", "cp1255"),
        ("قال رئيس الوزراء إن الخطة الجديدة ستعلن غدا", "cp1256"),
    ],
)
def test_other_encodings_are_told(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.xfail(reason="Turkish in Windows-1254 is taken for Windows-1252: the library weighs both alike")
def test_turkish_is_told() -> None:
    text = "Başbakan yeni planın yarın açıklanacağını söyledi. İstanbul'da görüşmeler sürüyor."
    assert decode(text.encode("cp1254")).text == text


@pytest.mark.parametrize("encoding", [name for _, name in MARKS])
def test_byte_order_marks(encoding: str) -> None:
    data = encode(FRENCH, encoding, bom=True)
    decoded = decode(data)
    assert (decoded.text, decoded.encoding, decoded.bom) == (FRENCH, encoding, True)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark(encoding: str) -> None:
    decoded = decode(FRENCH.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.bom) == (FRENCH, encoding, False)


def test_lone_surrogates_pass() -> None:
    data = b"one \xed\xa0\x80 lone"
    assert decode(data).text == "one \ud800 lone"
    assert encode(decode(data).text, "utf-8") == data


def test_a_stray_nul_passes() -> None:
    assert decode(b"A good text\0 with a blemish.").text == "A good text\0 with a blemish."


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"%PDF-1.7 and so on", "binary", "a PDF file"),
        (b"PK\x03\x04 and so on", "binary", "a ZIP archive"),
        (b"\x1f\x8b\x08 and so on", "binary", "a gzip file"),
        (b"a\0b\0\0\1\2\3", "binary", "control codes"),
        (b"words " * 50 + bytes(range(8)) * 4, "binary", "control codes"),
        (bytes(range(256)), "undecodable", "not UTF-8"),
        (
            "é".encode() * 9 + b"\xff" + "é".encode() * 9,
            "undecodable",
            "UTF-8 with 1 broken byte, the first at byte 18",
        ),
        (b"\xed\xa0\xbd\xed\xb8\x80", "undecodable", "CESU-8"),
        (b"\xff\xfea\0b", "undecodable", "says that it is UTF-16-LE"),
    ],
)
def test_refused(data: bytes, kind: str, message: str) -> None:
    with pytest.raises(DecodeFault, match=message) as caught:
        decode(data)
    assert caught.value.kind == kind


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_what_is_read_can_be_given_back(data: bytes) -> None:
    try:
        decoded = decode(data)
    except DecodeFault:
        return
    assert encode(decoded.text, decoded.encoding, decoded.bom) == data


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf8_is_read_as_utf8(text: str) -> None:
    decoded = decode(text.encode())
    assert decoded.text == text.removeprefix("\ufeff")
    assert decoded.encoding == "utf-8"


def test_fifty_megabytes() -> None:
    assert len(decode(b"word " * 10_000_000).text) == 50_000_000
