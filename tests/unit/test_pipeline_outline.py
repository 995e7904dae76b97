"""The outline of a class that is too long is approved, sent and looked at again as any code is."""

from __future__ import annotations

import pytest

from fakes.road import Workspace, decide_and_send, road
from optafly.demo.server import MessagesApi
from optafly.errors import StaleProposal
from optafly.paths import Paths

SETTINGS = {"context": {"maxTokens": 250}}
LONG = "class Till:\n" + "".join(
    f"    def sum_{name}(self, rows):\n        total = 0\n"
    + "".join(f"        total += rows[{n}].price * rows[{n}].count\n" for n in range(9))
    + "        return total\n\n"
    for name in "abcd"
)


async def test_an_outline_goes_along_and_is_stale_once_a_method_has_another_name(
    home: Paths, api: MessagesApi, shop: Workspace
) -> None:
    shop.file.write_text(LONG, encoding="utf-8")
    async with road(home, api, SETTINGS) as pipeline:
        proposal = await pipeline.propose(shop.snapshot("Explain this class", line=3, selected=False))
        assert [piece.kind for piece in proposal.pieces] == ["skeleton", "symbol"]
        await decide_and_send(pipeline, shop, proposal)
        assert b"def sum_d(self, rows):" in api.requests[-1].body
        again = await pipeline.propose(shop.snapshot("Explain this class, please", line=3, selected=False))
        shop.file.write_text(LONG.replace("sum_d", "total_of_d"), encoding="utf-8")
        with pytest.raises(StaleProposal, match="its outline"):
            await decide_and_send(pipeline, shop, again)
