"""The command line: arguments, messages, exit codes.

0 all is well; 1 some articles failed or don't agree; 2 rules, options or input are wrong and nothing was written;
130 stopped by ^C.

Modules that take time to load are loaded by the commands that need them, so that ``--help`` comes at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from cleaner import __version__
from cleaner.commands.audit import audit
from cleaner.commands.compare import compare
from cleaner.commands.completion import completion
from cleaner.commands.config import Config, config, read
from cleaner.commands.diff import diff
from cleaner.commands.eval import evaluate
from cleaner.commands.explain import explain
from cleaner.commands.fit import fit
from cleaner.commands.options import silence
from cleaner.commands.plan import gather, plan
from cleaner.commands.profiles import profiles
from cleaner.commands.report import report
from cleaner.commands.restore import restore
from cleaner.commands.review import review
from cleaner.commands.rules import rules
from cleaner.commands.run import run
from cleaner.commands.sites import sites
from cleaner.commands.verify import verify

INTERRUPTED = 130
BROKEN_PIPE = 141
"""What a shell gives for a program that was stopped by SIGPIPE."""


class Cli(click.Group):
    """The group of all commands; it turns ^C and a closed pipe into their exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; see ``click.Group.invoke``."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\nStopped. No half file was left.", err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            silence()  # whoever read the output has enough of it
            sys.exit(BROKEN_PIPE)
        except OSError as error:  # what the commands have not foreseen: standard output on a full disk, say
            click.echo(f"Error: {error.filename or 'standard output'}: {error.strerror}", err=True)
            silence()
            sys.exit(1)


@click.group(cls=Cli, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="cleaner", message="%(prog)s %(version)s")
@click.option("--no-config", is_flag=True, help="Ignore the defaults in cleaner.toml and pyproject.toml.")
@click.pass_context
def cli(ctx: click.Context, /, no_config: bool) -> None:
    """Strip web articles of what is not the article, and log every character that went.

    \b
    cleaner run articles/ --out out     clean a folder
    cleaner explain articles/a.txt      see what goes from one article, and why
    cleaner verify out                  prove that nothing was lost
    """
    found = Config(None, {}) if no_config else read(cli, Path.cwd())
    ctx.obj, ctx.default_map = found, found.nested()


for command in (
    run,
    plan,
    gather,
    explain,
    verify,
    restore,
    report,
    review,
    audit,
    compare,
    rules,
    profiles,
    diff,
    fit,
    evaluate,
    sites,
    config,
    completion,
):
    cli.add_command(command)


def main() -> None:
    """The command ``cleaner``."""
    # numpy's linear algebra, which is not used here, starts threads when it is loaded; a process with threads can't be
    # forked into workers.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    cli(prog_name="cleaner")
