"""Every fault that this package raises on purpose, as one tree.

::

    CleanerError
    ├── SetupFault        rules, options or inputs are wrong; nothing was done (exit code 2)
    │   ├── RuleFaults    rule files, with all that is wrong in them
    │   ├── NoPlace       a new rule can't be written there
    │   ├── WeightsFault  a model file
    │   ├── GoldFault     a file of annotated articles
    │   ├── CountsFault   a folder of counts that can't be read
    │   ├── OptionFault   a profile, a name or a folder of rules that there isn't
    │   ├── InputFault    an input that a run can't start with
    │   ├── RemoteFault   a path that can't be reached at all
    │   └── OutFault      a folder that can't take the results, or holds none
    ├── ArticleFault      one article or file can't be cleaned; the others can (exit code 1)
    │   ├── DecodeFault, CompressionFault, TableFault, BodyFault
    │   └── PatternTimeout
    ├── ResultFault       results can't be read, or don't fit together
    │   └── LogFault      a log, with the line
    └── RunFault          a run can't go on; what is done is kept
        ├── WriteFault    the disk is full, or gone
        ├── PoolFault     the workers die
        └── Taken         another process is writing there
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass


def nearest(name: str, known: Collection[str]) -> str | None:
    """The name among those known that ``name`` may be meant for, or ``None`` if none is like it.

    >>> nearest("by-line", ["byline", "comments"]), nearest("x", ["byline"])
    ('byline', None)
    """
    return next(iter(difflib.get_close_matches(name, known, 1)), None)


def unknown(what: str, name: str, known: Collection[str], where: str = "") -> str:
    """The message for a name that there isn't: with the one that may be meant, and all (or ``where`` to see them).

    >>> unknown("profile", "defualt", ["body", "default"])
    "there is no profile 'defualt'; did you mean 'default'? There are: body, default"
    """
    close = nearest(name, known)
    meant = f"; did you mean {close!r}? T" if close else "; t"
    return f"there is no {what} {name!r}{meant}here are: {where or ', '.join(known)}"


class CleanerError(Exception):
    """The root of the tree: whoever catches this catches all that is below."""


# -- before anything is done ----------------------------------------------------------------------------------------


class SetupFault(CleanerError, ValueError):
    """Rules, options or inputs are wrong. The message says what and where."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong in a rule file, and where. A value, not an exception: ``RuleFaults`` holds many."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class RuleFaults(SetupFault):
    """The rules can't be used. ``faults`` names everything that is wrong with them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class NoPlace(SetupFault):
    """The rule can't be written there; the message says why and what to do."""


class WeightsFault(SetupFault):
    """Weights that can't be used: not JSON, another version, parts that don't fit."""


class GoldFault(SetupFault):
    """A gold file that can't be used, with the line at fault."""


class CountsFault(SetupFault):
    """A folder of the counts of sites that isn't there or can't be read."""


class OptionFault(SetupFault):
    """A profile, a category, a rule, a detector or a folder of rules that there isn't."""


class InputFault(SetupFault):
    """An input that a run can't start with."""


class RemoteFault(SetupFault):
    """A path that can't be reached at all: a package is missing, or nobody knows the protocol."""


class OutFault(SetupFault):
    """The folder can't take the results, or it holds none."""


# -- one article ----------------------------------------------------------------------------------------------------


class ArticleFault(CleanerError):
    """One article can't be cleaned. ``kind`` is a short name for what is wrong, as it is in ``errors.jsonl``."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self.kind = kind

    def __str__(self) -> str:
        return str(self.args[1])


class DecodeFault(ArticleFault, ValueError):
    """The bytes are not a text that can be read and given back, or not a page.

    ``kind`` is ``binary``, ``undecodable`` or ``not-html``.
    """


class CompressionFault(ArticleFault, ValueError):
    """A compressed file that is cut short, broken or a bomb. ``kind`` says which."""


class TableFault(ArticleFault, ValueError):
    """A file of articles, or a row of it, that can't be read. ``kind`` says how."""


class BodyFault(ArticleFault, ValueError):
    """The body of a stored HTTP message that can't be unpacked. ``kind`` says why."""


class PatternTimeout(ArticleFault, RuntimeError):
    """A pattern took too long on a paragraph. Its rule is left out there; no article fails for it."""

    def __init__(self, message: str) -> None:
        super().__init__("timeout", message)

    def __reduce__(self) -> tuple[type[PatternTimeout], tuple[str]]:
        return PatternTimeout, (str(self),)


def failure(error: BaseException) -> tuple[str, str]:
    """The kind and the message of what went wrong with one article.

    >>> failure(DecodeFault("binary", "this is a PDF file, not a page"))
    ('binary', 'this is a PDF file, not a page')
    """
    if isinstance(error, ArticleFault):
        return error.kind, str(error)
    if isinstance(error, MemoryError):
        return "memory", "needed more memory than there is"
    # A fault of ours in one article must not cost the others.
    return "internal", f"{type(error).__name__}: {error}"


# -- results --------------------------------------------------------------------------------------------------------


class ResultFault(CleanerError, ValueError):
    """Results that can't be read, or clean text and log that don't belong together."""


class LogFault(ResultFault):
    """A log that can't be read: another format, a later version, a broken line."""


# -- a run ----------------------------------------------------------------------------------------------------------


class RunFault(CleanerError):
    """A run can't go on. What is done is kept."""


class WriteFault(RunFault, OSError):
    """The results can't be written: the disk is full, or gone. What was there before is untouched."""


class PoolFault(RunFault, RuntimeError):
    """Workers die, and no item is to blame."""


class Taken(RunFault, OSError):
    """Another process holds the folder."""
