"""Files are written whole or not at all; rules are found where they should be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleaner.errors import OptionFault, RuleFaults
from cleaner.files import disk, rule_folders


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    disk.write(str(path), b"one")
    disk.write(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(path.parent) == ["a.txt"]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def fail(_: int) -> None:
        raise fault

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(type(fault)):
        disk.write(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_names_of_255_bytes(tmp_path: Path) -> None:
    disk.write(str(tmp_path / ("x" * 255)), b"x")


def test_new_files_have_the_usual_rights(tmp_path: Path) -> None:
    disk.write(str(tmp_path / "a"), b"x")
    (tmp_path / "b").write_bytes(b"x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_links_are_deleted_not_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_text("x")
    (tmp_path / "link").symlink_to("folder")
    disk.delete(str(tmp_path / "link"))
    disk.delete(str(tmp_path / "link"))
    assert (tmp_path / "folder" / "a").exists()


def test_only_lf_ends_a_line_of_a_log(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("a\u2028b\r\nc\x0cd\n".encode())
    assert list(disk.read_lines(str(tmp_path / "a"))) == ["a\u2028b\r\n", "c\x0cd\n"]


def paths(folder: Path | None) -> list[str]:
    return [source.path for source in rule_folders.read_rules((folder,) if folder else ())]


def test_shipped_rules() -> None:
    found = paths(None)
    assert "rules/profiles/default.yaml" in found
    assert found == sorted(found)
    assert not any(path.endswith(".md") for path in found)


def test_rules_of_ones_own_come_on_top(rules: Path, tmp_path: Path) -> None:
    (rules / "profiles").mkdir()
    (rules / "profiles" / "default.yaml").write_text("about: mine\n")
    (rules / "notes.txt").write_text("no rule")
    more = tmp_path / "more.yaml"
    more.write_text("x")
    found = rule_folders.read_rules((rules, more))
    own = {source.path for source in found if source.own}
    assert own == {f"{rules}/any/promotion.yaml", f"{rules}/profiles/default.yaml", str(more)}
    assert {source.path for source in found} == {*own, *paths(None)} - {"rules/profiles/default.yaml"}
    assert [source.proven for source in found] == [not source.own for source in found]


def test_rules_of_ones_own_alone(rules: Path, tmp_path: Path) -> None:
    found = {source.path for source in rule_folders.read_rules((rules, rules), only=True)}
    assert {path for path in found if "profiles" not in path} == {f"{rules}/any/promotion.yaml"}
    assert "rules/profiles/default.yaml" in found
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.yaml").write_text("about: mine\n")
    with pytest.raises(OptionFault, match="without the shipped ones nothing would be found"):
        rule_folders.read_rules((tmp_path / "profiles",), only=True)


def test_of_two_profiles_of_a_name_the_later_folder_counts(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "profiles").mkdir(parents=True)
        (tmp_path / name / "profiles" / "mine.yaml").write_text("about: mine\n")
    own = [source.path for source in rule_folders.read_rules((tmp_path / "a", tmp_path / "b")) if source.own]
    assert own == [f"{tmp_path}/b/profiles/mine.yaml"]


def test_a_folder_of_profiles_keeps_the_shipped_rules(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "careful.yaml").write_text("about: mine\nextends: default\n")
    assert set(paths(tmp_path)) == {f"{tmp_path}/profiles/careful.yaml", *paths(None)}


def test_a_single_file(rules: Path) -> None:
    file = rules / "any" / "promotion.yaml"
    assert [source.path for source in rule_folders.read_rules((file,)) if source.own] == [str(file)]


def test_rules_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such file or folder of rules"):
        rule_folders.read_rules((tmp_path / "gone",))
    with pytest.raises(ValueError, match="no rules in this folder"):
        rule_folders.read_rules((tmp_path,))


def test_rules_that_are_not_utf8_are_all_named(rules: Path) -> None:
    (rules / "a.yaml").write_bytes(b"rules:\n- caf\xe9\n")
    (rules / "b.yaml").write_bytes(b"\xff")
    with pytest.raises(RuleFaults) as caught:
        rule_folders.read_rules((rules,))
    assert [(fault.path, fault.line) for fault in caught.value.faults] == [
        (f"{rules}/a.yaml", 2),
        (f"{rules}/b.yaml", 1),
    ]
