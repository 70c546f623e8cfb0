"""What is kept between runs: it spares time and changes nothing, and nothing is believed that may not be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sample import ARTICLE, RULES

from cleaner import api, prepared
from cleaner.api import Cleaner
from cleaner.article.model import Cleaned
from cleaner.errors import RuleFaults
from cleaner.files import kept
from cleaner.files.kept import Kept
from cleaner.rulebook import patterns
from cleaner.rulebook.yaml_tree import Source

SOURCE = Source("a.yaml", "rules: []")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where files are kept, even of few rules; the package brings none, and this process knows no rules yet."""
    monkeypatch.setattr(kept, "LEAST_TEXT", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(kept, "INSIDE", "not there")
    api._rulebook.cache_clear()
    yield tmp_path / "cache" / kept.OWN
    api._rulebook.cache_clear()


def cleaned(rules: Path) -> Cleaned:
    api._rulebook.cache_clear()
    return Cleaner(rules, rules_only=True).clean(ARTICLE, language="en")


def never(*_: object) -> str:
    raise AssertionError("it was kept")


def test_what_was_kept_is_not_built_again(folder: Path) -> None:
    files = Kept.of([SOURCE])
    assert files is not None
    value = {"a": (1, b"2", "\udc80", (True, None, 0.5))}
    assert files.get("x", lambda: value) == value
    assert files.get("x", lambda: dict[str, Any]()) == value
    assert [path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())] == [0o700, 0o600]


def test_other_rules_have_other_files(folder: Path) -> None:
    one, other = Kept.of([SOURCE]), Kept.of([Source("a.yaml", "rules: [] ")])
    assert one and other and one.digest != other.digest
    assert (one.get("x", lambda: "one"), other.get("x", lambda: "other")) == ("one", "other")


