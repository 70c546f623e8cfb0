"""What is done with each kind of boilerplate, and how sure one must be: a profile, and how far to move it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cleaner.article.model import Action, Wish


@dataclass(frozen=True, slots=True)
class Profile:
    """What becomes of each category: an action, and the least score at which it is taken."""

    name: str
    about: str
    actions: Mapping[str, Action]
    thresholds: Mapping[str, float]
    most: float
    """The share of an article's letters that weak evidence may remove; beyond it only strong evidence counts."""
    fields: tuple[str, ...] = ()
    """Categories whose removed texts are kept as fields of the article's record."""
    judge: float = 0.54
    """The least score at which the judge may remove what no rule does; where a category asks for more, that counts."""
    weighed: bool = False
    """Whether on pages what a rule claims of a whole block is weighed with all else that is seen of it, and may stay;
    else it goes."""
    alone: float = 0.8
    """The same for what is alone: a paragraph beside none that is likely boilerplate."""
    wishes: tuple[Wish, ...] = ()
    """What stays and what goes of pages by CSS selectors, whatever else is seen."""


PRECISION = {"careful": 0.6, "default": 0.0, "thorough": -0.4}
"""How far each step moves the thresholds: up, of the way to 1, or down, of the way to 0."""


def moved(profile: Profile, way: float) -> Profile:
    """The profile with its thresholds moved that part of the way to 1, or (below 0) to 0."""
    end = 1.0 if way > 0 else 0.0
    thresholds = {name: round(score + abs(way) * (end - score), 4) for name, score in profile.thresholds.items()}
    judge, alone = (round(score + abs(way) * (end - score), 4) for score in (profile.judge, profile.alone))
    return replace(profile, thresholds=thresholds, judge=judge, alone=alone) if way else profile
