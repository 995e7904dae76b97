"""OptaFly turns a vague prompt into a good one, sends what a person approved, and does not pay twice for an answer."""

__version__ = "0.1.0"
