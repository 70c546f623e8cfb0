"""Which files a run takes, and what it says of the others."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from cleaner.errors import InputFault
from cleaner.run.inputs import Listing, walk
from cleaner.run.naming import plan


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return folder


def sources(listing: Listing) -> list[str]:
    return [found.source for found in listing.found]


def left_out(listing: Listing) -> dict[str, str]:
    return {entry.source: entry.why for entry in listing.not_taken}


def test_a_folder(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a.md", "sub/deep/c.TEXT", ".hidden/d.txt", "page.docx", "noext", "with space é.txt")
    listing = walk([str(tmp_path)])
    assert sources(listing) == [".hidden/d.txt", "a.md", "b.txt", "sub/deep/c.TEXT", "with space é.txt"]
    assert left_out(listing) == {"page.docx": ".docx file", "noext": "file without a suffix"}


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))).write_text("x")
    assert sources(walk([str(tmp_path)])) == ["caf\udce9.txt"]


def test_the_results_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "out/clean/a.txt")
    assert sources(walk([str(tmp_path)], str(tmp_path / "out"))) == ["a.txt"]
    assert sources(walk([str(tmp_path)], str(tmp_path / "sub" / ".." / "out"))) == ["a.txt", "out/clean/a.txt"]
    (tmp_path / "sub").mkdir()
    assert sources(walk([str(tmp_path)], str(tmp_path / "sub" / ".." / "out"))) == ["a.txt"]


def test_links(tmp_path: Path) -> None:
    top = make(tmp_path / "top", "a.txt", "sub/b.txt")
    make(tmp_path, "outside/c.txt")
    links = {
        "sub/loop": "..",
        "itself": "itself",
        "again": "sub",
        "away": "../outside",
        "away.txt": "../outside/c.txt",
        "nothing.txt": "gone",
        "inner.txt": "sub/b.txt",
    }
    for name, target in links.items():
        (top / name).symlink_to(target)
    listing = walk([str(top)])
    assert sources(listing) == ["a.txt", "inner.txt", "sub/b.txt"]
    assert left_out(listing) == {
        "sub/loop": "link in a loop",
        "itself": "link in a loop",
        "again": "link to a folder that is taken at its own place",
        "away": "link that leads out of the input",
        "away.txt": "link that leads out of the input",
        "nothing.txt": "link to nothing",
    }


def test_an_input_may_be_a_link(tmp_path: Path) -> None:
    make(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to("real")
    assert sources(walk([str(tmp_path / "link")])) == ["a.txt"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert left_out(walk([str(tmp_path)])) == {"a.txt": "neither a file nor a folder"}
    with pytest.raises(InputFault, match="use - and send the text"):
        walk([str(tmp_path / "a.txt")])


def test_files_and_several_inputs(tmp_path: Path) -> None:
    make(tmp_path, "one/a.txt", "two/b.txt", "two/c.docx")
    listing = walk([str(tmp_path / "one"), str(tmp_path / "one" / "a.txt"), str(tmp_path / "two" / "b.txt")])
    assert [(found.source, listing.roots[found.root]) for found in listing.found] == [
        ("a.txt", str(tmp_path / "one")),
        ("b.txt", str(tmp_path / "two")),
    ]
    assert left_out(walk([str(tmp_path / "two" / "c.docx")])) == {"c.docx": ".docx file"}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt"]),
        ("**/*.txt", ["a.txt", "sub/b.txt", "sub/deep/c.txt"]),
        ("sub/**/*.txt", ["b.txt", "deep/c.txt"]),
        ("*/deep", ["sub/deep/c.txt"]),
        ("s?b/*.[tm]*", ["sub/b.txt", "sub/d.md"]),
    ],
)
def test_globs(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    make(tmp_path, "a.txt", "sub/b.txt", "sub/d.md", "sub/deep/c.txt")
    (tmp_path / "sub" / "loop").symlink_to("..")
    listing = walk([str(tmp_path / pattern)])
    assert sources(listing) == expected


def test_a_name_with_signs_of_a_glob(tmp_path: Path) -> None:
    make(tmp_path, "[1] a*.txt")
    assert sources(walk([str(tmp_path / "[1] a*.txt")])) == ["[1] a*.txt"]


def test_wrong_inputs(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "broken.txt").symlink_to("gone")
    for given, message in (
        ("gone", "gone: no such file or folder"),
        ("*.md", "nothing has such a name"),
        ("gone/*.txt", "there is no folder"),
        ("broken.txt", "a link to nothing"),
    ):
        with pytest.raises(InputFault, match=message):
            walk([str(tmp_path / given)])


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may list everything, so the system's refusal is played.
    make(tmp_path, "a.txt", "locked/b.txt")
    real = os.scandir

    def scandir(path: str) -> object:
        if os.path.basename(path) == "locked":
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    listing = walk([str(tmp_path)])
    assert sources(listing) == ["a.txt"]
    assert [(t.source, t.kind, t.message) for t in listing.troubles] == [
        ("locked", "unreadable", "the folder can't be listed: no permission to read it")
    ]
    with pytest.raises(InputFault, match="this folder can't be listed"):
        walk([str(tmp_path / "locked")])


def test_deep_folders(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 500)
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("x")
    assert len(walk([str(tmp_path)]).found) == 1


def test_a_run_does_not_read_what_it_writes(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    listing = walk([str(tmp_path)], str(tmp_path / "out"))
    make(tmp_path, "out/clean/a.txt", "b.txt")
    assert sources(listing) == ["a.txt", "b.txt"]


@hypothesis.given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["a", "a-b", "a.md.txt", "b"]), max_size=3),
            st.sampled_from(["a.txt", "a.md", "a.md.txt", "a.txt.gz", "a-b.txt", "b.html"]),
        ),
        max_size=12,
    )
)
def test_a_folder_need_not_be_held_as_a_list(paths: list[tuple[list[str], str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for folders, name in paths:
            with suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
                os.makedirs(os.path.join(folder, *folders), exist_ok=True)
                Path(folder, *folders, name).write_text("")
        found = walk([folder]).found
        assert [entry.source for entry in found] == sorted(entry.source for entry in found)
        jobs = list(plan(found, [folder]))
        assert jobs == list(plan(list(found), [folder]))
        assert len({job.clean for job in jobs}) == len(jobs) == len(found)
