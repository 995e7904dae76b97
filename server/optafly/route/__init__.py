"""Where a request goes, what it may cost, and which of its layers a prompt cache may keep."""
