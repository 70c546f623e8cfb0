"""The values of an article: its text and blocks, what is claimed of them, and what is cut out and put back."""
