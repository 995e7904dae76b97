"""Everything that can go wrong, in one tree.

    OptaflyError
    ├── ConfigError            a setting is wrong: names its path and the allowed values
    ├── ApprovalError
    │   ├── UnknownProposal    no proposal with that id (any more)
    │   ├── StaleProposal      what would be sent is not what was approved
    │   ├── WrongState         the decision does not fit the proposal's state
    │   └── AnsweredElsewhere  another window has the answer, and only that one
    ├── CacheError
    │   └── StorageError       the database cannot be opened, read or written
    ├── ProviderError
    │   ├── NoKey              no key in any allowed place
    │   ├── BadKey             the provider refused the key
    │   ├── RateLimited        too many requests; knows when to try again
    │   ├── Overloaded         the provider is overloaded
    │   ├── NetworkDown        the provider could not be reached, or did not answer in time
    │   ├── CutOff             the stream ended before the answer did
    │   ├── Refused            the model declined to answer
    │   ├── TooLong            the request does not fit the model
    │   ├── InvalidRequest     the provider rejected the request
    │   └── ProviderFault      the provider failed inside
    ├── WorkerError
    │   ├── WorkerDied         the child process ended while it was working on this
    │   └── WorkerTimeout      the child process did not answer in time
    ├── ModelFileError         a model file is missing, damaged or not the one that was recorded
    └── ProtocolError          a client sent something that the protocol does not allow

Every error says what happened (`what`), why (`why`) and what to do next (`todo`); `code` is stable for clients.
"""

from __future__ import annotations

from typing import ClassVar


class OptaflyError(Exception):
    """The root: `str()` gives one paragraph a person can act on. Never carries a secret or a prompt's text."""

    code: ClassVar[str] = "error"

    def __init__(self, what: str, *, why: str = "", todo: str = "") -> None:
        super().__init__(" ".join(part for part in (what, why, todo) if part))
        self.what = what
        self.why = why
        self.todo = todo


class ConfigError(OptaflyError):
    """A setting is wrong; `path` names it as in `$.cache.errorBudget`, `source` where it was read."""

    code = "config"

    def __init__(self, what: str, *, path: str, source: str, why: str = "", todo: str = "") -> None:
        super().__init__(what, why=why, todo=todo)
        self.path = path
        self.source = source


class ApprovalError(OptaflyError):
    """A decision could not be taken."""

    code = "approval"


class UnknownProposal(ApprovalError):
    """There is no proposal with that id, or it was cleaned up."""

    code = "approval.unknown"


class StaleProposal(ApprovalError):
    """What would be sent now is not what the person approved: ask again."""

    code = "approval.stale"


class WrongState(ApprovalError):
    """The proposal's state does not allow this decision."""

    code = "approval.state"


class AnsweredElsewhere(ApprovalError):
    """Another window sent the proposal and has its answer, which was not remembered."""

    code = "approval.elsewhere"


class CacheError(OptaflyError):
    """The cache could not do what was asked; asking still works without it."""

    code = "cache"


class StorageError(CacheError):
    """The database cannot be opened, read or written."""

    code = "cache.storage"


class ProviderError(OptaflyError):
    """The provider gave no answer."""

    code = "provider"


class NoKey(ProviderError):
    """No API key in the environment, the keyring or the editor's secret store."""

    code = "provider.no_key"


class BadKey(ProviderError):
    """The provider does not accept the key."""

    code = "provider.bad_key"


class RateLimited(ProviderError):
    """Too many requests; `retry_after_s` is set where the provider said when to try again."""

    code = "provider.rate_limited"

    def __init__(self, what: str, *, why: str = "", todo: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(what, why=why, todo=todo)
        self.retry_after_s = retry_after_s


class Overloaded(ProviderError):
    """The provider is overloaded."""

    code = "provider.overloaded"


class NetworkDown(ProviderError):
    """The provider could not be reached or did not answer in time."""

    code = "provider.network"


class CutOff(ProviderError):
    """The stream ended before the answer did."""

    code = "provider.cut_off"


class Refused(ProviderError):
    """The model declined to answer."""

    code = "provider.refused"


class TooLong(ProviderError):
    """The request does not fit the model's context window or size limit."""

    code = "provider.too_long"


class InvalidRequest(ProviderError):
    """The provider rejected the request for another reason than its size or key."""

    code = "provider.invalid"


class ProviderFault(ProviderError):
    """The provider failed inside (5xx)."""

    code = "provider.fault"


class WorkerError(OptaflyError):
    """A child process could not do its work."""

    code = "worker"


class WorkerDied(WorkerError):
    """The child process ended while it was working on this."""

    code = "worker.died"


class WorkerTimeout(WorkerError):
    """The child process did not answer in time."""

    code = "worker.timeout"


class ModelFileError(OptaflyError):
    """A model file is missing, damaged or not the one that was recorded."""

    code = "model.file"


class ProtocolError(OptaflyError):
    """A client sent something that the protocol does not allow."""

    code = "protocol"
