"""Imports point one way, and only the edges open files, read clocks or start processes."""

from __future__ import annotations

import ast
from pathlib import Path

import cleaner

ROOT = Path(cleaner.__file__).parent
# Each row may import from the rows above it, and within itself.
ORDER = [
    ["model"],
    ["fold", "nodes", "patterns", "language", "align", "names", "inner"],
    ["asks", "literals", "shared", "facts", "segment"],
    ["rarity", "prefilter", "rule"],
    ["rulefile", "rulebook", "conditions"],
    ["detectors", "signs", "shape"],
    ["weigh", "cut", "boost"],
    ["alone", "calibrate"],
    ["protect"],
    ["decide"],
    ["pipeline", "skeleton", "markupfile", "markdown"],
    ["examples", "effects", "compare", "trial", "remarks"],
    [
        "compressed",
        "salvage",
        "sniff",
        "intake",
        "remote",
        "formats",
        "nameset",
        "decode",
        "htmldecode",
        "pagefacts",
        "blocks",
        "markup",
        "log",
        "schema",
        "plan",
        "files",
        "walk",
    ],
    ["gold", "api"],
    ["measure"],
    ["showings"],
    ["fitting", "report"],
    ["card"],
    [
        "batch",
        "summary",
        "outfolder",
        "manifest",
        "unit",
        "nursery",
        "pool",
        "explain",
        "show",
        "diff",
        "arrow",
        "excerpt",
    ],
    ["tables", "fields", "adapters", "work", "tablework", "reuse", "sweep", "finish", "runs", "verify", "verifytable"],
    ["commands", "cli", "__main__"],
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
EDGES = {"nursery", "pool", "manifest", "tables", "work", "reuse", "runs", "sweep", "finish", "verifytable"} | {
    "files",
    "walk",
    "batch",
    "outfolder",
    "verify",
    "cli",
    "commands",
    "api",
    "decode",
    "plan",
    "explain",
    "show",
}
OUTSIDE = {
    "os",
    "io",
    "time",
    "datetime",
    "subprocess",
    "multiprocessing",
    "shutil",
    "socket",
    "tempfile",
    "random",
    "threading",
}


def modules() -> list[tuple[str, ast.Module]]:
    return [
        (path.relative_to(ROOT).with_suffix("").parts[0], ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(ROOT.rglob("*.py"))
        if path.name != "__init__.py" and "adapters" not in path.parts
    ]


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{name.name}" for name in node.names} | {node.module}
    return found


def test_every_module_has_its_place() -> None:
    assert {name for name, _ in modules()} == set(RANK) & {name for name, _ in modules()}


def test_imports_point_one_way() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, tree in modules()
        for other in imported(tree)
        if other.startswith("cleaner.") and RANK.get(other.split(".")[1], -1) > RANK[name]
    ]
    assert wrong == []


def test_the_core_knows_no_files_clocks_or_processes() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, tree in modules()
        if name not in EDGES
        for other in imported(tree)
        if other.split(".")[0] in OUTSIDE
    ]
    assert wrong == []
