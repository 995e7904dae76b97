"""Random paths and lines of ignore files, as people and fuzzers write them."""

from __future__ import annotations

from hypothesis import strategies as st

PLAIN = ("a", "b", "ab", "foo", "bar", "x.log", "y.txt", "a b", "née", "[z]", "foo.d")
SECRET = (".env", "id_rsa", ".ssh")
"""Names that are left out whatever an ignore file says."""


def paths_of(*names: str) -> st.SearchStrategy[str]:
    """Return relative paths of up to four of these names."""
    return st.lists(st.sampled_from(names), min_size=1, max_size=4).map("/".join)


def patterns_of(*names: str) -> st.SearchStrategy[str]:
    """Return lines of an ignore file: paths of these names, with wildcards and all that git gives a meaning."""
    parts = st.sampled_from((*names, "*", "**", "*.log", "?", "f*", "[ab]", "[!a]", "fo\\o", "x.*"))
    built = st.tuples(
        st.sampled_from(["", "", "!", "\\!", "/", "!/"]),
        st.lists(parts, min_size=1, max_size=3).map("/".join),
        st.sampled_from(["", "", "/", "/*", "/**", " "]),
    ).map("".join)
    return st.one_of(
        paths_of(*names), built, st.sampled_from(["", "# comment", "!", "/", "*/", "**/", "/*", "!*/", "**"])
    )
