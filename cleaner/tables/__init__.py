"""Files that hold many articles, a module for each format."""
