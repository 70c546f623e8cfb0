"""The detector that runs the rules."""
