"""Every fault of every file at once, each with its line and what to do."""

from __future__ import annotations

import pytest

from cleaner.errors import RuleFaults
from cleaner.rulebook.compile import compile_rules
from cleaner.rulebook.yaml_tree import Source

HEAD = "category: promotion\nlanguage: en\nrules:\n"
RULE = """\
  - id: promotion/x
    about: An ad.
    any: ['^ad$']
    removes: ['[[Ad]]']
    keeps: ['An ad ran.']
"""


def faults(*texts: str, path: str = "rules/en/f.yaml") -> list[str]:
    try:
        compile_rules(Source(path.replace("f.", f"f{n or ''}."), text) for n, text in enumerate(texts))
    except RuleFaults as error:
        return [str(fault) for fault in error.faults]
    return []


def test_a_good_file_has_none() -> None:
    assert faults(HEAD + RULE) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("about: An ad.", "abuot: An ad.", 5, "unknown key `abuot`; did you mean `about`?"),
        ("about: An ad.", "about: An ad.\n    about: Twice.", 6, "the key `about` stands here twice"),
        ("    about: An ad.\n", "", 4, "`about:` is missing"),
        ("promotion/x", "byline/x", 4, "must begin with its category"),
        ("promotion/x", "Promotion X", 4, "must look like `category/name`"),
        ("category: promotion", "category: promotoin", 1, "did you mean `promotion`?"),
        ("language: en", "language: English", 2, "is not a language code"),
        ("'^ad$'", "'(ad'", 6, "the pattern is broken"),
        ("'^ad$'", "''", 6, "the pattern is empty"),
        ("'^ad$'", "'(ad)?'", 6, "matches the empty text"),
        ("'^ad$'", "'ad$x'", 6, "can match nothing"),
        ("'^ad$'", '"\\bad"', 6, "control character"),
        ("'^ad$'", "'\u201cad\u201d'", 6, "is folded to"),
        ("['[[Ad]]']", "['Ad']", 7, "needs marks"),
        ("['[[Ad]]']", "['[[Ad']", 7, "don't pair"),
        ("['[[Ad]]']", "[]", 7, "at least one example"),
        ("['An ad ran.']", "['An [[ad]] ran.']", 8, "takes no marks"),
        ("about: An ad.", "about: An ad.\n    score: 2", 6, "a number from 0 to 1"),
        ("about: An ad.", "about: An ad.\n    unit: line", 6, "unknown unit"),
        ("about: An ad.", "about: An ad.\n    where: top", 6, "unknown place"),
        ("about: An ad.", "about: An ad.\n    most: 3", 6, "for `unit: block` only"),
        ("about: An ad.", "about: An ad.\n    unit: block", 4, "needs `while:` or `until:`"),
        ("about: An ad.", "about: An ad.\n    when: {words: twelve}", 6, "is not a range"),
        ("about: An ad.", "about: An ad.\n    when: {words: 9..2}", 6, "is empty"),
        ("about: An ad.", "about: An ad.\n    when: {stop: maybe}", 6, "unknown answer"),
        ("about: An ad.", "about: An ad.\n    when: {beside: [ads]}", 6, "unknown category"),
        ("    any: ['^ad$']\n", "", 4, "a rule needs `any:`, `all:` or `when:`"),
        ("    any: ['^ad$']\n", "    unit: match\n    when: {words: ..3}\n", 4, "needs a pattern"),
        ("about: An ad.", "about: !!python/name:os.system ''", 5, "tags such as"),
        ("about: An ad.", "about: [a list]", 5, "a single text"),
    ],
)
def test_each_fault_has_its_line(old: str, new: str, line: int, message: str) -> None:
    text = HEAD + RULE
    assert text.count(old) == 1 or old == "about: An ad."
    (found,) = faults(text.replace(old, new, 1))
    assert found.startswith(f"rules/en/f.yaml:{line}: "), found
    assert message in found


def test_all_faults_of_all_files_are_told() -> None:
    found = faults(HEAD.replace("en", "English") + RULE.replace("'^ad$'", "'(ad'"), "{", HEAD + RULE + RULE)
    assert [fault.split(": ")[0] for fault in found] == [
        "rules/en/f.yaml:2",
        "rules/en/f.yaml:6",
        "rules/en/f1.yaml:2",
        "rules/en/f2.yaml:9",
    ]


def test_aliases_can_not_make_a_small_file_huge() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    assert any("aliases" in fault for fault in faults(bomb))


def test_scalars_are_texts() -> None:
    book = compile_rules([Source("rules/no/f.yaml", HEAD.replace("en", "no") + RULE)])
    assert book.rules[0].languages == ("no",)


def test_site_rules_need_a_host() -> None:
    assert faults("category: promotion\nrules:\n" + RULE, path="rules/sites/f.yaml") == [
        "rules/sites/f.yaml:1: a file in sites/ needs `host:`, the host or hosts that its rules are for"
    ]


def profile(*files: tuple[str, str]) -> list[str]:
    try:
        compile_rules(Source(f"rules/profiles/{name}.yaml", text) for name, text in files)
    except RuleFaults as error:
        return [str(fault) for fault in error.faults]
    return []


def test_profiles() -> None:
    base = ("base", "about: All.\ncategories:\n  all: remove 0.6\n  headline: keep\n")
    book = compile_rules(
        [
            Source(f"profiles/{n}.yaml", t)
            for n, t in (base, ("own", "about: Own.\nextends: base\ncategories:\n  byline: keep\n"))
        ]
    )
    own = book.profiles["own"]
    assert own.actions["byline"] == "keep" and own.actions["comments"] == "remove" and own.actions["headline"] == "keep"
    assert own.thresholds["comments"] == 0.6
    assert "there is no profile" in profile(("a", "about: A.\nextends: b\n"))[0]
    assert "extends itself" in profile(("a", "about: A.\nextends: b\n"), ("b", "about: B.\nextends: a\n"))[0]
    assert "must be `remove` or `keep`" in profile(("a", "about: A.\ncategories:\n  byline: drop\n"))[0]
    assert "unknown category" in profile(("a", "about: A.\nfields: [author]\n"))[0]
