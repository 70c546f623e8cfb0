"""The JSON Schemas: they take every file in rules/, and refuse what the loader refuses as far as shape goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from sample import ROOT, Run

from cleaner.article.model import CATEGORIES
from cleaner.errors import RuleFaults
from cleaner.rulebook import rule_file as loader_of_rules
from cleaner.rulebook.compile import compile_rules
from cleaner.rulebook.schema import profile_file, rule_file
from cleaner.rulebook.yaml_tree import Source

RULE = {"id": "other/x", "about": "x", "any": "x", "removes": ["[[x]]"], "keeps": ["y"]}
FILE = {"category": "other", "language": "en", "rules": [RULE]}
PROFILE = {"about": "x", "extends": "default", "categories": {"all": "remove 0.7", "byline": "keep"}}


def check(schema: dict[str, Any], path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for loader in (yaml.BaseLoader, yaml.SafeLoader):  # as we read it, and as an editor may
        found = yaml.load(text, loader)
        if loader is yaml.SafeLoader and found.get("language") is False:
            continue  # `language: no` is Norwegian to us and to YAML 1.2, not to PyYAML
        errors = Draft202012Validator(schema).iter_errors(found)
        assert [f"{path}: {error.json_path}: {error.message}" for error in errors] == []


def test_the_schemas_are_schemas(run: Run) -> None:
    for arguments, schema in (((), rule_file()), (("rules",), rule_file()), (("profile",), profile_file())):
        Draft202012Validator.check_schema(schema)
        assert json.loads(run("rules", "schema", *arguments).stdout) == schema
    assert run("rules", "schema", "nonsense").exit_code == 2


def test_the_shipped_files_fit() -> None:
    # markup/ holds words and weights, which its own reader checks.
    files = sorted(path for path in (ROOT / "rules").rglob("*.yaml") if path.parent.name != "markup")
    assert len(files) > 100
    for path in files:
        check(profile_file() if path.parent.name == "profiles" else rule_file(), path)


def test_every_key_is_there() -> None:
    rule = rule_file()["properties"]["rules"]["items"]["properties"]
    assert set(rule) == loader_of_rules._RULE_KEYS
    assert set(rule["when"]["properties"]) == loader_of_rules._WHEN
    assert set(rule["while"]["properties"]) == loader_of_rules._WHILE
    assert set(rule_file()["properties"]) == {
        "category",
        "language",
        "host",
        "phrases",
        "rules",
        "keep-css",
        "drop-css",
    }
    assert set(profile_file()["properties"]) == {
        "about",
        "extends",
        "threshold",
        "most",
        "categories",
        "fields",
        "judge",
        "blocks",
        "alone",
        "keep-css",
        "drop-css",
    }
    assert set(profile_file()["properties"]["categories"]["properties"]) == {"all", *CATEGORIES}


def loads(content: dict[str, Any], path: str) -> bool:
    sources = [Source(path, yaml.safe_dump(content))]
    if "profiles" in path:
        sources.append(Source("profiles/default.yaml", "about: All.\n"))
    try:
        compile_rules(sources)
    except RuleFaults:
        return False
    return True


BLOCK = {"unit": "block", "while": {"words": "..20", "stop": "no"}}
GOOD_RULES: list[dict[str, Any]] = [
    {},
    {"any": ["x", "z"], "all": "y", "unless": ["w"], "score": 0.95},
    {"score": "1.0", "where": "outer", "misses": ["[[z]]"], "category": "other"},
    {"unit": "sentence", "when": {"words": "3..12", "stop": "yes", "around": "prose"}},
    {"when": {"after": "x", "before": ["x"], "beside": "any", "between": ["byline"], "repeats": "headline"}},
    {"when": {"restates": "0.6..", "cohesion": "..0.1"}},
    BLOCK,
    {**BLOCK, "least": 1, "most": "10", "until": ["x"]},
    {"unit": "block", "until": "x", "while": {"any": "x", "unless": "z", "repeats": "article", "cohesion": "..1"}},
]
BAD_RULES: list[dict[str, Any]] = [
    {"id": "X"},
    {"id": 3},
    {"about": None},
    {"removes": None},
    {"removes": []},
    {"removes": ["x"]},
    {"misses": ["x"]},
    {"keeps": None},
    {"keeps": []},
    {"any": None},
    {"any": []},
    {"score": 2},
    {"score": "high"},
    {"unit": "line"},
    {"unit": "block"},
    {"unit": "block", "while": {}},
    {"unit": "sentence", "any": None, "when": {"words": "..3"}},
    {"where": "top"},
    {"when": {}},
    {"when": {"word": "..3"}},
    {"when": {"words": "twelve"}},
    {"when": {"words": ".."}},
    {"when": {"stop": "maybe"}},
    {"when": {"beside": ["ads"]}},
    {"when": {"repeats": "title"}},
    {"when": {"any": "x"}},
    {"most": 3},
    {"until": "x"},
    {**BLOCK, "most": 0},
    {**BLOCK, "while": {"after": "x"}},
    {"category": "nonsense"},
    {"extra": "x"},
]


def changed(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**base, **change}.items() if value is not None}


@pytest.mark.parametrize("change", GOOD_RULES, ids=repr)
def test_good_rules(change: dict[str, Any]) -> None:
    content = {**FILE, "rules": [changed(RULE, change)]}
    assert Draft202012Validator(rule_file()).is_valid(content)
    assert loads(content, "rules/x.yaml")


@pytest.mark.parametrize("change", BAD_RULES, ids=repr)
def test_bad_rules(change: dict[str, Any]) -> None:
    content = {**FILE, "rules": [changed(RULE, change)]}
    assert not Draft202012Validator(rule_file()).is_valid(content)
    assert not loads(content, "rules/x.yaml")


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ({"language": None, "host": "a.org"}, True),
        ({"host": ["a.org", "b.org"]}, True),
        ({"language": ["en", "de"]}, True),
        ({"language": "any"}, True),
        ({"language": None}, False),
        ({"language": "English"}, False),
        ({"category": "nonsense"}, False),
        ({"rules": None}, False),
        ({"extra": "x"}, False),
    ],
    ids=repr,
)
def test_heads_of_files(change: dict[str, Any], good: bool) -> None:
    content = changed(FILE, change)
    assert Draft202012Validator(rule_file()).is_valid(content) is good
    assert loads(content, "rules/x.yaml") is good


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ({}, True),
        ({"threshold": 0.6, "most": "0.5", "fields": ["byline"]}, True),
        ({"fields": "byline", "extends": None}, True),
        ({"about": None}, False),
        ({"threshold": 2}, False),
        ({"most": "half"}, False),
        ({"fields": ["author"]}, False),
        ({"categories": {"byline": "drop"}}, False),
        ({"categories": {"byline": "remove 2"}}, False),
        ({"categories": {"nonsense": "keep"}}, False),
        ({"extra": "x"}, False),
    ],
    ids=repr,
)
def test_profiles(change: dict[str, Any], good: bool) -> None:
    content = changed(PROFILE, change)
    assert Draft202012Validator(profile_file()).is_valid(content) is good
    assert loads(content, "profiles/own.yaml") is good
