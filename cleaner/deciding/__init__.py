"""Findings to decisions: what goes, what stays, and why."""
