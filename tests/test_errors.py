"""Every fault is in one tree, says what it is about, and survives the way between processes."""

from __future__ import annotations

import pickle

import pytest

import cleaner
from cleaner import errors
from cleaner.errors import CleanerError, Fault, RuleFaults

CLASSES = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CleanerError)]


def made(kind: type[CleanerError]) -> CleanerError:
    """One of each."""
    if kind is RuleFaults:
        return RuleFaults((Fault("a.yaml", 3, "no such key"),))
    if issubclass(kind, errors.ArticleFault) and kind is not errors.PatternTimeout:
        return kind("broken", "it is broken")
    return kind("it is broken")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_fault_survives_pickling(kind: type[CleanerError]) -> None:
    fault = made(kind)
    back = pickle.loads(pickle.dumps(fault))
    assert (type(back), str(back), vars(back)) == (kind, str(fault), vars(fault))
    assert kind is RuleFaults or str(fault) == "it is broken"


def test_the_tree_at_the_head_names_them_all() -> None:
    assert errors.__doc__ is not None
    assert {kind.__name__ for kind in CLASSES} == {name for name in dir(errors) if name in errors.__doc__} - {"Fault"}


def test_what_users_meet_is_exported() -> None:
    with pytest.raises(cleaner.OptionFault, match="no profile"):
        cleaner.Cleaner(profile="nonsense")
    with pytest.raises(cleaner.DecodeFault) as caught:
        cleaner.clean_html(b"%PDF-1.4")
    assert caught.value.kind == "binary" and isinstance(caught.value, cleaner.ArticleFault)
    with pytest.raises(cleaner.ResultFault):
        cleaner.restore("A.", [cleaner.Removed(9, 12, "other", "r", "phrases", 0.9, "", "B. ")])
