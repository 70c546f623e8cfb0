"""Makes a page of the input safe to show beside its text: without scripts, external resources and links. Pure."""

from __future__ import annotations

from lxml import etree
from lxml import html as lxml_html

from cleaner.reading.html_decoding import page_text

_GONE = (
    "script",
    "link",
    "base",
    "iframe",
    "frame",
    "object",
    "embed",
    "noscript",
    "template",
    "audio",
    "video",
    "source",
)
_LEADS = ("href", "src", "srcset", "action", "formaction", "poster", "background", "ping", "data", "xlink:href")


def rendering(page: bytes | str) -> str:
    """The page as HTML. The policy under which it is sent forbids the same once more.

    >>> rendering('<p onclick="x()">It <a href="//a.example/">rained</a>.<script>x()</script>')
    '<!doctype html><html><body><p>It <a>rained</a>.</p></body></html>'
    """
    text = page if isinstance(page, str) else page_text(page)
    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return "<!doctype html><p>There is nothing in this page.</p>"
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            element.drop_tree() if element.getparent() is not None else None
            continue
        if element.tag in _GONE or (element.tag == "meta" and element.get("http-equiv")):
            element.drop_tree()
            continue
        for name, value in list(element.attrib.items()):
            loads = name in _LEADS and not value.strip().startswith("data:image/")
            if name.startswith("on") or loads:
                del element.attrib[name]
    return f"<!doctype html>{lxml_html.tostring(tree, encoding='unicode')}"
