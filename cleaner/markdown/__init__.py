"""A cleaned page as Markdown: its text, tables, figures and notes."""

from __future__ import annotations

from cleaner.markdown.rendering import markdown

__all__ = ["markdown"]
