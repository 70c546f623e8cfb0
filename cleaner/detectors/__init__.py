"""Detectors: each sees the whole article and yields findings; none edits the text or knows the others."""
