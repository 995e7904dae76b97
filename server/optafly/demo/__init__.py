"""A simulated Messages API, for the demo and the tests; nothing else imports it."""
