"""The promises of the whole: nothing lost, same answer always, a clean text stays as it is."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.api import Cleaner
from cleaner.article.model import Cleaned
from cleaner.errors import RuleFaults
from cleaner.pipeline import RULE_SETS

ROOT = Path(__file__).parent.parent
DEFAULT = Cleaner()
EXAMPLES = sorted(
    {
        example.plain
        for rule in DEFAULT.rulebook.rules
        for example in (*rule.removes, *rule.keeps)
        if "en" in rule.languages
    }
)
TEXTS = st.one_of(
    st.text(),
    st.lists(st.sampled_from(EXAMPLES), max_size=4).map("\n".join),
    st.lists(st.one_of(st.sampled_from(EXAMPLES), st.text(max_size=20)), max_size=5).map("\r\n\r\n".join),
)


@given(TEXTS, st.sampled_from(["en", "de", "ja", "und", None]))
@settings(max_examples=150)
def test_nothing_is_lost_and_everything_is_explained(text: str, language: str | None) -> None:
    result = DEFAULT.clean(text, language=language)
    assert cleaner.restore(result.text, result.removed) == text
    assert all(a.end <= b.start for a, b in zip(result.removed, result.removed[1:], strict=False))
    for span in result.removed:
        assert span.text == text[span.start : span.end] and span.rule and span.reason and 0.5 <= span.score <= 1
    for decision in result.kept:
        assert decision.findings and decision.reason


@given(st.lists(st.sampled_from(EXAMPLES), min_size=2, max_size=5))
@settings(max_examples=30)
def test_articles_leave_nothing_behind(texts: list[str]) -> None:
    forward = [DEFAULT.clean(text).removed for text in texts]
    backward = [DEFAULT.clean(text).removed for text in reversed(texts)]
    assert forward == backward[::-1]


# A second run over a clean text may remove more only by rules that look at what stands around or at a place, both of
# which change when lines go: `where`, and these conditions.
LOOKING_AROUND = ("after", "before", "beside", "between", "around", "repeats", "restates", "cohesion")


def looks_around(rule_id: str) -> bool:
    if rule_id.startswith("judge/"):
        return True  # it reads a paragraph among its neighbours
    rule = next(rule for rule in DEFAULT.rulebook.rules if rule.id == rule_id)
    return rule.where != "anywhere" or rule.unit == "block" or any(getattr(rule.when, name) for name in LOOKING_AROUND)


def seeds() -> list[Path]:
    return sorted((ROOT / "seeds").glob("*.txt"))


def test_a_clean_text_stays_nearly_as_it_is() -> None:
    removed = letters = 0
    for path in seeds():
        once = DEFAULT.clean(path.read_bytes().decode())
        twice = DEFAULT.clean(once.text, language=once.article.language)
        assert [span.rule for span in twice.removed if not looks_around(span.rule)] == [], path
        removed += sum(len(span.text.strip()) for span in twice.removed)
        letters += len(once.text)
    assert removed < 0.02 * letters


def test_a_cleaner_can_be_pickled() -> None:
    copy = pickle.loads(pickle.dumps(Cleaner(profile="body", language="en", ignore=("byline",))))
    text = "A story about the bridge.\nBy Jane Doe\nAdvertisement\nMore of it."
    first = Cleaner(profile="body", language="en", ignore=("byline",)).clean(text)
    assert copy.clean(text) == first and "Jane" in first.text and "Advertisement" not in first.text


def removed(result: Cleaned) -> list[str]:
    return [span.text.strip() for span in result.removed]


TEXT = "The ferry sailed at noon.\nAdvertisement\n\u00a9 2024 The Courier. All rights reserved.\nIt came back at night."


def test_select_and_ignore() -> None:
    assert len(removed(Cleaner().clean(TEXT, language="en"))) == 2
    assert removed(Cleaner(select=("promotion",)).clean(TEXT, language="en")) == ["Advertisement"]
    assert "Advertisement" not in removed(Cleaner(ignore=("promotion", "navigation")).clean(TEXT, language="en"))
    assert removed(Cleaner(ignore=("phrases",)).clean(TEXT, language="en")) == []


NEWS = """\
Ferry strike ends after nine days
By Jane Doe, Staff Writer
VARN, March 3 (Reuters) - The first boats left the harbour at dawn on Tuesday, the union said, after nine days.
Subscribe now
The text of the deal stands at https://ferry.example/strike for all to read, the owners said on Wednesday.
"""


@pytest.mark.parametrize(
    ("profile", "stays", "goes"),
    [
        ("default", ["Ferry strike", "VARN", "https://ferry"], ["Jane Doe", "Subscribe"]),
        ("body", ["VARN", "https://ferry"], ["Jane Doe", "Subscribe"]),
        ("train", ["Ferry strike", "The first boats"], ["Jane Doe", "Subscribe", "VARN", "https://ferry"]),
        ("index", ["Ferry strike", "VARN"], ["Jane Doe", "Subscribe"]),
        ("light", ["Ferry strike", "VARN", "Jane Doe"], ["Subscribe"]),
    ],
)
def test_profiles_do_what_they_say(profile: str, stays: list[str], goes: list[str]) -> None:
    result = Cleaner(profile=profile).clean(NEWS, language="en")
    assert [word for word in stays if word not in result.text] == []
    assert [word for word in goes if word in result.text] == []
    assert result.fields == ((("byline", ("By Jane Doe, Staff Writer",)),) if profile == "index" else ())


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no profile 'x'; there are: "):
        Cleaner(profile="x")
    with pytest.raises(ValueError, match="there is no category, detector or rule 'adverts'"):
        Cleaner(select=("adverts",))
    with pytest.raises(TypeError, match="decode bytes first"):
        Cleaner().clean(b"bytes")  # type: ignore[arg-type]
    (tmp_path / "bad.yaml").write_text("category: promotion\nlanguage: en\nrules:\n  - id: x\n")
    with pytest.raises(RuleFaults, match=r"bad.yaml:4: "):
        Cleaner(tmp_path)


def test_rules_of_a_site_apply_there_alone(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "courier.example.yaml").write_text(
        "category: promotion\nhost: courier.example\nrules:\n  - id: promotion/courier\n    about: Its own words.\n"
        "    any: ['^more from the crew$']\n    removes: ['[[More from the crew]]']\n    keeps: ['More crew.']\n"
    )
    own = Cleaner(tmp_path, rules_only=True)
    text = "Story.\nMore from the crew\nEnd."
    for url, count in (
        ("https://www.courier.example/a", 1),
        ("courier.example/a", 1),
        ("https://example/a", 0),
        (None, 0),
        ("::", 0),
    ):
        assert len(own.clean(text, url=url).removed) == count


def test_odd_texts() -> None:
    for text in ("", " ", "\n\n", "\x00", "\ud800", "a" * 200_000, "a\n" * 20_000, "\u200b", "[" * 5000):
        result = DEFAULT.clean(text)
        assert cleaner.restore(result.text, result.removed) == text


def test_the_public_names_are_there() -> None:
    assert set(cleaner.__all__) <= set(dir(cleaner))
    assert all(getattr(cleaner, name) is not None for name in cleaner.__all__)
    with pytest.raises(AttributeError):
        _ = cleaner.nothing


def test_cases_are_well_formed() -> None:
    for line in (ROOT / "tests/cases/seeds.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        text = (ROOT / "seeds" / f"{case['id']}.txt").read_bytes().decode()
        assert all(text[s["start"] : s["end"]].strip() == text[s["start"] : s["end"]] != "" for s in case["spans"])


def test_the_pipeline_is_frozen_and_survives_pickling() -> None:
    made = DEFAULT.pipeline
    with pytest.raises(AttributeError):
        made.fast = True  # type: ignore[misc]
    copy = pickle.loads(pickle.dumps(made))
    article = made.read(TEXT, language="en")
    assert copy.clean(article) == made.clean(article)


def test_counts_of_sites_are_those_of_one_cleaner_alone() -> None:
    class Nothing:
        def of_site(self, site: str) -> None:
            return None

    counts = Nothing()
    counted = DEFAULT.with_repeats(counts)
    assert counted.pipeline.known is counts and counted.rulebook is DEFAULT.rulebook
    assert DEFAULT.pipeline.known is None
    assert pickle.loads(pickle.dumps(DEFAULT)).pipeline.known is None, "those that are built alike know nothing of it"


def test_rules_are_kept_ready_for_few_languages_and_sites() -> None:
    made = Cleaner().pipeline
    assert made.rules_for("en") is made.rules_for("en", "https://unknown.example/")
    assert made.rules_for("xx") is made.rules_for("yy")  # of neither there are rules
    assert made.rules_for("en", "https://edition.cnn.com/a") is not made.rules_for("en")
    for number in range(2 * RULE_SETS):
        made.rules_for(f"{number}")
    assert made.rules_for("en", page=True) is made.rules_for("en", page=True)
