"""The JSON Schema of rule files, for editors. The loader in ``rulebook`` is stricter: it knows patterns and examples.

The loader reads every value as text, an editor reads ``0.9`` as a number and perhaps ``no`` as false: both must fit.
"""

from __future__ import annotations

from typing import Any

from cleaner.model import CATEGORIES

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_RANGE: Schema = {"type": "string", "pattern": r"^(\d+(\.\d+)?)?\.\.(\d+(\.\d+)?)?$"}
_CATEGORY: Schema = {"enum": list(CATEGORIES)}
_CODE: Schema = {"type": "string", "pattern": "^(any|[a-z]{2,3})$"}


def _about(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _some(item: Schema, description: str = "") -> Schema:
    """One or a list of them."""
    schema: Schema = {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}
    return _about(schema, description) if description else schema


def _number(pattern: str, low: float, high: float) -> Schema:
    return {"anyOf": [{"type": "number", "minimum": low, "maximum": high}, {"type": "string", "pattern": pattern}]}


def rule_file() -> Schema:
    """The schema of a file of rules (not of a profile)."""
    patterns = _some(_TEXT)
    both: Schema = {
        "words": _about(_RANGE, "the unit has that many words"),
        "stop": {
            "enum": ["yes", "no", True, False],
            "description": "whether the unit ends in a sentence's final mark",
        },
        "repeats": {"enum": ["headline", "neighbour", "article"]},
        "restates": _about(_RANGE, "share of its rarer words that stand together in one other paragraph"),
        "cohesion": _about(_RANGE, "share of its rarer words that stand anywhere else in the article"),
    }
    when: Schema = {
        **both,
        "around": {"const": "prose"},
        "after": _about(patterns, "the paragraph before matches one of them"),
        "before": _about(patterns, "the paragraph after matches one of them"),
        "beside": _some({"enum": ["any", *CATEGORIES]}),
        "between": _some({"enum": ["any", *CATEGORIES]}),
    }
    examples: Schema = {"type": "array", "items": _TEXT}
    rule: Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "about", "removes", "keeps"],
        "anyOf": [{"required": ["any"]}, {"required": ["all"]}, {"required": ["when"]}],
        "properties": {
            "id": {"type": "string", "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+([-.][a-z0-9]+)*)+$"},
            "about": _about(_TEXT, "one line: what it finds"),
            "category": _CATEGORY,
            "unit": {"enum": ["match", "sentence", "paragraph", "block"], "default": "paragraph"},
            "where": {"enum": ["anywhere", "start", "end", "outer"], "default": "anywhere"},
            "any": _about(patterns, "patterns of which one must be in the unit"),
            "all": _about(patterns, "patterns that all must be in the unit"),
            "unless": _about(patterns, "patterns of which none may be in the unit"),
            "when": {"type": "object", "additionalProperties": False, "properties": when},
            "while": {
                "type": "object",
                "additionalProperties": False,
                "properties": {**both, "any": patterns, "unless": patterns},
            },
            "until": _about(patterns, "patterns that close a block"),
            "least": _about(_number(r"^\d+$", 1, 1000), "how many paragraphs must follow the first of a block"),
            "most": _about(_number(r"^\d+$", 1, 1000), "how many paragraphs may follow the first of a block"),
            "score": _about(_number(r"^(0|1|0?\.\d+|1\.0+)$", 0, 1), "of a hundred finds, how many are right"),
            "removes": {**examples, "minItems": 1, "description": "[[ ]] marks exactly what must go"},
            "keeps": {**examples, "minItems": 1, "description": "lookalikes that must stay whole"},
            "misses": _about(examples, "known gaps, marked like removes"),
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of cleaner",
        "type": "object",
        "additionalProperties": False,
        "required": ["rules"],
        "anyOf": [{"required": ["language"]}, {"required": ["host"]}],
        "properties": {
            "category": _about(_CATEGORY, "the category of all rules in the file"),
            "language": _some(_CODE, "the language or languages of the rules, or any"),
            "host": _some(_TEXT, "in sites/: the host or hosts that the rules are for"),
            "rules": {"type": "array", "items": rule, "minItems": 1},
        },
    }
