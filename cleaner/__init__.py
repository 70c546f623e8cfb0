"""Removes what is not the article from web articles, and says what was removed, where and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.api import Cleaner as Cleaner
    from cleaner.api import clean as clean
    from cleaner.api import clean_html as clean_html
    from cleaner.article.cut import restore as restore
    from cleaner.article.model import Cleaned as Cleaned
    from cleaner.article.model import Place as Place
    from cleaner.article.model import Removed as Removed
    from cleaner.article.model import Span as Span
    from cleaner.article.offsets import Offsets as Offsets
    from cleaner.errors import ArticleFault as ArticleFault
    from cleaner.errors import CleanerError as CleanerError
    from cleaner.errors import DecodeFault as DecodeFault
    from cleaner.errors import OptionFault as OptionFault
    from cleaner.errors import PatternTimeout as PatternTimeout
    from cleaner.errors import ResultFault as ResultFault
    from cleaner.errors import RuleFaults as RuleFaults
    from cleaner.errors import RunFault as RunFault
    from cleaner.errors import SetupFault as SetupFault
    from cleaner.integrations.record_batch import batch_schema as batch_schema
    from cleaner.integrations.record_batch import clean_batch as clean_batch

__version__ = "0.1.0"
__all__ = [
    "ArticleFault",
    "Cleaned",
    "Cleaner",
    "CleanerError",
    "DecodeFault",
    "Offsets",
    "OptionFault",
    "PatternTimeout",
    "Place",
    "Removed",
    "ResultFault",
    "RuleFaults",
    "RunFault",
    "SetupFault",
    "Span",
    "__version__",
    "batch_schema",
    "clean",
    "clean_batch",
    "clean_html",
    "restore",
]

_HOMES = {
    "Cleaner": "api",
    "clean": "api",
    "clean_html": "api",
    "restore": "article.cut",
    "CleanerError": "errors",
    "SetupFault": "errors",
    "RuleFaults": "errors",
    "OptionFault": "errors",
    "ArticleFault": "errors",
    "DecodeFault": "errors",
    "PatternTimeout": "errors",
    "ResultFault": "errors",
    "RunFault": "errors",
    "Cleaned": "article.model",
    "Place": "article.model",
    "Removed": "article.model",
    "Span": "article.model",
    "Offsets": "article.offsets",
    "batch_schema": "integrations.record_batch",
    "clean_batch": "integrations.record_batch",
}


def __getattr__(name: str) -> Any:
    # Names are loaded when asked for (PEP 562): `cleaner --help` must not wait for engines that it does not use.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"cleaner.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'cleaner' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
