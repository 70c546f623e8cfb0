"""``cleaner eval``: how good the removals are on annotated articles."""

from __future__ import annotations

from typing import Any

import click

from cleaner.commands.fit import articles_option, read_all
from cleaner.commands.options import Refusal, cleaner_options, make_cleaner, safe


@click.command("eval")
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...", type=click.Path())
@cleaner_options
@articles_option
@click.option("--worst", default=5, show_default=True, metavar="N", help="Name the N articles with the most wrong.")
@click.option(
    "--against",
    metavar="OPTIONS",
    help="Compare with other options, as in --against '--precision careful --ignore judge'.",
)
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def evaluate(
    gold: tuple[str, ...], articles: str | None, worst: int, against: str | None, as_json: bool, **options: Any
) -> None:
    """Measure the removals on annotated articles (GOLD as for `cleaner fit`).

    Counted in characters that are not white space. Precision: of what went, how much should have. Recall: of what
    should have gone, how much did. Lost: of the articles' own text, how much went. Harmed: articles that lost over 1 %.
    Exact: articles with nothing wrong.
    """
    from cleaner.article.model import Span
    from cleaner.results import log
    from cleaner.training.measure import Outcome, outcome
    from cleaner.training.report import comparison_lines, eval_lines, eval_record

    marked = read_all(gold, articles)

    def measured(chosen: dict[str, Any]) -> list[Outcome]:
        cleaner = make_cleaner(**chosen)
        return [
            outcome(each, (Span(r.start, r.end) for r in cleaner.clean(each.text, id=each.id, url=each.url).removed))
            for each in marked
        ]

    outcomes = measured(options)
    other = measured(_options(against)) if against is not None else None
    if as_json:
        record = eval_record(outcomes, worst)
        click.echo(log.dump({**record, "against": eval_record(other, worst)} if other else record, indent=2))
        return
    for line in eval_lines(outcomes, worst) if other is None else comparison_lines(outcomes, other, worst):
        click.echo(safe(line))


def _options(words: str) -> dict[str, Any]:
    """The options that say how to clean, read from a line."""
    import shlex

    @click.command(add_help_option=False)
    @cleaner_options
    def command(**options: Any) -> None:
        """Only read."""

    try:
        context = click.get_current_context()
        return command.make_context("--against", shlex.split(words), default_map=context.default_map).params
    except (click.UsageError, ValueError) as fault:
        raise Refusal(safe(f"cleaner: --against: {getattr(fault, 'message', fault)}")) from None
