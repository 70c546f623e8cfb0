"""What can be said of a text in any language: words, sentences, paragraphs, language, hosts."""
