"""``cleaner profiles``: what the profiles do, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from cleaner.commands.options import Refusal, colored, echo, json_option, read_rulebook, rules_option, safe
from cleaner.errors import unknown

if TYPE_CHECKING:
    from cleaner.results.log import Record
    from cleaner.rulebook.profiles import Profile


@click.command()
@click.argument("name", required=False)
@rules_option
@json_option
def profiles(name: str | None, rules: tuple[str, ...], rules_only: bool, as_json: bool) -> None:
    """Say what each profile removes and keeps.

    All are explained, or NAME alone, with the least score at which a category goes.
    """
    from cleaner.results import log

    known = read_rulebook(rules, rules_only)[0].profiles
    if name is not None and name not in known:
        raise Refusal(safe(f"cleaner: {unknown('profile', name, sorted(known))}"))
    chosen = {each: known[each] for each in ([name] if name else _order(known))}
    if as_json:
        for profile in chosen.values():
            echo(log.dump(_record(profile)))
        return
    for number, profile in enumerate(chosen.values()):
        if number:
            echo()
        for line in _explained(profile, colored()):
            echo(line)
    if name is None:
        echo("\nUse one with cleaner run --profile NAME. A score says how sure the rules are, from 0 to 1.")


def _order(profiles: Mapping[str, Profile]) -> list[str]:
    return sorted(profiles, key=lambda name: (name != "default", name))


def _record(profile: Profile) -> Record:
    return {
        "name": profile.name,
        "about": profile.about,
        "most": profile.most,
        "fields": list(profile.fields),
        "categories": {
            category: {"action": action, "threshold": profile.thresholds[category]}
            for category, action in profile.actions.items()
        },
    }


def _explained(profile: Profile, color: bool) -> Iterator[str]:
    from cleaner.article.model import CATEGORIES
    from cleaner.commands.terminal.text import BOLD, color_of, paint, visible
    from cleaner.deciding.protect import STRONG

    yield paint(profile.name, [BOLD], color)
    yield from wrap(visible(profile.about), 100, initial_indent="  ", subsequent_indent="  ")
    groups: dict[str, list[str]] = {}
    for category in CATEGORIES:
        threshold = profile.thresholds[category]
        head = f"removes, at a score of {threshold:g} or more" if profile.actions[category] == "remove" else "keeps"
        groups.setdefault(head, []).append(category)
    for head, names in sorted(groups.items(), key=lambda group: (group[0] == "keeps", -len(group[1]))):
        yield f"  {head}:"
        yield from _listed([(name, paint(name, [color_of(name)], color)) for name in names])
    if profile.fields:
        yield "  writes what it removes into articles.jsonl, as fields:"
        yield from _listed([(name, paint(name, [color_of(name)], color)) for name in profile.fields])
    yield (
        f"  Where no rule applies, the judge removes at a score of {profile.judge:g} or more"
        f" ({profile.alone:g} for what stands alone)."
    )
    if profile.most < 1:
        yield (
            f"  Where more than {profile.most:.0%} of an article would go, "
            f"only what is all but certain (score {STRONG:g} and up) goes."
        )


def _listed(names: list[tuple[str, str]]) -> Iterator[str]:
    """Names with commas between them, in lines of under 100 columns; each is given plain and painted."""
    line: list[str] = []
    used = 4
    for number, (plain, painted) in enumerate(names):
        comma = "," if number + 1 < len(names) else ""
        if line and used + len(plain) + 2 > 100:
            yield "    " + " ".join(line)
            line, used = [], 4
        line.append(painted + comma)
        used += len(plain) + 2
    yield "    " + " ".join(line)
