"""Measuring the road on data: replays of prompt logs through the real code, and what their outcomes are worth."""
