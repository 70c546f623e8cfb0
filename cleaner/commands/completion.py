"""``cleaner completion``: what a shell needs to complete our commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    \b
    bash: cleaner completion bash >> ~/.bashrc
    zsh:  cleaner completion zsh >> ~/.zshrc
    fish: cleaner completion fish > ~/.config/fish/completions/cleaner.fish
    """
    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(ctx.find_root().command, {}, "cleaner", "_CLEANER_COMPLETE").source())
