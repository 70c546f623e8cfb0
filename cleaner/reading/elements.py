"""Groups of elements by name: those that begin and end a line, those without readable text, and those that
emphasise."""

from __future__ import annotations

from collections import defaultdict

BLOCK = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "hr", "html", "label", "legend", "li", "main", "menu", "nav", "ol",
    "optgroup", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "video", "audio", "iframe", "object", "amp-sidebar",
))  # fmt: skip
"""Elements that begin and end a line."""
UNSEEN = frozenset((
    "script", "style", "template", "noscript", "noframes", "svg", "canvas", "select", "datalist", "textarea",
    "input", "map", "area", "rp", "param", "source", "track", "embed", "object", "iframe", "video", "audio",
    "applet", "annotation", "annotation-xml", "title", "meta", "link", "base",
))  # fmt: skip
"""Elements without text for readers."""
LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(("select", "datalist", "textarea"), "choices and fields of forms"),
    **dict.fromkeys(("noscript", "noframes"), "for readers without scripts"),
    "template": "templates of scripts",
    **dict.fromkeys(("svg", "canvas", "map", "annotation", "annotation-xml"), "in drawings"),
    **dict.fromkeys(("object", "iframe", "video", "audio", "applet"), "in place of what is embedded"),
}
"""Those of them that may hold text nevertheless, and how a note names them when it is left out."""
ITALIC, BOLD = frozenset(("em", "i")), frozenset(("strong", "b"))
CODE = frozenset(("code", "kbd", "samp", "tt"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

LINE_BIT, UNSEEN_BIT, CELL_BIT, BREAK_BIT, LINK_BIT, ROW_BIT, PRE_BIT, ITALIC_BIT, BOLD_BIT, CODE_BIT = (
    1 << bit for bit in range(10)
)


def _kinds() -> dict[str, int]:
    kinds: dict[str, int] = defaultdict(int)
    for kind, tags in (
        (LINE_BIT, BLOCK), (UNSEEN_BIT, UNSEEN), (CELL_BIT, ("td", "th")), (BREAK_BIT, ("br",)), (LINK_BIT, ("a",)),
        (ROW_BIT, ("tr",)), (PRE_BIT, ("pre",)), (ITALIC_BIT, ITALIC), (BOLD_BIT, BOLD),
        (CODE_BIT, CODE),
    ):  # fmt: skip
        for tag in tags:
            kinds[tag] |= kind
    return dict(kinds)


KINDS = _kinds()
"""Everything that the walk needs to know about an element's name, in one look-up."""
