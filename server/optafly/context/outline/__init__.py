"""What one file holds: its definitions, imports, references and chunks."""
