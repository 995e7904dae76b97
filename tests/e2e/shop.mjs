// A small shop: enough files for one to be about another, and for two to have something alike.
export const SHOP = {
  "till/rates.py": `"""What share of a price is tax."""

RATES = {"books": 0.07, "toys": 0.19}


def rate_for(kind: str) -> float:
    """Return the tax rate of a kind of goods. The mark of this file is RATES-MARK."""
    return RATES.get(kind, 0.19)
`,
  "till/tax.py": `"""Add tax to a price."""

from till.rates import rate_for


def add_tax(cents: int, kind: str) -> int:
    """Return the price with tax. The mark of this file is TAX-MARK."""
    return round(cents * rate_for(kind))
`,
  "till/config.py": `"""Read the settings of the till."""

import json
from pathlib import Path


def load_config(path: Path) -> dict[str, str]:
    """Return the settings of one till. The mark of this file is CONFIG-MARK."""
    return json.loads(path.read_text())
`,
  "shop/settings.py": `"""Read the settings of the whole shop."""

from pathlib import Path


def load_config(folder: Path) -> dict[str, str]:
    """Return what every till of the shop shares. The mark of this file is SETTINGS-MARK."""
    return {path.stem: path.read_text() for path in folder.glob("*.conf")}
`,
  "shop/stock.py": `"""Count what is in stock."""


class Stock:
    """How many there are of each thing. The mark of this file is STOCK-MARK."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def take(self, name: str) -> None:
        self.counts[name] -= 1
`,
  "notes/ideas.md": "# Ideas\n\nA till that sings.\n",
};

/** A file that takes more room than there is where there is little. */
export const HOURS = {
  "shop/hours.py": Array.from(
    { length: 60 },
    (_, day) => `def opens_on_day_${day}() -> str:\n    return "at ${8 + (day % 3)} in the morning of day ${day}"\n`,
  ).join("\n\n"),
};

/** The second folder of a workspace with two; one of its files has a path that the first has too. */
export const WAREHOUSE = {
  "shop/stock.py": `"""Count what is in stock in the warehouse."""


def count_pallets(rows: list[int]) -> int:
    """Return how many pallets there are. The mark of this file is ROWS-MARK."""
    return sum(rows)
`,
  "depot/pallets.py": `"""Pack pallets."""


def stack_pallet(boxes: list[int]) -> int:
    """Return how high a pallet of boxes is. The mark of this file is PALLET-MARK."""
    return sum(boxes)
`,
};
