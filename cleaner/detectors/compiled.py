"""What is compiled from ``native/``, if it was: without a compiler, ``native`` is ``None``, and Python does the same.

Whoever uses it has the Python way beside it, which says what is worked out; property tests hold one against the other.
"""

from __future__ import annotations

from types import ModuleType

VERSION = 4
"""The one that ``native/native.h`` names: what was compiled from other sources is not used."""

native: ModuleType | None = None
try:
    from cleaner import _native
except ImportError:
    pass
else:
    native = _native if _native.VERSION == VERSION else None
