"""The `optafly` command."""


def main() -> None:
    """Run the command line."""
