"""The command line: `optafly …`."""
