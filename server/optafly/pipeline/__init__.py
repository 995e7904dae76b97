"""The road of a prompt: propose, approve, send; the only place that knows the whole way."""

from optafly.pipeline.freshness import Reader
from optafly.pipeline.health import HealthCheck
from optafly.pipeline.road import Pipeline

__all__ = ["HealthCheck", "Pipeline", "Reader"]
