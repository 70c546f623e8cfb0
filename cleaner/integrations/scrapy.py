"""For Scrapy: an item pipeline. ``ITEM_PIPELINES = {"cleaner.integrations.scrapy.CleanPipeline": 300}``"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from itemadapter import ItemAdapter

from cleaner.errors import failure
from cleaner.integrations.one_text import ERROR, REMOVED, rows
from cleaner.integrations.record_batch import built


class CleanPipeline:
    """Cleans the page in ``html`` into ``text``, or the text in ``text``; ``removed`` says what went, where and why.

    Settings: ``CLEANER_OPTIONS``, those of a ``Cleaner``. Items with declared fields need ``text``, ``removed`` and
    ``clean_error`` among them; the address is in ``url``.
    """

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self.cleaner = built(options)

    @classmethod
    def from_crawler(cls, crawler: Any) -> CleanPipeline:
        """Called by Scrapy."""
        return cls(crawler.settings.getdict("CLEANER_OPTIONS"))

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """The item, cleaned. One without page and text, or that can't be cleaned, stays; ``clean_error`` says why."""
        fields = ItemAdapter(item)
        page, text, url = fields.get("html"), fields.get("text"), fields.get("url")
        if page is None and text is None:
            return item
        try:
            clean = self.cleaner.clean if page is None else self.cleaner.clean_html
            cleaned = clean(text if page is None else page, url=url)
        except Exception as error:
            fields[ERROR] = ": ".join(failure(error))
        else:
            fields["text"], fields[REMOVED] = cleaned.text, rows(cleaned)
        return item
