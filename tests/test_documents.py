"""What the documents say is so: commands and programs run, links lead somewhere, names are those of the code."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from conftest import APART, commands
from sample import ROOT, Run

from cleaner.commands.cli import cli

DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")])
}
README, CLI, RESULTS, RULES = (
    DOCUMENTS[name] for name in ("README.md", "docs/cli.md", "docs/results.md", "docs/rules.md")
)


def blocks(language: str) -> list[tuple[str, str]]:
    """The code in a language, with the name of its document."""
    return [
        (name, code)
        for name, text in DOCUMENTS.items()
        for code in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    ]


# -- programs and commands ------------------------------------------------------------------------------------------


PROGRAMS = blocks("python")
LIBRARIES = ("polars", "duckdb", "datasets", "ray", "pyspark", "dask", "daft", "langchain", "clean_html")


def test_there_are_programs() -> None:
    named = "".join(code for _, code in PROGRAMS)
    assert len(PROGRAMS) >= 5 and all(name in named for name in LIBRARIES)


@pytest.mark.parametrize(("name", "code"), PROGRAMS)
def test_a_program_runs(name: str, code: str) -> None:
    """In a process of its own if it loads other libraries: some of these start threads."""
    libraries = set()
    for node in ast.walk(ast.parse(code)):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        libraries |= {name.partition(".")[0] for name in names}
    for library in libraries:
        if find_spec(library) is None:
            pytest.skip(f"{library} is not installed")
    if libraries == {"cleaner"}:
        exec(compile(code, name, "exec"), {"__name__": "__main__"})
        return
    env = os.environ | {"PYSPARK_PYTHON": sys.executable, "HF_HUB_OFFLINE": "1", "RAY_raylet_start_wait_time_s": "300"}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=env)
    assert result.returncode == 0, result.stderr


NEWS = "The bridge opened on Monday, and thousands came.\nAdvertisement\nTraffic flowed by noon, the council said.\n"
PAGE = f"<html><body><h1>A bridge</h1><p>{NEWS}</p></body></html>"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the documents' commands name."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "articles").mkdir()
    for path in (folder / "a.txt", folder / "articles" / "a.txt"):
        path.write_text(NEWS)
    for number, day in enumerate(("Monday", "Tuesday", "Friday", "Sunday", "June", "July", "May"), 1):
        site = folder / "articles" / "example.org"
        site.mkdir(exist_ok=True)
        story = f"The council met in {day} over item {number * 7}.\nIts {day} vote was close, the mayor said.\n"
        (site / f"{number}.txt").write_text(f"{story}The Post belongs to those who read it. Chip in today.\n")
    for name in ("seeds", "gold"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "story.html").write_text(PAGE)
    gold = {"text": NEWS, "spans": [{"start": 49, "end": 62, "category": "promotion"}]}
    lines = [json.dumps({"id": f"a{number}", "site": f"s{number}", **gold}) for number in range(6)]
    (folder / "gold.jsonl").write_text("\n".join(lines) + "\n")
    crawl = json.dumps({"id": "a", "body": NEWS}) + "\n"
    subprocess.run(f"gzip > {folder}/crawl.jsonl.gz", shell=True, input=crawl, text=True, check=True)
    (folder / "bin").mkdir()
    for name, line in (
        ("cleaner", f'exec "{sys.executable}" -m cleaner "$@"'),
        ("curl", f'exec cat "{folder}/story.html"'),
    ):
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / "bin" / name).chmod(0o755)
    return folder


def in_a_shell(line: str, place: Path) -> tuple[int, str]:
    """The exit code of a line with pipes, and what it wrote."""
    path = f"{place / 'bin'}:{os.environ['PATH']}"
    result = subprocess.run(
        line, shell=True, cwd=place, env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}, capture_output=True
    )
    return result.returncode, (result.stdout + result.stderr).decode()


def in_this_process(line: str, place: Path) -> tuple[int, str]:
    """The same for a line that calls ``cleaner`` alone, without the time that a process takes to start."""
    words = shlex.split(line, comments=True)
    files = {sign: words[words.index(sign) + 1] for sign in "<>" if sign in words}
    end = min([words.index(sign) for sign in files], default=len(words))
    source = (place / files["<"]).read_bytes() if "<" in files else None
    result = CliRunner(**APART).invoke(cli, words[1:end], prog_name="cleaner", input=source)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    if ">" in files:
        (place / files[">"]).write_bytes(result.stdout_bytes)
    return result.exit_code, result.stdout + result.stderr


def fill_in(folder: Path) -> None:
    """What `rules new` leaves to its reader."""
    for file in folder.rglob("*.yaml"):
        text = file.read_text().replace("^TODO a pattern$", "^sold by the ferryman$")
        file.write_text(re.sub(r"\[\[TODO.*\]\]", "[[Sold by the ferryman]]", text).replace("TODO", "What"))


NOT_RUN: tuple[str, ...] = ("cleaner fit ", "cleaner review ")
"""What takes minutes and many articles, or doesn't end by itself: only its words are checked; other tests run it."""


