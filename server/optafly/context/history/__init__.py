"""What a repository's history says about its files."""
