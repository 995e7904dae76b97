"""What may leave this machine: secrets, ignored files, keys."""
