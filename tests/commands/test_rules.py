"""The tools for writing rules: try, new, check, list, test, diff, profiles."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sample import ROOT, Program, Run

RULE = """\
  - id: promotion/{name}
    about: An offer.
    unit: {unit}
    any: ['{pattern}']
    score: {score}
    removes: ['[[Buy it now.]]']
    keeps: ['They may buy it tomorrow.']
"""


def write(folder: Path, path: str, *rules: str, head: str = "category: promotion\nlanguage: en\n") -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(head + "rules:\n" + "".join(rules))
    return folder


def rule(name: str, pattern: str = "\\bbuy it now\\b", unit: str = "paragraph", score: str = "0.9") -> str:
    return RULE.format(name=name, pattern=pattern, unit=unit, score=score)


def remarks(run: Run, *arguments: str | Path) -> dict[str, set[tuple[str, str]]]:
    record = json.loads(run("rules", "check", *arguments, "--json").stdout)
    assert record["faults"] == []
    kinds: dict[str, set[tuple[str, str]]] = {}
    for remark in record["remarks"]:
        kinds.setdefault(remark["kind"], set()).add((remark["rule"], remark["message"]))
    return kinds


# -- test -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(rules: Path) -> Path:
    """Rules of which one example fails."""
    file = rules / "any" / "promotion.yaml"
    file.write_text(file.read_text().replace("It is good. [[Buy it now.]]", "It is good. [[Buy]] it now."))
    return rules


def test_a_failing_example_is_shown_as_wanted_and_as_found(run: Run, broken: Path) -> None:
    result = run("rules", "test", "--rules", broken, "--rules-only")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert re.search(r"promotion\.yaml:13: promotion/buy \(removes\): the rule alone does not find", lines[0])
    assert lines[1:3] == ["    wanted: It is good. [[Buy]] it now.", "    found:  It is good. [[Buy it now.]]"]
    assert lines[-1] == "1 example of 1 rule failed; 2 rules hold."
    assert run("rules", "test", "promotion/ad", "--rules", broken, "--rules-only").exit_code == 0


def test_a_failing_example_in_colour(run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = run("rules", "test", "--rules", broken, "--rules-only", color=True)
    assert "\x1b[31m[[Buy it now.]]\x1b[0m" in result.stdout and "\x1b[32m[[Buy]]\x1b[0m" in result.stdout


def test_a_failing_example_as_json(run: Run, broken: Path) -> None:
    result = run("rules", "test", "--rules", broken, "--rules-only", "--json")
    record = json.loads(result.stdout)
    assert (result.exit_code, record["rules"], record["examples"], record["failed_rules"]) == (1, 3, 6, 1)
    (failure,) = record["failures"]
    assert (failure["rule"], failure["kind"], failure["line"]) == ("promotion/buy", "removes", 13)
    assert [row["side"] for row in failure["rows"]] == ["wanted", "found"]
    assert (
        json.loads(run("rules", "test", "promotion/ad", "--rules", broken, "--rules-only", "--json").stdout)["failures"]
        == []
    )


def test_a_whole_id_names_one_rule(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", "en/promotion.yaml", rule("buy"), rule("buy-it"))
    assert run("rules", "test", "promotion/buy", "--rules", folder, "--rules-only").stdout.startswith("1 rule: ")
    assert run("rules", "test", "promotion/b", "--rules", folder, "--rules-only").stdout.startswith("2 rules: ")


# -- check ----------------------------------------------------------------------------------------------------------


def test_check_names_what_no_example_proves(run: Run, tmp_path: Path) -> None:
    text = rule("buy").replace("    score", "    unless: ['\\bnever shown\\b']\n    score", 1)
    text = text.replace("any: ['", "any: ['\\bnot seen\\b', '", 1)
    folder = write(tmp_path / "mine", "en/promotion.yaml", text, rule("fine"))
    assert remarks(run, folder)["unproven"] == {
        ("promotion/buy", "1 of 2 patterns match in none of its `removes`, first \\bnot seen\\b; "
         "1 of 1 `unless` match in none of its `keeps`, first \\bnever shown\\b"),
    }  # fmt: skip


def test_check_names_shadows(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", "en/promotion.yaml", rule("narrow", "^buy it now"), rule("wide", "\\bbuy\\b"),
                   rule("weak", "\\bit now\\b", score="0.6"))  # fmt: skip
    found = dict(remarks(run, folder)["shadowed"])
    assert set(found) == {"promotion/narrow", "promotion/wide", "promotion/weak"}  # equals shadow one another
    assert "promotion/weak" not in found["promotion/narrow"] and "promotion/wide (" in found["promotion/narrow"]
    text = run("rules", "check", folder).stdout
    assert "Shadowed: " in text and text.splitlines()[-1].endswith("To look at: 3 shadowed.")


def test_no_shadow_of_another_kind(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", "en/promotion.yaml", rule("buy"))
    write(folder, "de/promotion.yaml", rule("de-buy"), head="category: promotion\nlanguage: de\n")
    write(folder, "en/other.yaml", rule("buy").replace("promotion/", "other/"), head="category: other\nlanguage: en\n")
    part = rule("part", "\\bit now\\b", unit="match").replace("[[Buy it now.]]", "Buy [[it now]].")
    write(folder, "en/parts.yaml", part)
    assert {name for name, _ in remarks(run, folder)["shadowed"]} == {"promotion/part"}


@pytest.mark.parametrize(
    ("path", "head", "name", "message"),
    [
        ("en/byline.yaml", "category: promotion\nlanguage: en\n", "x", "stands in promotion.yaml"),
        ("de/promotion.yaml", "category: promotion\nlanguage: en\n", "x", "a rule for en does not belong in de/"),
        ("de/promotion.yaml", "category: promotion\nlanguage: de\n", "x", "its id should be promotion/de-x"),
        ("en/promotion.yaml", "category: promotion\nlanguage: en\nhost: a.org\n", "x", "in the folder sites/"),
        ("sites/b.org.yaml", "category: promotion\nlanguage: en\nhost: a.org\n", "x", "after its host, a.org.yaml"),
    ],
)
def test_check_names_what_is_misplaced(run: Run, tmp_path: Path, path: str, head: str, name: str, message: str) -> None:
    folder = write(tmp_path / "mine", path, rule(name), head=head)
    ((found, told),) = remarks(run, folder)["misplaced"]
    assert found == f"promotion/{name}" and message in told


@pytest.mark.parametrize(
    ("path", "head", "name"),
    [
        ("promotion.yaml", "category: promotion\nlanguage: en\n", "x"),
        ("de/promotion.yaml", "category: promotion\nlanguage: de\n", "de-x"),
        ("any/weak.yaml", "category: promotion\nlanguage: any\n", "x"),
        ("sites/a.org.yaml", "category: promotion\nhost: [b.org, a.org]\n", "x"),
    ],
)
def test_check_is_content_with_the_right_place(run: Run, tmp_path: Path, path: str, head: str, name: str) -> None:
    folder = write(tmp_path / "mine", path, rule(name), head=head)
    assert remarks(run, folder) == {}
    assert remarks(run, folder / path) == {}  # named as a file
    assert remarks(run, "--rules", folder) == {}


def test_check_names_rules_without_effect(run: Run, tmp_path: Path, articles: Path) -> None:
    folder = write(tmp_path / "mine", "any/promotion.yaml",
                   rule("buy", unit="sentence"), rule("twin", unit="sentence"), rule("ad", "^advertisement$"),
                   rule("none", "\\bnowhere\\b"), head="category: promotion\nlanguage: any\n")  # fmt: skip
    write(folder, "ja/promotion.yaml", rule("ja-x"), head="category: promotion\nlanguage: ja\n")
    assert remarks(run, folder, "--on", articles)["idle"] == {
        ("promotion/buy", "what it finds goes, or stays, without it"),
        ("promotion/twin", "what it finds goes, or stays, without it"),
        ("promotion/ad", "what it finds goes, or stays, without it"),  # a shipped rule finds it too
        ("promotion/none", "finds nothing"),
    }
    assert json.loads(run("rules", "check", folder, "--on", articles, "--json").stdout)["not_asked"] == 1
    text = run("rules", "check", folder, "--on", articles).stdout
    assert "Without effect: " in text and "1 rule is for a language or site of which" in text


def test_no_rule_is_idle_beside_one_that_asks_for_neighbours(run: Run, tmp_path: Path, articles: Path) -> None:
    beside = rule("beside", "\\bnoon\\b").replace("    score", "    when: {beside: [promotion]}\n    score")
    folder = write(tmp_path / "mine", "any/promotion.yaml", rule("ad", "^advertisement$"),
                   rule("twin", "^advert"), beside, head="category: promotion\nlanguage: any\n")  # fmt: skip
    assert "idle" not in remarks(run, folder, "--on", articles)


def test_check_tells_faults_as_json(run: Run, rules: Path) -> None:
    (rules / "x.yaml").write_text("category: nonsense\nlanguage: en\nrules: []\n")
    result = run("rules", "check", rules, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["faults"][0]["line"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone"], "gone: no such file or folder of rules"),
        (["a", "--rules", "b"], "FOLDER and --rules mean the same"),
        (["--on", "gone"], "gone: no such file or folder"),
    ],
)
def test_check_refuses(run: Run, arguments: list[str], message: str) -> None:
    result = run("rules", "check", *arguments)
    assert result.exit_code == 2 and message in result.stderr


def test_an_article_that_fails_is_named(run: Run, rules: Path, articles: Path) -> None:
    (articles / "broken.txt").write_bytes(b"\x00\x01\x02\xff" * 40)
    for arguments in (
        ["rules", "check", rules, "--on", articles],
        ["rules", "list", "--rules", rules, "--stats", articles],
        ["rules", "try", "bridge", articles, "--rules", rules, "--rules-only"],
        ["diff", rules, rules, articles],
    ):
        result = run(*arguments)
        assert result.exit_code == 1, arguments
        assert "broken.txt: " in result.stderr


# -- list -----------------------------------------------------------------------------------------------------------


def test_list_by_category_language_and_site(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", "en/promotion.yaml", rule("buy"))
    write(folder, "en/other.yaml", rule("x").replace("promotion/", "other/"), head="category: other\nlanguage: en\n")
    write(folder, "de/promotion.yaml", rule("de-x"), head="category: promotion\nlanguage: de\n")
    write(folder, "sites/a.org.yaml", rule("a"), head="category: promotion\nlanguage: en\nhost: a.org\n")

    def listed(*arguments: str) -> set[str]:
        lines = run("rules", "list", "--rules", folder, "--json", *arguments).stdout.splitlines()
        return {json.loads(line)["id"] for line in lines}

    assert listed("--category", "other") == {"other/x"}
    assert listed("--category", "other,promotion") == {"other/x", "promotion/buy", "promotion/de-x", "promotion/a"}
    assert listed("--language", "en") == {"other/x", "promotion/buy"}
    assert listed("--site", "www.a.org") == {"promotion/a"}
    assert listed("promotion/b", "--language", "en") == {"promotion/buy"}
    assert run("rules", "list", "--rules", folder, "--language", "en").stdout.splitlines()[-1] == "2 rules of 4."
    for wrong, message in (("--category", "no category"), ("--site", "no rule fits"), ("--language", "known language")):
        result = run("rules", "list", "--rules", folder, wrong, "nonsense")
        assert result.exit_code == 2 and message in result.stderr


def test_list_counts_what_each_rule_removes(run: Run, rules: Path, articles: Path) -> None:
    lines = run("rules", "list", "--rules", rules, "--stats", articles).stdout.splitlines()
    assert [line.split() for line in lines[:3]] == [
        ["Rule", "spans", "characters", "articles"],
        ["promotion/ad", "1", "14", "1"],
        ["promotion/buy", "1", "12", "1"],
    ]
    assert lines[3] == "2 of 3 rules removed something from 3 articles (profile default)."
    records = run("rules", "list", "--rules", rules, "--stats", articles, "--json").stdout.splitlines()
    removed = {record["id"]: record["removed"] for record in map(json.loads, records)}
    assert removed["promotion/ad"] == {"spans": 1, "articles": 1, "characters": 14}
    assert removed["promotion/perhaps"]["spans"] == 0


# -- profiles -------------------------------------------------------------------------------------------------------


def test_profiles_in_words(run: Run) -> None:
    text = run("profiles", "light").stdout
    assert re.search(r"removes, at a score of 0\.5 or more:\n    donation-appeal, .*photo-caption\n  keeps:\n", text)
    assert "as fields:\n    byline, photo-caption, source-credit\n" in run("profiles", "index").stdout
    everything = run("profiles").stdout
    assert everything.startswith("default\n") and "\ntrain\n" in everything
    assert max(map(len, everything.splitlines())) <= 100
    record: dict[str, Any] = json.loads(run("profiles", "light", "--json").stdout)
    assert record["categories"]["byline"]["action"] == "keep" and record["name"] == "light"
    assert len(run("profiles", "--json").stdout.splitlines()) == len(list((ROOT / "rules/profiles").glob("*.yaml")))


def test_profiles_of_ones_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "own.yaml").write_text("about: Mine.\nextends: light\nthreshold: 0.9\nmost: 1\n")
    text = run("profiles", "own", "--rules", tmp_path, "--rules-only").stdout
    assert text.startswith("own\n  Mine.\n  removes, at a score of 0.9 or more:") and "Where more" not in text
    result = run("profiles", "gone")
    assert result.exit_code == 2 and "there is no profile 'gone'; there are: body, " in result.stderr


def test_all_of_it_says_where_it_is(program: Program, tmp_path: Path) -> None:
    """A traceback never reaches the user, whatever is missing."""
    for arguments in (["diff", "gone", "default", "x"], ["rules", "try", "x", "gone"], ["rules", "check", "gone"]):
        result = program(*arguments, cwd=tmp_path)
        assert result.returncode == 2 and b"Traceback" not in result.stderr and b"gone" in result.stderr
