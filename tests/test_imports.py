"""Imports point one way, without circles; inside of the pipeline nobody knows of files, clocks or processes."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import cleaner

ROOT = Path(cleaner.__file__).parent

FLOORS: tuple[str, ...] = (
    "_native",
    "errors",
    "article",
    "text markdown",
    "reading rulebook sites",
    "detectors",
    "deciding",
    "pipeline",
    "files",
    "prepared",
    "api tables",
    "results",
    "run authoring reporting",
    "integrations engines training",
    "commands",
    "__init__ __main__",
)
"""A room imports from the floors above it in this list, never from its own floor or one below."""
MOST_ROOMS = 25
"""Folders and modules that one sees from the door."""

RANK = {room: rank for rank, rooms in enumerate(FLOORS) for room in rooms.split()}
PURE = {room for room, rank in RANK.items() if rank <= RANK["pipeline"]}
EDGES = {"files", "tables", "results", "run"}
CLEANING = {"detectors", "deciding", "pipeline", "api"}
"""What a run does not know: it is handed a cleaner."""

DETECTORS_MAY = {"trees", "class_names", "neighbours", "ensemble", "sense", "ngrams", "word_shapes", "compiled"}
"""What the detectors have in common; else none imports another."""

OUTSIDE = {"os", "io", "glob", "shutil", "time", "datetime", "random", "tempfile", "socket"} | {
    *("subprocess", "multiprocessing", "threading"),
}


def imported(tree: ast.AST) -> set[str]:
    """All that a module imports: at its head, in functions and for types alone."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports here are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def module(name: str) -> str:
    """The module in which an imported name is defined."""
    while name not in TREES and "." in name:
        name = name.rpartition(".")[0]
    return name


FILES = [*ROOT.rglob("*.py"), *ROOT.rglob("*.pyi")]  # of what is compiled, its types
PATHS = {".".join(("cleaner", *path.relative_to(ROOT).with_suffix("").parts)): path for path in FILES}
TREES = {
    name.removesuffix(".__init__"): ast.parse(path.read_text(encoding="utf-8")) for name, path in sorted(PATHS.items())
}
IMPORTS = {name: imported(tree) for name, tree in TREES.items()}
GRAPH = {
    name: {module(other) for other in others if other.split(".")[0] == "cleaner"} for name, others in IMPORTS.items()
}
ARROWS = [(name, other) for name, others in GRAPH.items() for other in others]


def room(name: str) -> str:
    """The folder of a module below ``cleaner``, or its own name if it lies in none."""
    return name.split(".")[1] if "." in name else "__init__"


def is_pure(name: str) -> bool:
    """Whether a module may know no files, clocks and processes. In ``reporting``, only the review may."""
    return room(name) in PURE or (room(name) == "reporting" and not name.startswith("cleaner.reporting.review"))


def test_there_are_no_circles() -> None:
    TopologicalSorter(GRAPH).prepare()  # raises CycleError, which names the circle


def test_a_newcomer_can_look_over_the_rooms() -> None:
    assert len({room(name) for name in TREES}) <= MOST_ROOMS


def test_imports_point_one_way() -> None:
    across = [(name, other) for name, other in ARROWS if room(name) != room(other) and other != "cleaner"]
    assert [arrow for arrow in across if RANK[room(arrow[1])] >= RANK[room(arrow[0])]] == []
    assert [arrow for arrow in across if room(arrow[0]) in EDGES and room(arrow[1]) in CLEANING] == []


def test_no_detector_imports_another() -> None:
    inside = [(a.split(".")[2], b.split(".")[2]) for a, b in ARROWS if room(a) == room(b) == "detectors"]
    assert {(a, b) for a, b in inside if a != b and b not in DETECTORS_MAY} == set()


def test_what_is_pure_knows_no_files_clocks_or_processes() -> None:
    # A limit of time needs a clock; what it decides is said in the article's notes.
    limit = {("cleaner.rulebook.patterns", "time.thread_time")}
    # Days are reckoned with a calendar; which day it is, nobody asks.
    calendar = {("cleaner.text.days", "datetime.date"), ("cleaner.text.days", "datetime.datetime")}
    wrong = {(name, other) for name in IMPORTS if is_pure(name) for other in IMPORTS[name]} - limit - calendar
    assert [(name, other) for name, other in wrong if other.split(".")[0] in OUTSIDE] == []


def test_the_folders_of_tests_are_those_of_the_code() -> None:
    tests = Path(__file__).parent
    folders = {path.parent.relative_to(tests).as_posix() for path in tests.rglob("test_*.py")} - {"."}
    rooms = {path.parent.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py")}
    assert folders <= rooms, "a test is in a folder of the name that its code has"
