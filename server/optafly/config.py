"""One typed tree of settings; the reference page and the clients' settings are generated from it.

Each field states its meaning, its bounds and two things about trust. `scope` is `machine` where only the user's own
machine may set it (environment, config.toml), `resource` where an editor may set it per folder. `narrow` says what a
workspace's `.optafly.toml` may do to it: `free` (anything), `never` (nothing), `on` (only switch it on), `off` (only
switch it off), `lower` (only lower it), `raise` (only raise it), `union` (only add entries).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

Scope = Literal["machine", "resource"]
Narrow = Literal["free", "never", "on", "off", "lower", "raise", "union"]


def setting(
    description: str, *, scope: Scope = "resource", narrow: Narrow = "free", **bounds: Any
) -> msgspec.Meta:  # Any: the bounds are msgspec.Meta's own keywords
    """Describe one field: its meaning in Markdown, who may set it, and msgspec's bounds (`ge`, `le`, `min_length`…)."""
    return msgspec.Meta(description=description, extra={"scope": scope, "narrow": narrow}, **bounds)


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A branch of the tree."""


class Price(Section, frozen=True):
    """US dollars per million tokens of one model, as its provider published them on `as_of`."""

    input_usd: Annotated[float, setting("Uncached input.", ge=0)]
    output_usd: Annotated[float, setting("Output.", ge=0)]
    cache_write_5m: Annotated[float, setting("Factor on input for a 5-minute cache write.", ge=0)] = 1.25
    cache_write_1h: Annotated[float, setting("Factor on input for a 1-hour cache write.", ge=0)] = 2.0
    cache_read: Annotated[float, setting("Factor on input for a cache read.", ge=0)] = 0.1
    least_cacheable_tokens: Annotated[int, setting("Smallest prefix that the provider caches.", ge=1)] = 1024
    as_of: Annotated[str, setting("Date of the price (ISO 8601).")] = "2026-11-01"


# Published prices as LiteLLM 1.109.1 listed them in November 2026; they change, so they are settings.
DEFAULT_PRICES: dict[str, Price] = {
    "claude-haiku-4-5": Price(input_usd=1.0, output_usd=5.0, least_cacheable_tokens=4096),
    "claude-haiku-5-5": Price(input_usd=0.10, output_usd=0.50, least_cacheable_tokens=512),
    "claude-sonnet-5": Price(input_usd=2.0, output_usd=10.0, least_cacheable_tokens=1024),
    "claude-sonnet-5-5": Price(input_usd=2.0, output_usd=10.0, cache_read=0.05, least_cacheable_tokens=512),
    "claude-opus-4-8": Price(input_usd=5.0, output_usd=25.0, least_cacheable_tokens=1024),
    "claude-opus-5-5": Price(input_usd=4.0, output_usd=20.0, cache_read=0.05, least_cacheable_tokens=512),
}


class RefineSettings(Section, frozen=True):
    """How a prompt is improved."""

    enabled: Annotated[bool, setting("Improve prompts. Off: a prompt is shown and sent as it was written.")] = True
    disabled_rules: Annotated[
        tuple[Literal["locate", "error", "code", "goal"], ...],
        setting("Rules that never run: `locate`, `error`, `code`, `goal`."),
    ] = ()


class ContextSettings(Section, frozen=True):
    """Which code goes with a prompt."""

    enabled: Annotated[bool, setting("Send code from the editor with a prompt.", narrow="off")] = True
    symbols: Annotated[
        bool, setting("Find the enclosing function or class with tree-sitter. Off: lines around the cursor.")
    ] = True
    workspace: Annotated[
        bool,
        setting(
            "Find code for a prompt in the whole workspace, with an index on this machine. Off: open files only.",
            narrow="off",
        ),
    ] = True
    vectors: Annotated[
        bool,
        setting("Search the workspace by meaning too. Off, or without a model: by words and names.", narrow="off"),
    ] = True
    max_tokens: Annotated[
        int, setting("Most tokens of code that go with a prompt.", narrow="lower", ge=0, le=200_000)
    ] = 8_000
    max_files: Annotated[
        int,
        setting(
            "Most files of a workspace folder that are indexed; those that lie less deep come first.",
            narrow="lower",
            ge=100,
            le=2_000_000,
        ),
    ] = 100_000
    lines_around: Annotated[
        int, setting("Lines before and after the cursor where no symbol is found.", ge=0, le=500)
    ] = 20


class CacheSettings(Section, frozen=True):
    """When an earlier answer is used again."""

    enabled: Annotated[bool, setting("Remember answers and use them again.", narrow="off")] = True
    semantic: Annotated[
        bool, setting("Compare prompts by meaning as well. Off, or without a model: the same text only.", narrow="off")
    ] = True
    error_budget: Annotated[
        float,
        setting(
            "Largest share of wrong answers among those that the cache gives by itself, as far as that is proved."
            " Below 0.01, the least that the calibration proves: only for a prompt of the same words.",
            narrow="lower",
            ge=0.0,
            le=0.2,
        ),
    ] = 0.01
    offer_probability: Annotated[
        float,
        setting("Least probability of being right to offer an earlier answer for approval.", ge=0.05, le=1.0),
    ] = 0.14
    max_offers: Annotated[int, setting("Most earlier answers shown beside a proposal.", ge=0, le=3)] = 3
    max_entries: Annotated[
        int, setting("Most answers kept; those that save least go first.", scope="machine", narrow="never", ge=1)
    ] = 100_000
    max_mb: Annotated[
        int,
        setting(
            "Most megabytes of answers kept; those that save least go first.", scope="machine", narrow="never", ge=1
        ),
    ] = 1_000
    keep_days: Annotated[
        int, setting("Days for which an answer may be used again. Pinned answers stay.", narrow="lower", ge=1, le=3650)
    ] = 90
    keep_debug_days: Annotated[
        int,
        setting(
            "The same for answers about an error, whose cause often lies outside the code.",
            narrow="lower",
            ge=1,
            le=3650,
        ),
    ] = 14
    private: Annotated[bool, setting("Remember no answer of this project, and look none up.", narrow="on")] = False
    remember_masked: Annotated[
        bool,
        setting(
            "Also remember answers to prompts in which a secret was masked. Two secrets then look the same.",
            scope="machine",
            narrow="off",
        ),
    ] = False


class ClaudeSettings(Section, frozen=True):
    """How Claude is asked."""

    model: Annotated[str, setting("The Claude model that answers.", min_length=1, max_length=100)] = "claude-sonnet-5-5"
    max_tokens: Annotated[int, setting("Most tokens of an answer.", narrow="lower", ge=1, le=128_000)] = 4_096
    instructions: Annotated[
        str,
        setting("Standing instructions added to the system prompt, for example a team's conventions.", narrow="never"),
    ] = ""
    prompt_caching: Annotated[
        bool, setting("Mark the unchanging parts of a request so that Claude's prompt cache can reuse them.")
    ] = True
    base_url: Annotated[
        str,
        setting(
            "Where the Messages API is. `https` only, but for this machine itself.",
            scope="machine",
            narrow="never",
            pattern=r"^(https://|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$))",
        ),
    ] = "https://api.anthropic.com"
    count_tokens: Annotated[
        bool,
        setting(
            "Let Anthropic count the tokens of each proposal. This sends the whole request, code included and secrets"
            " masked, to `count_tokens` at `claude.baseUrl` **before** you approve it. Off: counted on this machine,"
            " 0.3 % off on average.",
            scope="machine",
            narrow="off",
        ),
    ] = False
    timeout_s: Annotated[float, setting("Longest wait for the next part of an answer, in seconds.", gt=0, le=3600)] = (
        60.0
    )
    max_retries: Annotated[
        int, setting("Further tries after a rate limit, an overload or a network fault.", ge=0, le=10)
    ] = 2
    prices: Annotated[
        dict[str, Price],
        setting("Prices per model in US dollars per million tokens, with their date.", scope="machine", narrow="never"),
    ] = msgspec.field(default_factory=lambda: dict(DEFAULT_PRICES))


class ModelSettings(Section, frozen=True):
    """The local embedding model."""

    embedder: Annotated[
        Literal["onnx", "sentence-transformers", "off"],
        setting(
            "What computes vectors: `onnx` (default, no torch), `sentence-transformers` (extra `models`) or `off`.",
            scope="machine",
            narrow="never",
        ),
    ] = "onnx"
    path: Annotated[
        str,
        setting(
            "Folder of the embedding model. Empty: the one that `optafly models install` wrote.",
            scope="machine",
            narrow="never",
        ),
    ] = ""


class PrivacySettings(Section, frozen=True):
    """What may leave this machine."""

    mask_secrets: Annotated[
        bool,
        setting("Replace keys, tokens and passwords before anything is sent or stored.", scope="machine", narrow="on"),
    ] = True
    ignore: Annotated[
        tuple[str, ...],
        setting("Further files never read into a prompt, as `.gitignore` patterns.", narrow="union"),
    ] = ()


class TelemetrySettings(Section, frozen=True):
    """What OptaFly counts, on this machine only."""

    enabled: Annotated[bool, setting("Count answers, hits and savings in the local database.", narrow="off")] = True


class LogSettings(Section, frozen=True):
    """The log of the server, which never holds prompts or answers."""

    level: Annotated[Literal["error", "warning", "info", "debug"], setting("How much is logged.")] = "info"


class Config(Section, frozen=True):
    """The whole tree."""

    refine: RefineSettings = RefineSettings()
    context: ContextSettings = ContextSettings()
    cache: CacheSettings = CacheSettings()
    claude: ClaudeSettings = ClaudeSettings()
    models: ModelSettings = ModelSettings()
    privacy: PrivacySettings = PrivacySettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    log: LogSettings = LogSettings()


class Leaf(msgspec.Struct, frozen=True):
    """One setting as the layers, the docs and the clients see it; `path` is ("cache", "errorBudget")."""

    path: tuple[str, str]
    attributes: tuple[str, str]
    type: Any  # a typing form such as Annotated[int, Meta(...)], which has no narrower static type
    default: object
    description: str
    scope: Scope
    narrow: Narrow

    @property
    def dotted(self) -> str:
        """The name a person writes: `cache.errorBudget`."""
        return ".".join(self.path)

    @property
    def variable(self) -> str:
        """The environment variable: `OPTAFLY_CACHE_ERROR_BUDGET`."""
        return "OPTAFLY_" + "_".join(self.attributes).upper()


def _leaves() -> tuple[Leaf, ...]:
    found: list[Leaf] = []
    default = Config()
    branch: Section
    for section in msgspec.structs.fields(Config):
        branch = getattr(default, section.name)
        hints = get_type_hints(type(branch), include_extras=True)
        for field in msgspec.structs.fields(type(branch)):
            hint = hints[field.name]
            if get_origin(hint) is not Annotated:
                raise TypeError(f"{type(branch).__name__}.{field.name} has no setting(...)")
            meta = get_args(hint)[1]
            found.append(
                Leaf(
                    path=(section.encode_name, field.encode_name),
                    attributes=(section.name, field.name),
                    type=hint,
                    default=getattr(branch, field.name),
                    description=meta.description,
                    scope=meta.extra["scope"],
                    narrow=meta.extra["narrow"],
                )
            )
    return tuple(found)


LEAVES: tuple[Leaf, ...] = _leaves()
