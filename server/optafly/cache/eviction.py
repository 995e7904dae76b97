"""Which answers go when there is no room: those that are worth least, by what was measured.

The value of an entry is what serving it saves, times how often it was used, per byte (GreedyDual-Size with Frequency,
Cherkasova 1998, HPL-98-69R1), fading while it is not used. What it saves is its own recorded cost and the time a person
waited for it; where no price was known the time stands alone. Expired entries are worth nothing.
"""

from __future__ import annotations

import sqlite3

SPARE = 20  # a full cache makes room for a twentieth of itself at once, so that not every answer has to
SECOND_USD = 0.001  # what a second of waiting counts beside a cost
ROW_BYTES = 512  # what a row takes besides its texts
FADES_S = 30 * 86_400.0  # an entry unused for so long is worth half

# The clock may have been set back since: an entry that was used "in the future" counts as used now.
VALUE = f"""(CASE WHEN expires_at_s <= :now_s THEN 0 ELSE 1 END)
    * (coalesce(cost_usd, 0) + latency_ms / 1000 * {SECOND_USD} + 1e-9) * (1 + hits) / (1 + max(0, distrust))
    / (size_bytes + {ROW_BYTES}) / (1 + max(0, :now_s - used_at_s) / {FADES_S})"""


def make_room(connection: sqlite3.Connection, *, newest: int, max_entries: int, max_bytes: int, now_s: float) -> int:
    """Delete what is worth least until both limits hold; return how many went. `newest` (a seq) and pinned ones stay.

    Within the caller's transaction.
    """
    entries, size = connection.execute("SELECT count(*), coalesce(sum(size_bytes), 0) FROM entry").fetchone()
    if entries <= max_entries and size <= max_bytes:
        return 0
    entries -= max_entries - max_entries // SPARE
    size -= max_bytes - max_bytes // SPARE
    going: list[tuple[int]] = []
    worthless_first = connection.execute(
        f"SELECT seq, size_bytes FROM entry WHERE NOT pinned AND seq != :newest ORDER BY {VALUE}, seq",  # noqa: S608  constants of this module only
        {"newest": newest, "now_s": now_s},
    )
    for seq, size_bytes in worthless_first:
        if entries <= 0 and size <= 0:
            break
        going.append((seq,))
        entries, size = entries - 1, size - size_bytes
    worthless_first.close()
    connection.executemany("DELETE FROM entry WHERE seq = ?", going)
    return len(going)
