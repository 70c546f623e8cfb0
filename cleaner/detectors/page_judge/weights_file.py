"""rules/markup/ and models/ -> words of class names, weights of signs, trees of the second look. Opens no files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from cleaner.article.model import CATEGORIES
from cleaner.detectors.class_names import Groups, Kinds
from cleaner.detectors.page_judge.judge import PageJudge, Weights
from cleaner.detectors.page_judge.surroundings import ROW
from cleaner.detectors.trees import Forest
from cleaner.errors import Fault, RuleFaults
from cleaner.reading.page_kind import NO_CUES, PageCues
from cleaner.rulebook.yaml_tree import Node, Source, parse
from cleaner.text.folding import fold

WORDS, CUES, FULL, FAST = "words", "pages", "page-weights-full", "page-weights-fast"
FULL_FOREST, FAST_FOREST = "page-trees-full", "page-trees-fast"
HEAVIEST = 50.0


@dataclass(frozen=True, slots=True)
class Markup:
    """All that is known about markup: kinds by names and elements, the judge with an extractor and without.

    A user's folder may leave out the trees of the second look.
    """

    kinds: Kinds
    full: PageJudge
    fast: PageJudge
    cues: PageCues = NO_CUES
    """What pages say that are not articles; a user's folder may leave this out, too."""


def read_markup(sources: Iterable[Source]) -> Markup:
    """The values in the sources; raises ``RuleFaults`` with everything that is wrong with them."""
    faults: list[Fault] = []
    sources = tuple(sources)
    forests = {PurePath(s.path).stem: _forest(s, faults) for s in sources if s.path.endswith(".json")}
    nodes = {PurePath(s.path).stem: parse(s, faults) for s in sources if not s.path.endswith(".json")}
    for name in sorted({WORDS, FULL, FAST} - set(nodes)):
        home = "markup" if name == WORDS else "models"
        faults.append(Fault(f"{home}/{name}.yaml", 1, "this file is missing"))
    found = {name: node for name, node in nodes.items() if node is not None}
    kinds = _kinds(found[WORDS]) if WORDS in found else Kinds(Groups({}))
    full, fast = (_weights(found[name]) if name in found else _NO_WEIGHTS for name in (FULL, FAST))
    cues = _cues(found[CUES]) if CUES in found else NO_CUES
    if faults:
        raise RuleFaults(tuple(faults))
    groups = kinds.groups
    return Markup(
        kinds,
        PageJudge(groups, full, forests.get(FULL_FOREST)),
        PageJudge(groups, fast, forests.get(FAST_FOREST)),
        cues,
    )


_NO_WEIGHTS = Weights(0.0, {}, {})


def _forest(source: Source, faults: list[Fault]) -> Forest | None:
    try:
        return Forest.of(json.loads(source.text), ROW)
    except (ValueError, KeyError, TypeError) as error:
        faults.append(Fault(source.path, 1, f"these are not trees: {error}"))
        return None


def _kinds(root: Node) -> Kinds:
    keys = root.mapping(("groups", "tags"), ("groups", "tags")) or {}
    words: dict[str, tuple[str, ...]] = {}
    categories: dict[str, str] = {}
    for name, node in keys["groups"].entries() if "groups" in keys else ():
        group = node.mapping(("category", "words"), ("words",)) or {}
        words[name] = group["words"].strings() if "words" in group else ()
        category = group["category"].choice(CATEGORIES, "category") if "category" in group else None
        if category:
            categories[name] = category
    tags: dict[str, str] = {}
    for name, node in keys["tags"].entries() if "tags" in keys else ():
        category = node.choice(CATEGORIES, "category")
        if category:
            tags[name] = category
    return Kinds(Groups(words), categories, tags)


def _cues(root: Node) -> PageCues:
    keys = root.mapping(("consent", "buttons", "error", "paywall")) or {}
    told = {name: tuple(fold(each).casefold() for each in node.strings()) for name, node in keys.items()}
    buttons = frozenset(told.pop("buttons", ()))
    return PageCues(buttons=buttons, **told)


def _weights(root: Node) -> Weights:
    keys = root.mapping(("start", "signs", "trained_on"), ("start", "signs")) or {}
    start = (keys["start"].number(-HEAVIEST, HEAVIEST) if "start" in keys else None) or 0.0
    left_out: dict[str, float] = {}
    taken: dict[str, float] = {}
    for name, value in keys["signs"].entries() if "signs" in keys else ():
        numbers = [number for each in value.items() if (number := each.number(-HEAVIEST, HEAVIEST)) is not None]
        if not 1 <= len(numbers) <= 2:
            value.fault("one weight is expected here, or two: left out by the extractor, taken by it")
            continue
        left_out[name], taken[name] = numbers[0], numbers[-1]
    return Weights(start, left_out, taken)
