"""What a file is written in and what it is for, by its path alone; the conventions of all ecosystems, none's names."""

from __future__ import annotations

import re
from functools import lru_cache

from optafly.context.outline.model import FileKind

_EXTENSIONS = {
    # C++'s grammar reads C headers well; C's makes nothing of a C++ header.
    "cpp": "cc cpp cxx c++ hpp hh hxx h inl ipp tpp cu cuh",
    "c": "c",
    "python": "py pyi pyw pyx pxd",
    "typescript": "ts mts cts",
    "typescriptreact": "tsx",
    "javascript": "js mjs cjs",
    "javascriptreact": "jsx",
    "ruby": "rb rake gemspec ru",
    "php": "php phtml inc",
    "kotlin": "kt kts",
    "java": "java",
    "go": "go",
    "rust": "rs",
    "csharp": "cs csx",
    "shellscript": "sh bash zsh ksh fish",
    "powershell": "ps1 psm1",
    "objective-c": "m",
    "objective-cpp": "mm",
    "scala": "scala sc",
    "groovy": "groovy gradle",
    "swift": "swift",
    "dart": "dart",
    "lua": "lua",
    "r": "r",
    "julia": "jl",
    "haskell": "hs",
    "elixir": "ex exs",
    "erlang": "erl hrl",
    "clojure": "clj cljs cljc",
    "fsharp": "fs fsx fsi",
    "vb": "vb",
    "ocaml": "ml mli",
    "perl": "pl pm",
    "fortran": "f90 f95 f for",
    "verilog": "v sv svh",
    "asm": "asm s",
    "lisp": "lisp lsp el",
    "scheme": "scm rkt",
    "nim": "nim",
    "zig": "zig",
    "solidity": "sol",
    "coffeescript": "coffee",
    "vue": "vue",
    "svelte": "svelte",
    "astro": "astro",
    "html": "html htm xhtml",
    "erb": "erb",
    "css": "css",
    "scss": "scss sass",
    "less": "less",
    "sql": "sql",
    "graphql": "graphql gql",
    "proto": "proto",
    "thrift": "thrift",
    "terraform": "tf hcl",
    "yaml": "yml yaml",
    "json": "json jsonc json5",
    "toml": "toml",
    "ini": "ini cfg conf properties env",
    "xml": "xml plist csproj props targets xaml",
    "makefile": "mk",
    "cmake": "cmake",
    "markdown": "md mdx markdown",
    "restructuredtext": "rst adoc asciidoc org",
    "latex": "tex",
}
_NAMES = {
    "ruby": "gemfile rakefile vagrantfile podfile brewfile guardfile",
    "makefile": "makefile gnumakefile",
    "dockerfile": "dockerfile containerfile",
    "groovy": "jenkinsfile",
    "cmake": "cmakelists.txt",
    "go.mod": "go.mod go.work",
    "go.sum": "go.sum",
}
_BY_EXTENSION = {extension: language for language, words in _EXTENSIONS.items() for extension in words.split()}
_BY_NAME = {name: language for language, words in _NAMES.items() for name in words.split()}
_PROSE = {"markdown", "restructuredtext", "latex"}
_SETTINGS = {"yaml", "json", "ini", "toml", "xml", "makefile", "dockerfile", "cmake", "go.mod"}

