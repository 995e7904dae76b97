"""Which files a file imports."""
