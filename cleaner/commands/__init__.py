"""One module a command of the command line. They load what takes time when they are called."""
