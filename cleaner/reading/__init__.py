"""Bytes to an article: decoding, plain text, web pages."""
