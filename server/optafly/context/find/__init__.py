"""Which files matter for a prompt, and why."""
