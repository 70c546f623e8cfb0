"""Every exception that this package raises on purpose, as one tree.

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
    """The known name that ``name`` was probably meant to be, or ``None`` if none is similar.

    >>> nearest("by-line", ["byline", "comments"]), nearest("x", ["byline"])
    ('byline', None)
    """
    return next(iter(difflib.get_close_matches(name, known, 1)), None)


def unknown(what: str, name: str, known: Collection[str], where: str = "") -> str:
    """The message for an unknown name: it suggests a similar name and lists all of them (or says ``where`` to find
    them).

    >>> unknown("profile", "defualt", ["body", "default"])
    "there is no profile 'defualt'; did you mean 'default'? There are: body, default"
    """
    close = nearest(name, known)
    meant = f"; did you mean {close!r}? T" if close else "; t"
    return f"there is no {what} {name!r}{meant}here are: {where or ', '.join(known)}"


class CleanerError(Exception):
    """The root of the tree: catching it catches everything below."""


# -- before anything is done ----------------------------------------------------------------------------------------


class SetupFault(CleanerError, ValueError):
    """Rules, options or inputs are wrong. The message says what and where."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong in a rule file, and where. It is a value, not an exception; ``RuleFaults`` holds many of them."""

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
    """The new rule can't be written there. The message says why, and what to do."""


class WeightsFault(SetupFault):
    """A model file can't be used: it is not JSON, of another version, or its parts don't fit together."""


class GoldFault(SetupFault):
    """A file of annotated articles can't be used. The message names the line at fault."""


class CountsFault(SetupFault):
    """A folder of site counts doesn't exist or can't be read."""


class OptionFault(SetupFault):
    """A profile, category, rule, detector or folder of rules doesn't exist, or an option has a wrong value."""


class InputFault(SetupFault):
    """A run can't start with this input."""


class RemoteFault(SetupFault):
    """A path can't be reached at all: a package is missing, or the protocol is unknown."""


class OutFault(SetupFault):
    """A folder can't take the results, or holds none."""


# -- one article ----------------------------------------------------------------------------------------------------


class ArticleFault(CleanerError):
    """One article can't be cleaned. ``kind`` is a short name for what is wrong, as it is in ``errors.jsonl``."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self.kind = kind

    def __str__(self) -> str:
        return str(self.args[1])


class DecodeFault(ArticleFault, ValueError):
    """The bytes are not a text that can be decoded and restored, or not a page.

    ``kind`` is ``binary``, ``undecodable`` or ``not-html``.
    """


class CompressionFault(ArticleFault, ValueError):
    """A compressed file is truncated, broken or a decompression bomb. ``kind`` says which."""


class TableFault(ArticleFault, ValueError):
    """A file of articles, or one of its rows, can't be read. ``kind`` says why."""


class BodyFault(ArticleFault, ValueError):
    """The body of a stored HTTP message can't be unpacked. ``kind`` says why."""


class PatternTimeout(ArticleFault, RuntimeError):
    """A pattern took too long on a paragraph. Its rule is skipped there; the article doesn't fail."""

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
    # A bug of ours that shows in one article must not cost the others.
    return "internal", f"{type(error).__name__}: {error}"


# -- results --------------------------------------------------------------------------------------------------------


class ResultFault(CleanerError, ValueError):
    """Results can't be read, or clean text and log don't belong together."""


class LogFault(ResultFault):
    """A log can't be read: it is of another format or a later version, or a line is broken."""


# -- a run ----------------------------------------------------------------------------------------------------------


class RunFault(CleanerError):
    """A run can't go on. What it has done so far is kept."""


class WriteFault(RunFault, OSError):
    """The results can't be written: the disk is full, or gone. What was there before is untouched."""


class PoolFault(RunFault, RuntimeError):
    """Workers keep dying, and no single article is to blame."""


class Taken(RunFault, OSError):
    """Another process holds the folder."""
