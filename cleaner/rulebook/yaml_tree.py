"""YAML read as a tree of texts, each with its line: no types, no tags, no aliases, no repeated keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from cleaner.errors import Fault, nearest

# libyaml is about ten times as fast; a build of PyYAML without it reads the same.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PLAIN_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file's path, as it is shown in messages, and its text. ``own``: it is the user's. ``proven``: it came with the
    package, whose tests have tried every pattern, so that a run needn't: that took half of the time to load the rules.
    """

    path: str
    text: str
    proven: bool = field(default=False, compare=False)
    own: bool = False


class Node:
    """A YAML value that knows its place and reports what is wrong with it.

    The methods return what is asked for, or report a fault and return ``None`` (or nothing) so that reading goes on
    and all faults are found in one go.
    """

    __slots__ = ("_faults", "_node", "_path", "_reported", "proven")

    def __init__(self, node: yaml.Node, path: str, faults: list[Fault], proven: bool = False) -> None:
        self.proven = proven
        self._node = node
        self._path = path
        self._faults = faults
        self._reported = len(faults)

    @property
    def line(self) -> int:
        """The line it begins on, from 1."""
        return int(self._node.start_mark.line) + 1

    @property
    def faulty(self) -> bool:
        """Whether a fault was found since the node was made, in it or after it."""
        return len(self._faults) > self._reported

    def fault(self, message: str) -> None:
        """Reports a fault at this place."""
        self._faults.append(Fault(self._path, self.line, message))

    def _child(self, node: yaml.Node) -> Node:
        return Node(node, self._path, self._faults, self.proven)

    def string(self) -> str | None:
        """The text of a scalar."""
        if not isinstance(self._node, yaml.ScalarNode):
            self.fault("a single text is expected here, not a list or a mapping")
            return None
        return str(self._node.value)

    def sequence(self) -> list[Node]:
        """The items of a list."""
        if isinstance(self._node, yaml.SequenceNode):
            return [self._child(item) for item in self._node.value]
        if not (isinstance(self._node, yaml.ScalarNode) and not self._node.value):
            self.fault("a list is expected here: each item on a line of its own after `- `")
        return []

    def items(self) -> list[Node]:
        """The items of a list; a single text counts as a list of one."""
        if isinstance(self._node, yaml.ScalarNode):
            return [self] if self._node.value else []
        return self.sequence()

    def strings(self) -> tuple[str, ...]:
        """The texts of a list, or of a single text."""
        return tuple(text for item in self.items() if (text := item.string()) is not None)

    def mapping(self, allowed: Iterable[str], needed: Iterable[str] = ()) -> dict[str, Node] | None:
        """The values by key; unknown, repeated and missing keys are faults."""
        if not isinstance(self._node, yaml.MappingNode):
            self.fault("keys with values are expected here, as in `category: byline`")
            return None
        allowed = sorted(allowed)
        found: dict[str, Node] = {}
        meant: set[str] = set()
        for key_node, value in self._node.value:
            key = self._child(key_node)
            name = key.string()
            if name is None:
                continue
            if name in found:
                key.fault(f"the key `{name}` stands here twice")
            elif name not in allowed:
                key.fault(f"unknown key `{name}`{_meant(name, allowed)}")
                meant.update(filter(None, [nearest(name, allowed)]))
            else:
                found[name] = self._child(value)
        for name in sorted(set(needed) - set(found) - meant):
            self.fault(f"`{name}:` is missing")
        return found

    def has(self, name: str) -> bool:
        """Whether it is a mapping with this key."""
        return isinstance(self._node, yaml.MappingNode) and any(key.value == name for key, _ in self._node.value)

    def entries(self) -> list[tuple[str, Node]]:
        """The keys and values of a mapping whose keys are free; repeated ones are faults."""
        if not isinstance(self._node, yaml.MappingNode):
            self.fault("keys with values are expected here")
            return []
        found: dict[str, Node] = {}
        for key_node, value in self._node.value:
            key = self._child(key_node)
            name = key.string()
            if name in found:
                key.fault(f"the key `{name}` stands here twice")
            elif name is not None:
                found[name] = self._child(value)
        return list(found.items())

    def choice(self, allowed: Sequence[str], what: str) -> str | None:
        """A scalar that is one of a few words."""
        text = self.string()
        if text is None or text in allowed:
            return text
        self.fault(f"unknown {what} {text!r}{_meant(text, allowed)}")
        return None

    def number(self, least: float, most: float) -> float | None:
        """A scalar that is a number between two."""
        text = self.string()
        try:
            value = float(text) if text is not None else None
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            self.fault(f"{text!r} must be a number from {least:g} to {most:g}")
            return None
        return value

    def integer(self, least: int, most: int) -> int | None:
        """A scalar that is a whole number between two."""
        value = self.number(least, most)
        if value is not None and value != int(value):
            self.fault(f"{value:g} must be a whole number")
            return None
        return None if value is None else int(value)


def _meant(word: str, allowed: Sequence[str]) -> str:
    close = nearest(word, allowed)
    return f"; did you mean `{close}`?" if close else f"; there are: {', '.join(allowed)}"


def parse(source: Source, faults: list[Fault]) -> Node | None:
    """The root of a source, or ``None`` with faults appended: not YAML, empty, tags, aliases."""
    try:
        root = yaml.compose(source.text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.append(
            Fault(source.path, (mark.line if mark else 0) + 1, f"this is not YAML: {error.problem or error.context}")
        )
        return None
    except (yaml.YAMLError, RecursionError) as error:
        faults.append(Fault(source.path, 1, f"this is not YAML: {error}"))
        return None
    if root is None:
        faults.append(Fault(source.path, 1, "the file is empty"))
        return None
    before = len(faults)
    _plain(root, source.path, faults)
    return Node(root, source.path, faults, source.proven) if len(faults) == before else None


def _plain(root: yaml.Node, path: str, faults: list[Fault]) -> None:
    """Refuses tags, and aliases, which could make a small file stand for a huge one."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            faults.append(
                Fault(path, node.start_mark.line + 1, "aliases (`*name`) are not allowed: write the value out")
            )
            continue
        seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            faults.append(
                Fault(path, node.start_mark.line + 1, f"tags such as `{node.tag}` are not allowed: remove it")
            )
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                waiting += (key, value)
