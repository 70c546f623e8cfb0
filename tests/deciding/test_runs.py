"""What the judge is nearly sure of goes with the run in which it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cleaner.article.model import CATEGORIES, Action, Decision, Finding, Span
from cleaner.deciding.runs import completed
from cleaner.rulebook.profiles import Profile

PROFILE = Profile("test", "", dict.fromkeys(CATEGORIES, "remove"), dict.fromkeys(CATEGORIES, 0.5), 1.0, judge=0.55)
TEXT = "One caption.\nAnother one.\nThe third one.\nNews."
KIND = "photo-caption"


def verdict(start: int, end: int, score: float, ruled: float = 0.8, category: str = KIND) -> Decision:
    """What the judge says of a paragraph that a rule claims, too."""
    said = Finding(Span(start, end), category, "judge", f"judge/{category}", score, (), role="verdict")
    rule = Finding(Span(start, end), category, "phrases", f"{category}/x", ruled, (), role="claim")
    action: Action = "remove" if score >= PROFILE.judge else "keep"
    reason = f"{'over' if action == 'remove' else 'under'} the threshold 0.55"
    return Decision(start, end, action, category, said.rule, "judge", score, reason, (said, rule))


FIRST, THIRD = verdict(0, 12, 0.9), verdict(26, 40, 0.6)
NEARLY = verdict(13, 25, 0.45)


def test_what_is_nearly_sure_goes_between_two_of_its_kind() -> None:
    (first, middle, third) = completed(TEXT, [FIRST, NEARLY, THIRD], PROFILE)
    assert (first, third) == (FIRST, THIRD)
    assert middle.action == "remove"
    assert middle.reason == "between two of its kind that go, a little under the threshold 0.55"


def test_so_do_several() -> None:
    one, other = verdict(13, 20, 0.5), verdict(21, 25, 0.41)
    assert [each.action for each in completed(TEXT, [FIRST, one, other, THIRD], PROFILE)] == ["remove"] * 4
    assert completed(TEXT, [FIRST, one, other], PROFILE) == [FIRST, one, other]
    assert completed(TEXT, [FIRST, one, verdict(21, 25, 0.2), THIRD], PROFILE)[1] == one


@pytest.mark.parametrize(
    "drafts",
    [
        [FIRST, verdict(13, 25, 0.39), THIRD],
        [FIRST, verdict(13, 25, 0.45, ruled=0.6), THIRD],
        [FIRST, verdict(13, 25, 0.45, category="comments"), THIRD],
        [FIRST, NEARLY],
        [NEARLY, THIRD],
        [FIRST, NEARLY, verdict(26, 40, 0.5)],
        [verdict(0, 5, 0.9), NEARLY, THIRD],
        [FIRST, replace(verdict(13, 25, 0.8), action="keep", reason="inside a quotation"), THIRD],
    ],
)
def test_else_it_stays(drafts: list[Decision]) -> None:
    assert completed(TEXT, drafts, PROFILE) == drafts
