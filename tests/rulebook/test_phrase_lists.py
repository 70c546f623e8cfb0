"""Lists of phrases in rule files: what they match, and what is wrong with them."""

from __future__ import annotations

import pytest

from cleaner.errors import RuleFaults
from cleaner.rulebook.compile import compile_rules
from cleaner.rulebook.patterns import compiled
from cleaner.rulebook.values import Rule
from cleaner.rulebook.yaml_tree import Source

FILE = """\
category: related-links
language: {language}
phrases:
  heading: [more stories, 'most read (today)', 'more from {{name}}', '{{number}} more', 'see {{few}} here']
rules:
  - id: related-links/x
    about: A heading.
    {key}: heading
    removes: ['[[More stories]]']
    keeps: ['No more.']
"""


def rule(key: str, language: str = "en") -> Rule:
    return compile_rules([Source("x.yaml", FILE.format(key=key, language=language))]).rules[0]


@pytest.mark.parametrize(
    ("text", "line", "within"),
    [
        ("More stories", True, True),
        ("- MORE STORIES:", True, True),
        ("More stories of it", False, True),
        ("Anymore stories", False, False),
        ("Most read (today)", True, False),  # a bracket ends it: no letter may follow, none does
        ("More from Ada Brook", True, True),
        ("more from here", False, False),
        ("1,200 more", True, True),
        ("see all of it here", True, True),
        ("see all of it and all the rest here", False, False),
    ],
)
def test_what_they_match(text: str, line: bool, within: bool) -> None:
    assert bool(compiled(rule("lines").any[0]).search(text)) is line
    if "(" not in text:
        assert bool(compiled(rule("phrases").any[0]).search(text)) is within


def test_without_spaces_a_phrase_may_be_within_letters() -> None:
    assert compiled(rule("phrases", "ja").any[0]).search("anymore storiesx")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("lines: heading", "lines: headin", "there is no list 'headin'"),
        ("[more stories,", "[more stories, More Stories,", "'More Stories' is in this list twice"),
        ("{{name}}", "{{who}}", "unknown hole {who}"),
        ("[more stories", "['', more stories", "the phrase is empty"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, message: str) -> None:
    text = FILE.replace("{key}", "lines").replace(old, new).format(language="en")
    with pytest.raises(RuleFaults, match=message):
        compile_rules([Source("x.yaml", text)])
