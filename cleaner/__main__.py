"""``python -m cleaner``."""

from cleaner.commands.cli import main

if __name__ == "__main__":
    main()
