"""What C and C++ files include."""

from __future__ import annotations

from optafly.context.imports.asked import NOTHING, Answer
from optafly.context.imports.manifests import Manifests
from optafly.context.imports.tree import Tree, join, nearest, split

# A header of the standard library is meant where no file of that name lies next to the one that includes it.
_STANDARD = frozenset(
    """assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic
    stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype unistd pthread fcntl
    dirent poll sched semaphore termios dlfcn netdb""".split()  # noqa: SIM905  (a list of thirty quoted words)
)


def resolve(place: str, module: str, tree: Tree, _manifests: Manifests) -> Answer:
    """Resolve `a/b.h` from the folder `place`, then from whichever folder has it, the nearest first."""
    module = module.strip('"<> ')
    if (path := join(place, module)) is not None and (found := tree.file(path)) is not None:
        return Answer(files=(found,))
    folder, stem, rest = split(module.lstrip("./"))
    if not rest or (not folder and stem in _STANDARD):
        return NOTHING
    folders = tree.holding(folder, stem, (rest,))
    best = nearest(place, folders)
    found = tree.at(best, stem, (rest,)) if best is not None else None
    return NOTHING if found is None else Answer(files=(found,))
