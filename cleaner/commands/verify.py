"""``cleaner verify``: prove a whole run."""

from __future__ import annotations

import sys

import click

from cleaner.commands.options import Refusal, echo, safe

SHOWN = 20
"""Disagreements that are shown; all are counted."""


@click.command()
@click.argument("out", type=click.Path())
@click.option("--input", "inputs", type=click.Path(), metavar="FOLDER", help="Where the articles lie now, if moved.")
def verify(out: str, inputs: str | None) -> None:
    """Prove that nothing was lost: for every article, clean text and log give the input back.

    OUT is a folder that cleaner run has written. The input files themselves are compared where they are still there.
    """
    import os

    from cleaner.commands.terminal.text import count
    from cleaner.errors import OutFault
    from cleaner.files.remote import is_remote
    from cleaner.results.verify import Proof
    from cleaner.results.verify import verify as check

    if inputs is not None and not is_remote(inputs) and not os.path.isdir(inputs):
        raise Refusal(safe(f"cleaner: {inputs}: no such folder"))
    shown = 0
    proof = Proof()
    try:
        for said in check(out, inputs):
            if isinstance(said, Proof):
                proof = said
            elif (shown := shown + 1) <= SHOWN:
                echo(safe(f"{said.name}: {said.message}"))
    except OutFault as fault:
        raise Refusal(safe(f"cleaner: {fault}")) from None
    if proof.disagreements > SHOWN:
        echo(f"… and {proof.disagreements - SHOWN:,} more")
    if proof.disagreements:
        echo(f"{count(proof.disagreements, 'disagreement')} in the results of {count(proof.articles, 'article')}.")
        sys.exit(1)
    echo(f"{count(proof.articles, 'article')}: clean text and log give every character of the input back.")
    if proof.compared == proof.articles:
        echo("All were compared with the input files themselves.")
    else:
        missing = proof.articles - proof.compared
        echo(
            f"{proof.compared:,} were compared with the input files themselves. {missing:,} input files are not where "
            "they were, so their digests vouch for them; --input says where they are now."
        )
