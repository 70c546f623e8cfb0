"""The most frequent words of a language, as jusText lists them."""

from __future__ import annotations

from functools import lru_cache

import justext

# jusText names its stoplists in English.
_STOPLISTS = {
    "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch",
    "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese",
}  # fmt: skip


@lru_cache(maxsize=32)
def stoplist(language: str) -> frozenset[str] | None:
    """jusText's stopwords of a language in small letters, or ``None`` where it has none."""
    name = _STOPLISTS.get(language)
    return frozenset(map(str.lower, justext.get_stoplist(name))) if name else None
