"""Why the judge judged so, in words: the few groups of features that moved it most, and what they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from cleaner.detectors.text_judge import characters, shared_words
from cleaner.detectors.text_judge.features import ALL_NAMES, ALL_ROWS, CLAIMED, ROW

MOST = 3
"""Reasons told."""
LEAST = 0.15
"""What a group must have moved, in log-odds, to be told."""

NOTHING_NEAR = "no rule names anything near it"
CONTEXT = "first"
"""The group of what the network adds to the trees: the row in which the paragraph stands."""

Value = Callable[[str], float]


_MEMBERS = {
    "length": ("words", "characters", "length by the median", "final marks"),
    "final mark": ("stop", "last kind", "question", "exclamation", "run of final marks", "place in the final marks",
                   "final marks of the long"),
    "subject": tuple(name for name in shared_words.NAMES if name != "own repeats"),
    "repeats": ("own repeats", "repeated", "same beginning", "same ending", "repeats the headline"),
    "rules": ("rule", "rules", *(f"rule {category}" for category in CLAIMED)),
    "parts": ("rule for a part", "share of the part"),
    "jusText": ("jusText",),
    "markup": ("markup", "link share"),
    "run": ("run of titles", "place in the titles", "run without prose", "place without prose"),
    "place": ("place", "place from the end", "relative place", "share before", "share after", "after the first prose",
              "after the last prose", "prose before", "prose after"),
    "article": ("paragraphs", "text length", "median of the prose", "share of prose", "paragraphs like titles",
                "unspaced"),
    "neighbours": ("rule before", "rule after", "share of rules", "paragraphs with rules", "rules in the run"),
}  # fmt: skip
"""Features that say the same kind of thing; signs belong to the shape, and what is seen further off to the rest."""
_HOME = {name: group for group, names in _MEMBERS.items() for name in names}


def _group(name: str) -> str:
    """The group of a feature."""
    if name in _HOME:
        return _HOME[name]
    if name in characters.NAMES:
        return "shape"
    if name.startswith("sense "):
        return "sense around" if name.endswith(("1", "2", "3", "8", "all")) else "sense"
    if name.startswith("first"):
        return CONTEXT
    return "neighbours" if name.startswith(("rule ", *CLAIMED)) else "around"


GROUP_OF: tuple[str, ...] = tuple(map(_group, ALL_NAMES))
"""The group of each feature, in the order of ``ALL_NAMES``."""
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(GROUP_OF))


def reasons(features: Sequence[float], moved: Mapping[str, float], removes: bool) -> list[str]:
    """The reasons for (``removes``) or against its being boilerplate, the strongest first.

    ``features``: (``ALL_NAMES``,). ``moved``: by group, the log-odds that it added.
    """

    def value(name: str) -> float:
        return features[ALL_ROWS[name]]

    told: list[str] = []
    sign = 1 if removes else -1
    strong = [(-sign * by, group) for group, by in moved.items() if sign * by >= LEAST]
    for _, group in sorted(strong, key=itemgetter(0)):
        text = _rules(features) if group == "rules" else _WORDS[group](value)
        if text and text not in told:
            told.append(text)
        if len(told) == MOST:
            break
    by_rule = _by_rule(value, features) if removes else ""
    return [*told[: MOST - 1], by_rule] if by_rule and by_rule not in told else told


def _by_rule(value: Value, features: Sequence[float]) -> str:
    """What a rule says of the paragraph, or else of its neighbours; empty if none does. It is always told: without it
    the paragraph might have stayed, however little the trees were moved by it."""
    if value("rule") > 0:
        return _rules(features)
    if value("rule for a part") > 0:
        return "a rule claims a part of it"
    near = _neighbours(value)
    return "" if near == NOTHING_NEAR else near


_BY_RULE = slice(ALL_ROWS[f"rule {CLAIMED[0]}"], ALL_ROWS[f"rule {CLAIMED[-1]}"] + 1)
"""The features of what rules say, by category."""


def _rules(features: Sequence[float]) -> str:
    by_rule = features[_BY_RULE]
    most = max(by_rule)
    return f"a rule calls it {CLAIMED[by_rule.index(most)]}" if most > 0 else "no rule names it"


_BESIDE = tuple(
    (f"{category} {where}", f"{side} a line that a rule calls {category}")
    for where, side in (("just before", "after"), ("just after", "before"))
    for category in CLAIMED
    if f"{category} {where}" in ROW
)
_NEAR = tuple((f"{category} near", category) for category in CLAIMED if f"{category} near" in ROW)
"""Features, and what is told of each."""


def _neighbours(value: Value) -> str:
    for name, told in _BESIDE:
        if value(name) >= 0.5:
            return told
    for name, category in _NEAR:
        if value(name) >= 0.5:
            return f"near a line that a rule calls {category}"
    return NOTHING_NEAR


def _subject(value: Value) -> str:
    share = value("shared with the body")
    if value("share of one near by") >= 0.5:
        return "most of its rarer words stand in one paragraph near by"
    if share < 0.3:
        return "not about the article's subject: few of its words stand in the body"
    return f"{share:.0%} of its rarer words stand in the body"


def _mark(value: Value) -> str:
    if value("stop"):
        return "ends in a final mark"
    most = value("final marks of the long")
    return "no final mark, where the long paragraphs end in one" if most > 0.6 else "no final mark"


def _length(value: Value) -> str:
    words = round(value("words"))
    return "1 word" if words == 1 else f"{words} words"


def _run(value: Value) -> str:
    if value("run of titles") > 1:
        return f"in a run of {round(value('run of titles'))} lines like titles"
    if value("run without prose") > 0:
        return f"in a run of {round(value('run without prose'))} paragraphs without prose"
    return "among prose"


def _place(value: Value) -> str:
    if value("after the first prose") < 0:
        return (
            "before the first prose paragraph" if value("after the first prose") > -99 else "an article without prose"
        )
    if 0 < value("after the last prose") < 99:
        return "after the last prose paragraph"
    return "between prose paragraphs"


def _repeats(value: Value) -> str:
    if value("repeats the headline"):
        return "repeats the headline"
    if value("repeated") > 1:
        return "stands in the article more than once"
    if value("own repeats") > 0.3:
        return "says the same twice"
    return "begins like others" if value("same beginning") > 1 else "stands once"


def _shape(value: Value) -> str:
    for name, least, text in (
        ("rights", 1, "a rights sign"),
        ("addresses", 1, "an address"),
        ("clock times", 1, "a time of day"),
        ("bullets", 1, "bullets or arrows"),
        ("digits", 0.15, "many digits"),
        ("capital words", 0.6, "most words capitalised"),
        ("capitals", 0.3, "many capitals"),
        ("marks", 0.1, "many signs"),
    ):
        if value(name) >= least:
            return text
    return "plain letters"


def _around(value: Value) -> str:
    words, stop = value("words within 3"), value("stop within 3")
    if stop < 0.4:
        return "among lines without final marks"
    return "among short paragraphs" if words < PROSE_WORDS else "among long paragraphs"


PROSE_WORDS = 20
_WORDS: dict[str, Callable[[Value], str]] = {
    "parts": lambda value: "a rule claims a part of it" if value("rule for a part") else "",
    "neighbours": _neighbours,
    "subject": _subject,
    "final mark": _mark,
    "length": _length,
    "repeats": _repeats,
    "run": _run,
    "place": _place,
    "article": lambda value: "",
    "markup": lambda value: f"{value('link share'):.0%} of it are links" if value("link share") > 0 else "",
    "jusText": lambda value: {1.0: "jusText calls it bad", 0.0: "jusText calls it short"}.get(value("jusText"), ""),
    "shape": _shape,
    "around": _around,
    "sense": lambda value: "its words" if value("sense boilerplate") > 0 else "its words are an article's",
    "sense around": lambda value: "what is said around it",
    CONTEXT: lambda value: (
        "the lines around it look like boilerplate"
        if value("first mean within 2") >= 0.5
        else "the lines around it look like an article"
        if value("first mean within 5") < 0.3
        else "its place among the lines around it"
    ),
}