# Folders, in lower case, that say what everything below them is for, wherever they stand.
_ANYWHERE: dict[FileKind, str] = {
    "vendored": "node_modules bower_components vendor _vendor vendored third_party third-party thirdparty 3rdparty"
    " site-packages pods carthage",
    "test": "test tests __tests__ spec specs testdata fixture fixtures testfixtures androidtest __fixtures__ __mocks__"
    " __snapshots__ mocks e2e cypress bench benches benchmarks",
    "example": "examples samples demos playground playgrounds",
    "generated": "dist __generated__ generated __pycache__ .next .nuxt",
}
# Folders that say so at the top of a repository or of one of its packages only: below, they are a part of the code.
_AT_THE_TOP: dict[FileKind, str] = {
    "docs": "doc docs documentation book website",
    "example": "example sample demo tutorial tutorials",
    "test": "benchmark",
}
_FOLDERS: dict[str, FileKind] = {name: kind for kind, words in _ANYWHERE.items() for name in words.split()}
_TOP_FOLDERS: dict[str, FileKind] = {name: kind for kind, words in _AT_THE_TOP.items() for name in words.split()}
_PACKAGES_IN = {"packages", "crates", "modules", "apps", "projects", "libs", "services", "plugins", "extensions"}
# The end of a folder's name in words: `okhttp-tests`, `Store.UnitTests`, `commonTest`, `test_data`.
_TEST_FOLDER = re.compile(r"[-_.](tests?|specs?|fixtures|mocks|e2e)$|^(tests?|specs?)[-_.]|[a-z](Tests?|Specs?)$")
_SCAFFOLD = re.compile(r"^templates?-\w|^\{\{")  # what a generator copies into a new project
_TEST_FILE = re.compile(
    r"^(test_.*|.*_tests?|conftest|tests)\.pyi?$|_test\.go$|_tests?\.(rs|dart|exs|cc?|cpp|cxx|[jt]sx?|[cm][jt]s|rb|php|lua)$"
    r"|^tests\.rs$|_spec\.(rb|lua)$|^(test_.*|.*_spec)\.rb$|(^|[.-])(test|tests|spec|e2e|cy|bench)(-d)?\.([cm]?[jt]sx?|vue|svelte)$"
    r"|[a-z0-9](Tests?|TestCase|TestBase|IT|Specs?)\.(java|kts?|cs|php|scala|groovy|swift|fs|vb|mm?)$|^Test[A-Z]\w*\.java$"
    r"|_(bench|benchmark)\.\w+$|\.snap$"
)
_GENERATED_FILE = re.compile(
    r"\.pb(\.gw)?\.(go|cc|h|swift)$|_pb2?(_grpc)?\.(pyi?|rb|[jt]s|d\.ts)$|\.min\.(m?js|css)$|[.-]bundle\.m?js$|\.map$"
    r"|\.(g|freezed|designer|g\.i)\.(cs|dart|vb)$|([._-](auto)?generated|\.(auto)?gen)\.[a-z.]+$|^zz_generated"
    r"|^(package-lock\.json|npm-shrinkwrap\.json|go\.sum|gopkg\.lock|.*\.lockb?|pnpm-lock\.yaml)$|-lock\.(json|yaml)$",
    re.IGNORECASE,
)
_VENDORED_FILE = re.compile(r"^(jquery|bootstrap|d3|lodash|react|vue|angular)[.-]\d[\w.]*\.(js|css)$|[.-]min\.js$")
_CONFIG_FILE = re.compile(
    r"\.(config|conf)\.([cm]?[jt]s|json)$|^\.\w+rc(\.\w+)?$|^(gruntfile|gulpfile|karma\.conf)\.([cm]?[jt]s)$|\.gradle(\.kts)?$"
    r"|^(gemfile|rakefile|podfile|brewfile|guardfile|vagrantfile|setup\.py|noxfile\.py|\.env.*)$|\.gemspec$",
    re.IGNORECASE,
)
_EXAMPLE_FILE = re.compile(r"\.stories\.[cm]?[jt]sx?$|^example_.*_test\.go$")
_DOCS_FILE = re.compile(
    r"^(readme|licen[cs]e|copying|notice|authors|contributors|changelog|changes|news|history|todo)([.-]txt|-\w+)?$",
    re.IGNORECASE,
)


def language_of(path: str) -> str:
    """Return the LSP language id of a file by its name, "plaintext" where it is none that is known."""
    name = path.rpartition("/")[2].lower()
    if (known := _BY_NAME.get(name)) is not None:
        return known
    if name.startswith(("dockerfile.", "makefile.")):
        return _BY_NAME[name.partition(".")[0]]
    stem, dot, extension = name.rpartition(".")
    return _BY_EXTENSION.get(extension, "plaintext") if dot and (stem or extension == "env") else "plaintext"


@lru_cache(maxsize=4_096)
def _kind_of_folder(folder: str) -> FileKind | None:
    """Return what all that lies in a folder is for; None where its name does not say."""
    parts = folder.split("/")
    for at, part in enumerate(parts):
        lower = part.lower()
        if (known := _FOLDERS.get(lower)) is not None:
            return known
        if lower in _TOP_FOLDERS and (at == 0 or (at == 2 and parts[0] in _PACKAGES_IN)):
            return _TOP_FOLDERS[lower]
        if _TEST_FOLDER.search(part):
            return "test"
        if _SCAFFOLD.search(part):
            return "example"
        if len(part) > 1 and part.startswith(".") and part != "..":
            return "config"
    return None


def kind_of(path: str) -> FileKind:
    """Return what a file is for; `path` is relative to its root, with `/` between parts.

    Says `source` of what is written by hand to be the program, style sheets, templates and queries included.
    """
    folder, _, name = path.rpartition("/")
    language = language_of(name)
    if _GENERATED_FILE.search(name):
        return "generated"
    if folder and (known := _kind_of_folder(folder)) is not None:
        return known
    for kind, pattern in _BY_FILE:
        if pattern.search(name):
            return kind
    if language in _PROSE:
        return "docs"
    if language == "scheme" and "queries" in folder.split("/"):  # tree-sitter's, by the hundred
        return "other"
    if language in _SETTINGS:
        return "config"
    if language != "plaintext":
        return "source"
    return "config" if name.startswith(".") else "other"  # .gitignore, .mailmap, .clang-format: they set up a tool


_BY_FILE: tuple[tuple[FileKind, re.Pattern[str]], ...] = (
    ("example", _EXAMPLE_FILE),
    ("test", _TEST_FILE),
    ("vendored", _VENDORED_FILE),
    ("config", _CONFIG_FILE),
    ("docs", _DOCS_FILE),
)
