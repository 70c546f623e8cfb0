"""For data-juicer: importing this module registers the operator ``cleaner_mapper``; a recipe imports it by its path.

``custom_operator_paths: [.../cleaner/integrations/datajuicer.py]``, and ``- cleaner_mapper:`` among ``process``.
"""

from __future__ import annotations

import json
from typing import Any

from data_juicer.ops.base_op import OPERATORS, Mapper

from cleaner.integrations.one_text import ERROR, REMOVED, cleaned_text


@OPERATORS.register_module("cleaner_mapper")
class CleanerMapper(Mapper):
    """Samples with clean texts. ``removed`` says what went, where and why, ``clean_error`` why a text stayed as it was.

    ``removed`` is JSON: data-juicer guesses the type of a column by its first values, which may be empty lists.
    ``options`` are those of a ``Cleaner``; ``url`` is the column of the address.
    """

    def __init__(self, options: dict | None = None, url: str = "url", *args: Any, **kwargs: Any) -> None:  # type: ignore[type-arg]
        super().__init__(*args, **kwargs)
        self.options, self.url = options, url

    def process_single(self, sample: dict[str, Any]) -> dict[str, Any]:
        """The same sample; all other columns stay."""
        text, log = cleaned_text(sample[self.text_key], sample.get(self.url), self.options)
        removed = json.dumps(log[REMOVED], ensure_ascii=False)
        return {**sample, self.text_key: text, REMOVED: removed, ERROR: log.get(ERROR, "")}
