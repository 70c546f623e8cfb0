"""Reviewing a run in a browser: its logs by offset, the texts of its articles, people's corrections, and the page they
see."""
