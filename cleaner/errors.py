"""Every fault by its name: what can go wrong with an input, an article, a rule or a result."""

from __future__ import annotations

from dataclasses import dataclass


class BodyFault(ValueError):
    """A body that can't be unpacked. ``kind`` says why."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class CompressionFault(ValueError):
    """A compressed file that is cut short, broken or a bomb. ``kind`` says which."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class DecodeFault(ValueError):
    """The bytes are not a text that can be read and given back. ``kind`` is ``binary`` or ``undecodable``."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class WeightsFault(ValueError):
    """Weights that can't be used: not JSON, another version, parts that don't fit."""


class Taken(OSError):
    """Another process holds the folder."""


class GoldFault(ValueError):
    """A gold file that can't be used, with the line at fault."""


class LogFault(ValueError):
    """A log that can't be read: another format, a later version, a broken line."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, and where."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class RuleFaults(ValueError):
    """The rules can't be used. ``faults`` names everything that is wrong with them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class OutFault(ValueError):
    """The folder can't take the results."""


class WriteFault(OSError):
    """The results can't be written: the disk is full, or gone. What was there before is untouched."""


class PatternTimeout(RuntimeError):
    """A pattern took too long on an article: the rule must be rewritten, the article is not done."""


class PoolFault(RuntimeError):
    """Workers die, and no item is to blame."""


class RemoteFault(ValueError):
    """A path that can't be reached at all: a package is missing, or nobody knows the protocol."""


class NoPlace(ValueError):
    """The rule can't be written there; the message says why and what to do."""


class TableFault(ValueError):
    """A file of articles, or a row of it, that can't be read. ``kind`` says how."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class InputFault(ValueError):
    """An input that a run can't start with."""


def failure(error: BaseException) -> tuple[str, str]:
    """The kind and the message of what went wrong with one article."""
    if isinstance(error, DecodeFault):
        return error.kind, str(error)
    if isinstance(error, PatternTimeout):
        return "timeout", str(error)
    if isinstance(error, MemoryError):
        return "memory", "needed more memory than there is"
    # A fault of ours in one article must not cost the others.
    return "internal", f"{type(error).__name__}: {error}"
