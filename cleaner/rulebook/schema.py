"""The JSON Schemas of rule files and profiles, for editors.

The loader in ``rule_file`` is stricter: it also checks patterns and examples. The loader reads every value as text, but
an editor reads ``0.9`` as a number and perhaps ``no`` as false; the schemas accept both.
"""

from __future__ import annotations

from typing import Any

from cleaner.article.model import CATEGORIES
from cleaner.rulebook.values import JOINS, PLACES, REPEATS, UNITS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_RANGE: Schema = {"type": "string", "pattern": r"^(\d+(\.\d+)?\.\.(\d+(\.\d+)?)?|\.\.\d+(\.\d+)?)$"}
_CATEGORY: Schema = {"enum": list(CATEGORIES)}
_CODE: Schema = {"type": "string", "pattern": "^(any|[a-z]{2,3})$"}


def _about(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _some(item: Schema, description: str = "") -> Schema:
    """Return the schema of one value or a list of them."""
    schema: Schema = {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}
    return _about(schema, description) if description else schema


def _number(pattern: str, low: float, high: float) -> Schema:
    return {"anyOf": [{"type": "number", "minimum": low, "maximum": high}, {"type": "string", "pattern": pattern}]}


def rule_file() -> Schema:
    """Return the schema of a file of rules (not of a profile)."""
    patterns = _some(_TEXT)
    neighbours: Schema = {"enum": ["any", *CATEGORIES]}
    both: Schema = {
        "words": _about(_RANGE, "the unit has that many words"),
        "stop": {
            "enum": ["yes", "no", True, False],
            "description": "whether the unit ends in a sentence's final mark",
        },
        "repeats": {
            "enum": list(REPEATS),
            "description": "its text stands there once more",
        },
        "restates": _about(_RANGE, "share of its rarer words that stand together in one other paragraph"),
        "cohesion": _about(_RANGE, "share of its rarer words that stand anywhere else in the article"),
    }
    when: Schema = {
        **both,
        "joined": {
            "enum": list(JOINS),
            "description": "no space stands between it and that part of its line",
        },
        "around": {"const": "prose", "description": "the long paragraphs around it end in final marks"},
        "after": _about(patterns, "the paragraph before matches one of them"),
        "before": _about(patterns, "the paragraph after matches one of them"),
        "beside": _some(neighbours, "the paragraph before or after is found to be of one of these categories"),
        "between": _some(neighbours, "the paragraphs before and after are both found to be of one of these"),
    }
    asks = ("lines", "phrases", "any", "all")
    names = _some(_TEXT)
    is_block: Schema = {"properties": {"unit": {"const": "block"}}, "required": ["unit"]}
    is_part: Schema = {"properties": {"unit": {"enum": ["match", "sentence"]}}, "required": ["unit"]}
    examples: Schema = {"type": "array", "items": _TEXT}
    marked: Schema = {"type": "array", "items": {**_TEXT, "pattern": r"\[\[[\s\S]*\]\]"}}
    rule: Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "about", "removes", "keeps"],
        "anyOf": [{"required": [key]} for key in (*asks, "when")],
        "allOf": [
            {"if": is_part, "then": {"anyOf": [{"required": [key]} for key in asks]}},
            {
                "if": is_block,
                "then": {"anyOf": [{"required": ["while"]}, {"required": ["until"]}]},
                "else": {"properties": dict.fromkeys(("while", "until", "least", "most"), False)},
            },
        ],
        "properties": {
            "id": {"type": "string", "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+([-.][a-z0-9]+)*)+$"},
            "about": _about(_TEXT, "one line: what it finds"),
            "category": _about(_CATEGORY, "where the file does not say it, or another"),
            "unit": {"enum": list(UNITS), "default": "paragraph", "description": "what is removed"},
            "where": {"enum": list(PLACES), "default": "anywhere", "description": "which part of the text"},
            "lines": _about(names, "lists of phrases: the unit is one of them"),
            "phrases": _about(names, "lists of phrases of which one must be in the unit"),
            "any": _about(patterns, "patterns of which one must be in the unit"),
            "all": _about(patterns, "patterns that all must be in the unit"),
            "unless": _about(patterns, "patterns of which none may be in the unit"),
            "when": {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": when,
                "description": "conditions on the unit and its surroundings; all must hold",
            },
            "while": {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": {**both, "any": patterns, "unless": patterns},
                "description": "conditions on each further paragraph of a block",
            },
            "until": _about(patterns, "patterns that close a block"),
            "least": _about(_number(r"^\d+$", 1, 1000), "how many paragraphs must follow the first of a block"),
            "most": _about(_number(r"^\d+$", 1, 1000), "how many paragraphs may follow the first of a block"),
            "score": _about(_number(r"^(0|1|0?\.\d+|1\.0+)$", 0, 1), "of a hundred finds, how many are right"),
            "removes": {**marked, "minItems": 1, "description": "[[ ]] marks exactly what must go"},
            "keeps": {**examples, "minItems": 1, "description": "lookalikes that must stay whole"},
            "misses": _about(marked, "known gaps, marked like removes"),
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of cleaner",
        "type": "object",
        "additionalProperties": False,
        "allOf": [
            {"anyOf": [{"required": names} for names in (["rules"], ["keep-css", "host"], ["drop-css", "host"])]}
        ],
        "anyOf": [{"required": ["language"]}, {"required": ["host"]}],
        "properties": {
            "category": _about(_CATEGORY, "the category of all rules in the file"),
            "language": _some(_CODE, "the language or languages of the rules, or any"),
            "host": _some(_TEXT, "in sites/: the host or hosts that the rules are for"),
            "phrases": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": _TEXT, "minItems": 1},
                "description": "lists of phrases by name, for `lines` and `phrases` of the rules",
            },
            "rules": {"type": "array", "items": rule, "minItems": 1},
            **_wishes("of the pages of the host"),
        },
    }


def _wishes(where: str) -> Schema:
    return {
        "keep-css": _some(_TEXT, f"CSS selectors of what stays {where}, whatever else is seen"),
        "drop-css": _some(_TEXT, f"CSS selectors of what goes {where}"),
    }


def profile_file() -> Schema:
    """Return the schema of a profile."""
    share = _number(r"^(0|1|0?\.\d+|1\.0+)$", 0, 1)
    action: Schema = {
        "type": "string",
        "pattern": r"^(remove|keep)( (0(\.\d+)?|1(\.0+)?))?$",
        "description": "`remove` or `keep`, with or without a threshold, as in `remove 0.7`",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A profile of cleaner",
        "type": "object",
        "additionalProperties": False,
        "required": ["about"],
        "properties": {
            "about": _about(_TEXT, "one line: what the profile is for"),
            "extends": _about(_TEXT, "the name of the profile that this one changes"),
            "threshold": _about(share, "the least score at which a category goes, where it does not say its own"),
            "most": _about(share, "the share of an article that weak evidence may remove"),
            "categories": {
                "type": "object",
                "additionalProperties": False,
                "properties": dict.fromkeys(("all", *CATEGORIES), action),
                "description": "what becomes of each category; `all` are those that are not named",
            },
            "judge": _about(share, "the least score at which the judge alone may remove"),
            "blocks": {
                "enum": ["claimed", "weighed"],
                "description": "of pages: whether a block that a rule claims goes, or is weighed with its markup",
            },
            "alone": _about(share, "the same for a short sentence, and for a paragraph between two that stay"),
            "fields": _some(_CATEGORY, "categories whose removed texts are written into articles.jsonl"),
            **_wishes("of pages"),
        },
    }
