"""One small file for each foreign format. Nothing of the core knows them; they are loaded when such a file is met."""