COMMANDS = [name for name in DOCUMENTS if any(name == found for found, _ in blocks("sh"))]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_commands_of_a_document_run_as_they_are(name: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    for result in ("mine", "out", "back"):
        shutil.rmtree(place / result, ignore_errors=True)
    lines = [line for found, code in blocks("sh") if found == name for line in code.splitlines() if line]
    for line in lines:
        (place / "mine" / "sites").mkdir(parents=True, exist_ok=True)
        if line.startswith(NOT_RUN):
            line = f"{line.partition('  #')[0]} --help"  # which refuses words that the command doesn't know
            shutil.copytree(ROOT / "models", place / "mine" / "models", dirs_exist_ok=True)
        code, output = (in_a_shell if "|" in line or not line.startswith("cleaner ") else in_this_process)(line, place)
        assert code == 0, (line, output)
        fill_in(place / "mine")


def test_there_are_documents_with_commands() -> None:
    assert {"README.md", "docs/cli.md", "docs/rules.md"} <= set(COMMANDS)


def test_the_article_of_the_readme_comes_out_as_shown() -> None:
    import cleaner

    before, after = (code for name, code in blocks("text") if name == "README.md")
    assert cleaner.clean(before).text == after


# -- names ----------------------------------------------------------------------------------------------------------


def test_all_commands_are_shown_and_no_others() -> None:
    known = commands(cli)
    lines = [line.split() for _, code in blocks("sh") for line in re.findall(r"^cleaner (.*)", code, re.MULTILINE)]
    named = {next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in known), words[0]) for words in lines}
    assert named == set(known)


def test_all_options_of_run_are_named_and_no_others() -> None:
    options = {name for option in commands(cli)["run"].params for name in option.opts if name.startswith("--")}
    section = CLI[CLI.index("names every option") : CLI.index("## Exit codes")]
    named = set(re.findall(r"--[a-z][a-z-]*", section))
    assert options - named == set()
    everything = {name for command in commands(cli).values() for option in command.params for name in option.opts}
    assert named - everything == {"--no-config"}


def test_all_profiles_are_named_and_no_others() -> None:
    table = CLI[CLI.index("| profile | what it does |") :].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == {
        path.stem for path in (ROOT / "rules" / "profiles").glob("*.yaml")
    }


def test_all_keys_of_the_logs_are_named(run: Run, articles: Path, tmp_path: Path) -> None:
    run("run", articles, "--out", tmp_path / "out", "--kept")
    named = set(re.findall(r"`([a-z_0-9]+)`", "".join(re.findall(r"^\| (`.*?) \|", RESULTS, re.MULTILINE))))
    keys = set()
    for name in ("removed.jsonl", "articles.jsonl", "kept.jsonl"):
        for line in (tmp_path / "out" / name).read_text().splitlines()[1:]:
            keys |= set(json.loads(line))
    assert keys == named


def test_the_profile_that_is_shown_works(run: Run, tmp_path: Path) -> None:
    text = re.search(r"```yaml\n# mine/(profiles/careful.yaml)\n(.*?)```", RULES, re.DOTALL)
    assert text
    (tmp_path / "profiles").mkdir()
    (tmp_path / text[1]).write_text(text[2])
    result = run("explain", "-", "--rules", tmp_path, "--rules-only", "--profile", "careful", input="It rained.\n")
    assert result.exit_code == 0, result.stderr


def test_every_folder_is_described() -> None:
    design = DOCUMENTS["docs/design.md"]
    folders = {path.parent.name for path in (ROOT / "cleaner").glob("*/__init__.py")}
    assert folders == set(re.findall(r"^\| `(\w+)/` \|", design, re.MULTILINE))


# -- links ----------------------------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    """The anchor of a heading, as GitHub and MkDocs make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_every_link_leads_somewhere() -> None:
    wrong = []
    for name, text in DOCUMENTS.items():
        for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            if link.startswith("https://"):
                continue
            path, _, part = link.partition("#")
            target = (ROOT / name).parent / path if path else ROOT / name
            if not target.exists() or (
                part and part not in map(anchor, re.findall(r"^#+ (.*)", target.read_text(), re.MULTILINE))
            ):
                wrong.append((name, link))
    assert wrong == []


def test_every_page_is_in_the_menu() -> None:
    menu: list[dict[str, str]] = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]
    pages: Any = [page for entry in menu for page in entry.values()]
    assert sorted(pages) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def test_the_readme_is_short() -> None:
    assert README.count("\n") < 150
