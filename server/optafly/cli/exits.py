"""The exit codes of `optafly`, for scripts; they are stable."""

from __future__ import annotations

from optafly.errors import ApprovalError, BadKey, NoKey, OptaflyError, ProviderError

OK = 0
FAILED = 1
USAGE = 2  # argparse's own
NOT_APPROVED = 3
NO_KEY = 4
NO_ANSWER = 5
INTERRUPTED = 130
CLOSED_PIPE = 141

IN_WORDS = """\
exit codes:
  0    done
  1    something failed: a setting, a file, the database, a worker; or doctor found something broken
  2    the command line was not understood
  3    nothing was approved, so nothing was sent
  4    no API key, or the provider refused it
  5    the provider gave no answer
  130  stopped with Ctrl-C
  141  the reader of the output went away"""


def for_error(error: OptaflyError) -> int:
    """Return the exit code of an error."""
    if isinstance(error, NoKey | BadKey):
        return NO_KEY
    if isinstance(error, ProviderError):
        return NO_ANSWER
    return NOT_APPROVED if isinstance(error, ApprovalError) else FAILED


def for_code(code: str) -> int:
    """Return the exit code of a `Problem`'s stable code, as `for_error` would for the error itself."""
    if code in (NoKey.code, BadKey.code):
        return NO_KEY
    if code.startswith(ProviderError.code):
        return NO_ANSWER
    return NOT_APPROVED if code.startswith(ApprovalError.code) else FAILED
