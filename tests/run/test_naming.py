"""Which article gets which name."""

from __future__ import annotations

import os
import random

from hypothesis import given
from hypothesis import strategies as st

from cleaner.run.inputs import Found
from cleaner.run.naming import LONGEST, plan


def names(*sources: str) -> dict[str, str]:
    return {job.id: job.clean for job in plan([Found(f"/in/{s}", s, 0) for s in sources], ["/in"])}


def test_names() -> None:
    assert names("a.txt", "b/c.txt", "d.md", "E.TXT") == {
        "a.txt": "a.txt",
        "b/c.txt": "b/c.txt",
        "d.md": "d.md.txt",
        "E.TXT": "E.TXT.txt",
    }


def test_results_do_not_collide() -> None:
    assert names("a.md", "a.md.txt", "a.txt") == {"a.md": "a.md~2.txt", "a.md.txt": "a.md.txt", "a.txt": "a.txt"}
    assert names("a.md", "a.md.txt", "a.md~2.txt")["a.md"] == "a.md~3.txt"


def test_a_folder_keeps_its_name() -> None:
    assert names("a.md", "a.md.txt/b.txt") == {"a.md": "a.md~2.txt", "a.md.txt/b.txt": "a.md.txt/b.txt"}


def test_two_inputs_with_the_same_paths() -> None:
    found = [Found("/x/one/a.txt", "a.txt", 0), Found("/x/two/a.txt", "a.txt", 1), Found("/x/two/b.txt", "b.txt", 1)]
    jobs = plan(found, ["/x/one", "/x/two"])
    assert [(job.id, job.source, job.clean) for job in jobs] == [
        ("b.txt", "b.txt", "b.txt"),
        ("one/a.txt", "a.txt", "one/a.txt"),
        ("two/a.txt", "a.txt", "two/a.txt"),
    ]


def test_two_inputs_of_the_same_name() -> None:
    jobs = plan([Found("/x/in/a.txt", "a.txt", 0), Found("/y/in/a.txt", "a.txt", 1)], ["/x/in", "/y/in"])
    assert [(job.id, job.clean) for job in jobs] == [("in/a.txt", "in/a.txt"), ("in/a.txt~2", "in/a.txt~2.txt")]


def test_long_names_fit() -> None:
    stem = "é" * 126
    result = names(f"{stem}a.md", f"{stem}b.md", "x" * 251 + ".txt")
    assert all(len(os.fsencode(name)) <= LONGEST for name in result.values())
    assert len(set(result.values())) == 3
    assert result["x" * 251 + ".txt"] == "x" * 251 + ".txt"


PARTS = st.sampled_from(["a", "b", "a.md", "a.md.txt", "a.md~2.txt", "b.txt", "A.TXT", "\udce9.txt", "c" * 250 + ".md"])


@given(st.sets(st.lists(PARTS, min_size=1, max_size=3).map("/".join), max_size=12), st.randoms())
def test_whatever_the_files(sources: set[str], order: random.Random) -> None:
    sources = {s for s in sources if not any(other.startswith(s + "/") for other in sources)}
    found = [Found(f"/in/{s}", s, 0) for s in sorted(sources)]
    jobs = plan(found, ["/in"])
    cleans = [job.clean for job in jobs]
    assert len(set(cleans)) == len(cleans) == len(sources)
    assert not any(one.startswith(other + "/") for one in cleans for other in cleans)
    assert all(name.lower().endswith(".txt") for name in cleans)
    assert all(len(os.fsencode(part)) <= LONGEST for name in cleans for part in name.split("/"))
    order.shuffle(found)
    assert plan(found, ["/in"]) == jobs


def test_results_end_in_txt_as_it_is() -> None:
    assert names("A.TXT", "A.TXT.txt") == {"A.TXT": "A.TXT~2.txt", "A.TXT.txt": "A.TXT.txt"}
