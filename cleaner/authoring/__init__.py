"""Tools for writers of rules."""
