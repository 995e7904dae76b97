"""The Structs that travel along the road of a prompt; nothing else does.

Every Struct is frozen, refuses unknown fields and is camelCase on the wire. Lines are 1-based where a person reads
them (`Piece`) and 0-based in `Position`; characters in `Position` are Unicode code points: the language server converts
to and from the editor's encoding at its border. Money is in US dollars, times carry their unit in the name.
"""

from optafly.domain.answer import Answer, Completion, Entry, Stats, StopReason, Usage
from optafly.domain.proposal import (
    Approved,
    CacheKey,
    Change,
    ChangeKind,
    Decision,
    DiffPart,
    Estimate,
    Intent,
    Masked,
    Piece,
    PieceKind,
    Proposal,
    Quality,
    QualityFeature,
    Refinement,
    ReuseCandidate,
    State,
    Verdict,
)
from optafly.domain.record import Count, Line, Record, Share
from optafly.domain.request import Block, CacheMark, Outgoing, Route, Turn
from optafly.domain.snapshot import (
    Diagnostic,
    Document,
    Folder,
    OpenFile,
    Position,
    Range,
    RecentEdit,
    Severity,
    Snapshot,
)

__all__ = [
    "Answer",
    "Approved",
    "Block",
    "CacheKey",
    "CacheMark",
    "Change",
    "ChangeKind",
    "Completion",
    "Count",
    "Decision",
    "Diagnostic",
    "DiffPart",
    "Document",
    "Entry",
    "Estimate",
    "Folder",
    "Intent",
    "Line",
    "Masked",
    "OpenFile",
    "Outgoing",
    "Piece",
    "PieceKind",
    "Position",
    "Proposal",
    "Quality",
    "QualityFeature",
    "Range",
    "RecentEdit",
    "Record",
    "Refinement",
    "ReuseCandidate",
    "Route",
    "Severity",
    "Share",
    "Snapshot",
    "State",
    "Stats",
    "StopReason",
    "Turn",
    "Usage",
    "Verdict",
]
