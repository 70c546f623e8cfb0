"""The learned judge of web pages."""
