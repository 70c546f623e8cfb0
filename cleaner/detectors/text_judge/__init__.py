"""The learned judge of plain text."""
