"""What the articles of one site have in common: pure counting, and what a count says of a paragraph."""
