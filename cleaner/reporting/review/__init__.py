"""Looking through a run: its logs by offset, the texts of its articles, what people correct, and the page they see."""
