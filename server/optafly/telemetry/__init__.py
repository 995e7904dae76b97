"""What happened, counted on this machine alone."""