def broken(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def open_to_all(path: Path) -> None:
    path.chmod(0o666)


def in_a_folder_open_to_all(path: Path) -> None:
    path.parent.chmod(0o777)


def a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def of_another_name(path: Path) -> None:
    path.rename(path.with_name("other"))
    files = Kept(path.name.partition("-")[0], ((str(path.parent), False),))
    files.put(str(path.parent), "y", "of y")
    path.with_name(path.name[:-1] + "y").rename(path)


@pytest.mark.parametrize(
    "spoil",
    [broken, cut_short, empty, open_to_all, in_a_folder_open_to_all, a_link, a_folder, a_pipe, of_another_name],
)
def test_what_may_be_wrong_or_of_others_is_not_believed(folder: Path, spoil: object) -> None:
    files = Kept.of([SOURCE])
    assert files is not None and files.get("x", lambda: "old") == "old"
    assert callable(spoil)
    spoil(folder / f"{files.digest}-x")
    assert files.get("x", lambda: "new") in ("new", None)


def test_a_broken_file_is_replaced(folder: Path) -> None:
    files = Kept.of([SOURCE])
    assert files is not None and files.get("x", lambda: "old") == "old"
    broken(folder / f"{files.digest}-x")
    assert files.get("x", lambda: "new") == "new" == files.get("x", never)


def test_where_nothing_can_be_written_nothing_is_built_and_all_works(
    folder: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_files = cleaned(rules)
    for place in ("/dev/null", "/proc/self"):
        monkeypatch.setenv("XDG_CACHE_HOME", place)
        files = Kept.of([SOURCE])
        assert files is not None and files.get("x", lambda: "x") in (None, "x")
        assert cleaned(rules) == with_files
        assert not Path(place, kept.OWN).exists()


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.setattr(kept, "INSIDE", "not there")
    monkeypatch.setattr(kept, "LEAST_TEXT", 0)
    files = Kept.of([SOURCE])
    assert files is not None and files.get("x", never) is None


def test_old_files_go(folder: Path) -> None:
    for number in range(kept.SETS + 3):
        files = Kept.of([Source("a.yaml", str(number))])
        assert files is not None
        files.get("x", lambda: "x")
        os.utime(folder / f"{files.digest}-x", (number, number))
    assert len(list(folder.iterdir())) == kept.SETS


def test_files_in_use_stay(folder: Path) -> None:
    first, *others = (Kept.of([Source("a.yaml", str(number))]) for number in range(kept.SETS + 3))
    assert first is not None and first.get("x", lambda: "first") == "first"
    for files in others:
        assert files is not None
        for path in folder.iterdir():
            os.utime(path, (1, 1))  # all that is there was written and used long ago
        assert first.get("x", never) == "first"
        files.get("x", lambda: "x")
    assert first.get("x", never) == "first"


def test_of_few_rules_nothing_is_kept(folder: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_files = cleaned(rules)
    monkeypatch.undo()
    shutil.rmtree(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder.parent))
    assert cleaned(rules) == with_files
    assert not folder.exists()


def test_rules_from_files_do_what_rules_from_yaml_do(
    folder: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cleaned(rules)
    assert first.removed
    assert {path.name.partition("-")[2] for path in folder.iterdir()} == {"rules", "any"}
    monkeypatch.setattr(prepared, "_plain", never)
    monkeypatch.setattr(prepared, "table", never)
    assert cleaned(rules) == first


def test_a_changed_rule_is_read(folder: Path, rules: Path) -> None:
    assert [span.rule for span in cleaned(rules).removed] == ["promotion/ad", "promotion/buy"]
    path = rules / "any" / "promotion.yaml"
    path.write_text(RULES.replace("dvertise", "nother word"))
    assert [span.rule for span in cleaned(rules).removed] == ["promotion/buy"]


def test_faults_are_told_with_their_files_and_nothing_of_them_is_kept(folder: Path, rules: Path) -> None:
    (rules / "any" / "bad.yaml").write_text("category: nonsense\nlanguage: any\nrules: []\n")
    (rules / "any" / "worse.yaml").write_text("category: other\nlanguage: any\nrulez: []\n")
    with pytest.raises(RuleFaults) as raised:
        cleaned(rules)
    assert [fault.path.rpartition("/")[2] for fault in raised.value.faults] == ["bad.yaml", "worse.yaml"]
    assert not folder.exists() or not list(folder.iterdir())


def test_a_rule_in_the_place_of_a_shipped_one_leaves_the_shipped_tables_whole(folder: Path, tmp_path: Path) -> None:
    shipped = Cleaner().rulebook.rules
    replaced = next(rule for rule in shipped if rule.languages == ("fi",) and rule.any)
    own = tmp_path / "mine.yaml"
    own.write_text(
        f"category: {replaced.category}\nlanguage: fi\nrules:\n- id: {replaced.id}\n  about: mine\n"
        "  any: 'zzz'\n  removes: ['[[zzz]]']\n  keeps: ['no']\n"
    )
    Cleaner(own).pipeline.rules_for("fi")
    tables = Cleaner().pipeline.tables
    assert tables is not None and set(replaced.any) <= set(tables(False, "fi"))


@pytest.mark.parametrize("language", ["fi", "sites"])
def test_the_values_of_a_pattern_make_the_same_pattern(folder: Path, language: str) -> None:
    tables = Cleaner().pipeline.tables
    assert tables is not None
    table = tables(False, language)
    assert table
    for pattern, (syntax, values, _, _) in table.items():
        fresh = patterns.compiled.__wrapped__(pattern)
        again = patterns._again(*values)
        assert (again.pattern, again.flags, again.groupindex) == (fresh.pattern, fresh.flags, fresh.groupindex)
        assert patterns.Syntax(*syntax) == patterns.read.__wrapped__(pattern)


def test_many_programs_may_start_at_once(folder: Path, rules: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from cleaner.api import Cleaner; from cleaner.files import kept;"
        "kept.INSIDE = 'not there'; kept.LEAST_TEXT = 0;"
        "c = Cleaner(sys.argv[1], rules_only=True); print(repr(c.clean(sys.argv[2], language='en').removed))"
    )
    command = [sys.executable, "-c", code, str(rules), ARTICLE]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {program.communicate(timeout=100)[0] for program in programs}
    assert said == {repr(cleaned(rules).removed) + "\n"}
    assert len(list(folder.iterdir())) == 2
