"""What stands between two of its kind that go, and is of that kind by the judge and by a rule, if neither is sure."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.article.model import Decision
from cleaner.deciding.changed import reasoned
from cleaner.deciding.isolated import SAYS, judged
from cleaner.rulebook.profiles import Profile

NEAR = 0.15
"""How far under its threshold the score of such a paragraph may be: of four captions below one another the third is
hardly less likely one than the others."""


def completed(text: str, drafts: Sequence[Decision], profile: Profile) -> list[Decision]:
    """The drafts, where what is a little under the judge's threshold in the middle of a run goes with the run."""
    result = list(drafts)
    first = 0
    for last in range(1, len(drafts)):
        if not _together(text, drafts[last - 1], drafts[last]):
            first = last
        elif drafts[last].action == "remove":
            for number in range(first + 1, last):
                least = _least(drafts[number], profile)
                reason = f"between two of its kind that go, a little under the threshold {least:g}"
                result[number] = reasoned(drafts[number], "remove", reason)
            first = last
        elif drafts[first].action != "remove" or not _near(drafts[last], profile):
            first = last
    return result


def _together(text: str, one: Decision, other: Decision) -> bool:
    """Whether the two are of one kind, and nothing but white space stands between them."""
    return one.category == other.category and not text[one.end : other.start].strip()


def _least(draft: Decision, profile: Profile) -> float:
    return max(profile.thresholds[draft.category], profile.judge)


def _near(draft: Decision, profile: Profile) -> bool:
    """Whether the judge stays only a little under the threshold, and a rule says the same."""
    least = _least(draft, profile)
    claimed = any(f.role == "claim" and f.category == draft.category and f.score >= SAYS for f in draft.findings)
    return claimed and judged(draft) and round(least - NEAR, 4) <= draft.score < least
