"""The pipeline as a terminal uses it: opened for one command, closed whatever happens."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from optafly.cli.streams import print_error
from optafly.paths import Paths, user_paths
from optafly.pipeline import Pipeline
from optafly.privacy.credentials import Credentials
from optafly.settings import Settings


@asynccontextmanager
async def open_road(folder: str | None = None, paths: Paths | None = None) -> AsyncGenerator[Pipeline]:
    """Start the pipeline for this user (or `paths`), name bad settings of `folder` on stderr, close it at the end."""
    paths = paths or user_paths()
    logging.getLogger("optafly").addHandler(logging.NullHandler())  # what matters here is printed as an error
    settings = Settings(paths)
    for problem in settings.problems(folder):
        print_error(problem)
    pipeline = Pipeline(paths=paths, credentials=Credentials(), configure=settings.config)
    await pipeline.start()
    try:
        yield pipeline
    finally:
        await pipeline.close()
