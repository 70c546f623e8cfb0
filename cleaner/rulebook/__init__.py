"""Rules written in YAML, checked and ready to use. Opens no files."""
