"""The folder of results: logs, journal, summary, and the proof that nothing was lost."""
