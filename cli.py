"""Run the command line from a checkout: ``python cli.py --help``."""

from textrep.cli import main

if __name__ == "__main__":
    main()
