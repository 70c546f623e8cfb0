"""``cleaner audit``: how good a run is, from a sample that people have judged, with intervals."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from cleaner.commands.options import Refusal, echo, json_option, safe

if TYPE_CHECKING:
    from cleaner.reporting.review.columns import Columns
    from cleaner.reporting.review.sample import Drawn
    from cleaner.results import log

SAMPLE = 200


@click.command()
@click.argument("out", type=click.Path())
@click.option("--sample", type=click.IntRange(10, 100_000), metavar="N", help=f"Draws.  [default: {SAMPLE}]")
@click.option("--seed", type=int, default=1, show_default=True, help="A different seed draws a different sample.")
@click.option("--again", is_flag=True, help="Draw a new sample in place of the existing one.")
@click.option(
    "--corrections",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="What was corrected; may be repeated.  [default: OUT/corrections.jsonl]",
)
@json_option
def audit(out: str, sample: int | None, seed: int, again: bool, corrections: tuple[str, ...], as_json: bool) -> None:
    """Say how good a run is, from a sample that people judge.

    OUT is a folder that cleaner run has written. The first time, a sample is drawn; cleaner review OUT --audit goes
    through it. Then the same command says precision, recall and how much of the articles was lost, in characters, with
    intervals that hold the truth 95 times of a hundred; by category and language; what sample would halve them; and how
    far two people agree. It is written to OUT/audit.json.
    """
    from cleaner.errors import LogFault, OutFault
    from cleaner.files import disk
    from cleaner.reporting.review.sample import read as sampled
    from cleaner.results import log, out_folder

    try:
        summary = out_folder.read_summary(out)
        path = os.path.join(out, out_folder.SAMPLE)
        if again or not os.path.exists(path):
            with disk.no_more_open(out_folder.closed(out)):
                number = _draw(out, path, sample or SAMPLE, seed)
            echo(safe(f"{path}: {number:,} spans and paragraphs. Judge them: cleaner review {out} --audit"))
            return
        about, units = sampled(out)
        if sample is not None and (sample, seed) != (about.get("sample"), about.get("seed")):
            raise Refusal(
                safe(f"cleaner: {path}: another sample is there ({about.get('sample')} draws); --again draws a new one")
            )
        record = _audited(out, about, units, corrections or (os.path.join(out, out_folder.CORRECTIONS),), summary)
        if not record["judged"]:
            raise Refusal(safe(f"cleaner: nothing of the sample is judged yet: cleaner review {out} --audit"))
        with disk.no_more_open(out_folder.closed(out)):
            disk.write(os.path.join(out, out_folder.AUDIT), (log.dump(record, indent=2) + "\n").encode())
    except (OutFault, LogFault) as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    except OSError as error:
        raise Refusal(safe(f"cleaner: {error.filename}: {disk.why(error)[1]}")) from None
    if as_json:
        echo(log.dump(record, indent=2))
        return
    for line in _lines(record, os.path.join(out, out_folder.AUDIT)):
        echo(safe(line))


def _draw(out: str, path: str, size: int, seed: int) -> int:
    from cleaner.commands.reading import progress
    from cleaner.files import disk
    from cleaner.reporting.review import index, sample
    from cleaner.reporting.review.texts import Texts
    from cleaner.results import log, out_folder

    with progress(out_folder.read_summary(out)["articles"], "articles", "Reading the logs") as bar:
        columns = index.whole(out, lambda read: bar.update(read - bar.n))
    with tempfile.TemporaryDirectory(prefix="cleaner-") as unpacked:
        texts = Texts(out, out_folder.read_summary(out), index.logs(out, unpacked), columns)
        found = list(sample.draw(columns, texts, size, seed))
    if not found:
        raise Refusal(safe(f"cleaner: {out}: there is nothing in it to draw from"))
    about = {"about": True, "sample": size, "seed": seed, "summary": sample.digest(out), **_population(columns)}
    lines = [log.header(sample.FORMAT), about, *(one.record() for one in found)]
    disk.write(path, "".join(log.dump(line) + "\n" for line in lines).encode())
    return len(found)


def _population(columns: Columns) -> dict[str, Any]:
    """The characters that went and stayed, by language, too."""
    languages = dict.fromkeys(columns.languages.names, (0, 0))
    for chunk in columns.chunks:
        for number, name in enumerate(columns.languages.names):
            mine = chunk.articles["language"] == number
            gone = int(chunk.articles["gone"][mine].sum(dtype="u8"))
            all_ = int(chunk.articles["characters"][mine].sum(dtype="u8"))
            before = languages[name]
            languages[name] = before[0] + gone, before[1] + all_ - gone
    went, stayed = (sum(pair[at] for pair in languages.values()) for at in (0, 1))
    return {"removed": went, "kept": stayed, "languages": {name: list(pair) for name, pair in languages.items()}}


def _audited(
    out: str, about: log.Record, units: Sequence[Drawn], files: Sequence[str], summary: log.Record
) -> log.Record:
    from cleaner import __version__
    from cleaner.files import disk
    from cleaner.reporting.intervals import Population, agreement
    from cleaner.reporting.review import audit, corrections
    from cleaner.reporting.review.corrections import Correction
    from cleaner.results.by_article import Place

    said: dict[Place, list[Correction]] = {}
    for path in files:
        if not os.path.exists(path):
            continue
        for one in corrections.read(disk.read_lines(path), path):
            row = one.record.get("row", 0)
            said.setdefault(Place(one.record["clean"], row), []).extend(corrections.standing(one.corrections))
    went, stayed, pairs = audit.draws(units, said)
    wanted = {unit.place for unit in units}
    people = sorted({one.reviewer for place in wanted for one in said.get(place, ())})
    languages = {name: (pair[0], pair[1]) for name, pair in about["languages"].items()}
    population = Population(about["removed"], about["kept"], languages)
    return {
        **{"format": "cleaner-audit", "version": 1, "made_by": __version__},
        "run": {"summary": about["summary"], "articles": summary.get("articles"), "digests": summary.get("digests")},
        "sample": {"draws": about["sample"], "seed": about["seed"], "units": len(units)},
        "judged": len(went) + len(stayed),
        "reviewers": people,
        "agreement": agreement(pairs).record(),
        **audit.figures(went, stayed, population),
    }


def _lines(record: log.Record, path: str) -> Iterator[str]:
    from cleaner.commands.terminal.text import table

    yield f"{record['judged']:,} of {record['sample']['draws']:,} draws judged by {', '.join(record['reviewers'])}."
    yield ""
    head = ("", "figure", "95 % interval", "draws", "halved by")
    rows = [(name.replace("_", " "), *_cells(record[name])) for name in ("precision", "recall", "article_lost")]
    yield from table([head, *rows])
    for part in ("categories", "languages"):
        names = [(name, figure) for name, found in record[part].items() for figure in found]
        rows = [(f"{name} {figure.replace('_', ' ')}", *_cells(record[part][name][figure])) for name, figure in names]
        if rows:
            yield ""
            yield from table([(f"by {'category' if part == 'categories' else 'language'}", *head[1:]), *rows])
    both = record["agreement"]
    yield ""
    if both["judged_by_two"]:
        share = f"{both['share']:.0%} of {both['judged_by_two']:,}"
        yield f"Two people agree on {share} that both judged (kappa {both['kappa']:.2f})."
    yield f"Written to {path}."


def _cells(figure: dict[str, Any]) -> tuple[str, str, str, str]:
    halved = figure.get("halved_by")
    span = "too few draws" if figure.get("too_few") else f"{figure['low']:.1%} to {figure['high']:.1%}"
    return f"{figure['value']:.1%}", span, f"{figure['draws']:,}", f"{halved:,} draws" if halved else ""
