"""``cleaner rules try`` and ``cleaner rules new``: before there is a rule."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sample import ROOT, Run

from cleaner.article.model import Span
from cleaner.authoring.skeleton import full_id
from cleaner.commands.terminal.excerpt import Excerpt, excerpt, rows
from cleaner.errors import NoPlace
from cleaner.reading.plain_text import segment


@pytest.fixture
def tried(run: Run, rules: Path, articles: Path) -> Any:
    """The JSON that trying a pattern on the small articles gives."""

    def call(*arguments: str) -> dict[str, Any]:
        result = run("rules", "try", arguments[0], articles, *arguments[1:], "--rules", rules, "--rules-only", "--json")
        assert result.exit_code == 0, result.stderr
        record: dict[str, Any] = json.loads(result.stdout)
        return record

    return call


def texts(record: dict[str, Any]) -> list[str]:
    return [sample["text"] for sample in record["samples"]]


# -- try ------------------------------------------------------------------------------------------------------------


def test_each_unit(tried: Any) -> None:
    assert texts(tried("BUY it", "--unit", "match")) == ["Buy it"]
    assert texts(tried("buy it", "--unit", "sentence")) == ["Buy it now!"]
    assert texts(tried("buy it")) == ["Traffic flowed by noon. Buy it now!"]


def test_where_when_and_language(tried: Any, articles: Path) -> None:
    (articles / "long.txt").write_text("The ferry sails at noon every day.\n" * 30)
    assert tried("ferry")["matches"] == 30
    assert tried("ferry", "--where", "start")["matches"] < tried("ferry", "--where", "outer")["matches"] < 30
    assert tried("ferry", "--where", "end")["matches"] < 30
    assert texts(tried("ad|bridge", "--when", "words: ..2, stop: no")) == ["Advertisement"]
    assert texts(tried("ad|bridge", "--when", "words: ..2\nstop: no")) == ["Advertisement"]
    assert texts(tried("flowed", "--when", "{after: ['^advert']}")) == ["Traffic flowed by noon. Buy it now!"]
    assert tried("ferry", "--language", "en")["articles"] < tried("ferry")["articles"] + 1
    assert tried("ferry", "--language", "ja")["matches"] == 0


def test_limit_draws_the_same_each_time(tried: Any, articles: Path) -> None:
    (articles / "long.txt").write_text("\n".join(f"The ferry sails at {n} every day." for n in range(50)))
    once = tried("ferry", "--limit", "5")
    assert (once["matches"], len(once["samples"]), once["articles_with_matches"]) == (50, 5, 1)
    assert texts(once) == texts(tried("ferry", "--limit", "5"))
    assert [sample["line"] for sample in once["samples"]] == sorted(sample["line"] for sample in once["samples"])
    assert len(tried("ferry", "--limit", "0")["samples"]) == 50
    assert len(tried("ferry")["samples"]) == 10


def test_it_says_who_claims_it_already(tried: Any, run: Run, rules: Path, articles: Path) -> None:
    record = tried("advert|bridge")
    assert record["claimed"] == {"promotion/ad": 1} and (record["matches"], record["unclaimed"]) == (2, 1)
    assert {sample["text"]: sample["rules"] for sample in record["samples"]}["Advertisement"] == ["promotion/ad"]
    lines = run("rules", "try", "advert|bridge", articles, "--rules", rules, "--rules-only").stdout.splitlines()
    assert lines[0] == "2 matches in 1 of 3 articles."
    assert lines[1:4] == ["Claimed already by:", "  promotion/ad  1", "  no rule       1"]
    assert "a.txt:2  already promotion/ad" in lines and "a.txt:1  not claimed yet" in lines
    assert "  > [[⟦Advert⟧isement]]" in lines
    assert (
        "No rule claims any of them yet."
        in run("rules", "try", "bridge", articles, "--rules", rules, "--rules-only").stdout
    )
    assert (
        run("rules", "try", "zeppelin", articles, "--rules", rules, "--rules-only").stdout
        == "No match in 3 articles.\n"
    )


def test_it_shows_colours(run: Run, rules: Path, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = run(
        "rules", "try", "buy", articles, "--rules", rules, "--rules-only", "--unit", "sentence", color=True
    ).stdout
    assert "noon. \x1b[32;1;7mBuy\x1b[0m\x1b[32m it now!\x1b[0m" in out and "[[" not in out


def test_a_pattern_is_matched_as_in_a_rule(tried: Any, articles: Path) -> None:
    (articles / "odd.txt").write_text("Don\u2019t\u00a0miss \u201cour\u201d ÉTÉ offers.\n")
    assert tried("don't miss 'our' été")["matches"] == 0  # “ is folded to ", not to '
    assert tried('don\'t miss "our" été')["matches"] == 1
    assert tried("(?-i:don't)")["matches"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["(a"], "cleaner: pattern: the pattern is broken"),
        (["a?"], "cleaner: pattern: the pattern matches the empty text"),
        (["\u2019"], "is folded to"),
        (["a\x07"], "holds the control character"),
        (["a", "--when", "words: few"], "cleaner: --when: 'few' is not a range"),
        (["a", "--when", "word: ..3"], "did you mean `words`?"),
        (["a", "--when", "words: ..3\nstop: maybe"], "cleaner: --when, line 2: unknown answer 'maybe'"),
        (["a", "--when", ""], "cleaner: --when: a condition is missing here"),
        (["a", "--when", "words: ["], "cleaner: --when: this is not YAML"),
        (["a", "--unit", "block"], "'block' is not one of"),
        (["a", "--language", "English"], "is not a known language code"),
        (["a", "--limit", "-1"], "not in the range"),
    ],
)
def test_try_refuses(run: Run, articles: Path, arguments: list[str], message: str) -> None:
    result = run("rules", "try", arguments[0], articles, *arguments[1:])
    assert result.exit_code == 2
    assert message in result.stderr


def test_slow_patterns_are_told(run: Run, articles: Path, rules: Path) -> None:
    assert run("rules", "try", r"^\w+ \w+ \w+\W*$", articles, "--rules", rules, "--rules-only").stdout.startswith(
        "Slow: "
    )


# -- excerpts -------------------------------------------------------------------------------------------------------


def shown(text: str, start: int, end: int, match: tuple[int, int] | None = None, width: int = 0) -> list[str]:
    found: Excerpt = excerpt(segment(text, id="a"), Span(start, end), Span(*match) if match else None)
    return list(rows(found, width, ""))


def test_an_excerpt() -> None:
    text = "One.\n\nTwo three four.\nFive.\n"
    assert shown(text, 10, 15) == ["a:3", "    One.", "  > Two [[three]] four.", "    Five."]
    assert shown(text, 6, 22, (10, 15))[2] == "  > [[Two ⟦three⟧ four.]]"
    assert shown(text, 0, len(text)) == ["a:1", "  > [[One.]]", "  > [[Two three four.]]", "  > [[Five.]]"]


def test_long_excerpts_are_shortened_around_the_match() -> None:
    text = "word " * 100 + "HERE " + "word " * 100 + "\n" + "line\n" * 20
    lines = shown(text, 0, 1000, (500, 504), 60)
    assert "⟦HERE⟧" in lines[1] and max(map(len, lines)) <= 60
    lines = shown(text, 0, len(text), None, 60)
    assert any("14 more" in line for line in lines) and len(lines) <= 9
    assert all(len(line) <= 40 for line in shown("漢字" * 200, 100, 110, None, 60)[1:])


def test_an_excerpt_obeys_no_terminal_codes() -> None:
    assert "\x1b" not in "".join(shown("a\x1b[31m\nb\x1b[31mc\nd\x1b[31m", 7, 10))


# -- new ------------------------------------------------------------------------------------------------------------


def fill(file: Path) -> None:
    text = file.read_text().replace("^TODO a pattern$", "^sold by the ferryman$")
    file.write_text(re.sub(r"\[\[TODO.*\]\]", "[[Sold by the ferryman]]", text).replace("TODO", "What"))


def test_a_new_rule_filled_in_passes(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("rules", "new", "promotion/ferry")
    assert result.exit_code == 0
    assert result.stdout.startswith("rules/en/promotion.yaml:4: promotion/ferry begun in a new file.")
    assert run("rules", "test", "--rules", "rules", "--rules-only").exit_code == 1  # nothing is filled in
    unfinished = json.loads(run("rules", "check", "rules", "--json").stdout)["remarks"]
    assert [remark["kind"] for remark in unfinished] == ["unfinished"]
    fill(Path("rules/en/promotion.yaml"))
    assert json.loads(run("rules", "check", "rules", "--json").stdout)["remarks"] == []
    assert run("rules", "test", "--rules", "rules", "--rules-only").exit_code == 0


def test_new_rules_are_added_to_what_is_there(run: Run, rules: Path) -> None:
    before = (rules / "any" / "promotion.yaml").read_text()
    result = run("rules", "new", "boat", "--category", "promotion", "--language", "any", "--rules", rules)
    assert result.exit_code == 0 and "promotion/boat added." in result.stdout
    assert (rules / "any" / "promotion.yaml").read_text().startswith(before)
    assert "category:" not in (rules / "any" / "promotion.yaml").read_text()[len(before) :]
    run("rules", "new", "byline/boat", "--language", "any", "--rules", rules, "--out", rules / "any" / "promotion.yaml")
    assert "    category: byline\n" in (rules / "any" / "promotion.yaml").read_text()
    assert len(run("rules", "list", "--rules", rules, "--json").stdout.splitlines()) == 5


def test_new_rules_for_other_languages_and_sites(run: Run, tmp_path: Path) -> None:
    assert "promotion/de-x begun" in run("rules", "new", "x", "--category", "promotion", "--language", "de",
                                         "--rules", tmp_path).stdout  # fmt: skip
    assert (tmp_path / "de" / "promotion.yaml").exists()
    run("rules", "new", "promotion/x", "--out", tmp_path / "sites" / "example.org.yaml", "--rules", tmp_path)
    assert "host: example.org\n" in (tmp_path / "sites" / "example.org.yaml").read_text()
    kinds = {r["kind"] for r in json.loads(run("rules", "check", tmp_path, "--json").stdout)["remarks"]}
    assert kinds == {"unfinished"}


def test_a_new_rule_keeps_to_the_indentation(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(
        "category: other\nlanguage: en\nrules:\n- id: other/a\n  about: A.\n  any: ['xyz']\n"
        "  removes: ['[[xyz]]']\n  keeps: ['y']"
    )
    assert run("rules", "new", "other/b", "--out", file).exit_code == 0
    assert run("rules", "check", file).exit_code == 0
    assert "keeps: ['y']\n\n- id: other/b\n" in file.read_text()


HEAD = "category: other\nlanguage: en\n"
ITEM = "{id: other/a, about: A, any: xyz, removes: ['[[xyz]]'], keeps: [y]}"


@pytest.mark.parametrize(
    ("arguments", "there", "message"),
    [
        (["promotion/ad", "--language", "any"], None, "there is a rule promotion/ad already, at "),
        (["ad"], None, "say which category the rule is of: category/ad, or --category"),
        (["nonsense/x"], None, "there is no category 'nonsense'"),
        (["byline/x", "--category", "promotion"], None, "says byline, --category says promotion"),
        (["byline/X Y"], None, "must look like category/name"),
        (["byline/x", "--language", "de"], None, "say byline/de-x"),
        (["byline/x", "--language", "German"], None, "is not a language code"),
        (["byline/x", "--out", "x.txt"], None, "rule files end in .yaml"),
        (["other/x", "--language", "any"], HEAD + f"rules:\n  - {ITEM}\n", "is for en, not for any"),
        (["other/x"], HEAD + f"rules: [{ITEM}]\n", "add the rule by hand"),
        (["other/x"], f"rules:\n  - {ITEM}\n" + HEAD, "must be the last key"),
        (["other/x"], "rules: [\n", "this is not YAML"),
    ],
)
def test_new_refuses(run: Run, rules: Path, arguments: list[str], there: str | None, message: str) -> None:
    if there is not None:
        (rules / "own.yaml").write_text(there)
        arguments = [*arguments, "--out", str(rules / "own.yaml")]
    before = {path: path.read_bytes() for path in rules.rglob("*.yaml")}
    result = run("rules", "new", *arguments, "--rules", rules)
    assert result.exit_code == 2
    assert message in result.stderr
    assert {path: path.read_bytes() for path in rules.rglob("*.yaml")} == before


def test_new_says_why_it_can_not_write(run: Run, tmp_path: Path) -> None:
    (tmp_path / "en").write_text("a file")
    result = run("rules", "new", "byline/x", "--rules", tmp_path)
    assert result.exit_code == 2 and "byline.yaml: " in result.stderr


def test_shipped_ids_can_be_made_by_new() -> None:
    """What ``rules new`` takes for an id is what the shipped rules have."""
    found = re.findall(r"^  - id: (\S+)$", (ROOT / "rules/de/byline.yaml").read_text(), re.MULTILINE)
    assert found and all(full_id(id, None, "de") == (id, "byline") for id in found)
    with pytest.raises(NoPlace):
        full_id("byline/x", None, "de")
