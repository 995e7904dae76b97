"""What happens to a workspace in real life, at random.

Files and folders are written, renamed (also by case only), replaced by one another, linked, made unreadable and
deleted; branches are switched, commits made and rewritten, other work trees added, parts of the tree checked out,
ignore files changed, folders marked as caches, and the root itself is moved away.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

WORDS = ("cart", "order", "total", "price", "stock", "label", "parse", "route")


class World:
    """A workspace to which things happen; each action returns nothing and may find that it cannot be done."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root = root
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.last: list[str] = []
        self._commits = self.git("rev-list", "--max-count=400", "HEAD").split()
        self._actions: list[tuple[int, Callable[[], object]]] = [
            (30, self.edit), (6, self.same_size), (6, self.touch), (8, self.make), (8, self.delete),
            (8, self.rename), (4, self.rename_by_case), (4, self.rename_folder), (2, self.delete_folder),
            (3, self.file_for_folder), (3, self.folder_for_file), (3, self.link), (3, self.odd), (3, self.mode),
            (5, self.ignore), (2, self.exclude), (6, self.switch), (4, self.commit), (1, self.away), (2, self.swap),
            (2, self.rewrite), (3, self.tree), (2, self.sparse), (3, self.mark),
        ]  # fmt: skip

    def happen(self) -> None:
        """Let one thing happen."""
        action = self.chance.choices([each for _, each in self._actions], [weight for weight, _ in self._actions])[0]
        try:
            action()
        except (OSError, subprocess.CalledProcessError):
            self.done["not possible"] += 1
        else:
            self.done[action.__name__] += 1
            self.last = [*self.last[-60:], action.__name__]

    def git(self, *arguments: str) -> str:
        """Run git in the workspace."""
        command = ["git", "-C", str(self.root), "-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "gc.auto=0"]
        return subprocess.run([*command, *arguments], check=True, capture_output=True, text=True).stdout

    def files(self) -> list[Path]:
        """Return every file but links."""
        return sorted(
            Path(folder, name)
            for folder, folders, names in os.walk(self.root)
            if not (".git" in folders and folders.remove(".git"))
            for name in names
            if not Path(folder, name).is_symlink() and name.isprintable()
        )

    def folders(self) -> list[Path]:
        """Return every folder but the root."""
        return sorted({file.parent for file in self.files()} - {self.root})

    def any_file(self) -> Path:
        """Return one file. Raises OSError where there is none."""
        if not (files := self.files()):
            raise FileNotFoundError
        return self.chance.choice(files)

    def any_folder(self) -> Path:
        """Return one folder. Raises OSError where there is none."""
        if not (folders := self.folders()):
            raise FileNotFoundError
        return self.chance.choice(folders)

    def some_code(self) -> bytes:
        """Return a few lines that define and import something."""
        word, other = self.chance.choice(WORDS), self.chance.choice(WORDS)
        return f"from .{other} import {word}\n\n\ndef {word}_{self.chance.randrange(999)}():\n    {other}()\n".encode()

    def edit(self) -> None:
        path = self.any_file()
        lines = path.read_bytes().split(b"\n")
        at = self.chance.randrange(len(lines))
        cut = self.chance.choice((0, 0, 1, 3, 20))
        path.write_bytes(b"\n".join([*lines[:at], self.some_code(), *lines[at + cut :]]))

    def same_size(self) -> None:
        """Change a file, and give it the size and the time that it had."""
        path = self.any_file()
        before, data = path.stat(), path.read_bytes()
        path.write_bytes(data.replace(b"e", b"o", 5))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def touch(self) -> None:
        now = time.time() + self.chance.choice((0, -5e6, 5e6, -1e9))
        os.utime(self.any_file(), (now, now))

    def make(self) -> None:
        folder = self.root / self.chance.choice(("", "new", "new/deep/er"))
        folder.mkdir(parents=True, exist_ok=True)
        name = self.chance.choice(WORDS) + self.chance.choice((".py", ".js", ".go", ".md", ".h", ".rb"))
        (folder / name).write_bytes(self.some_code())

    def delete(self) -> None:
        self.any_file().unlink()

    def rename(self) -> None:
        path = self.any_file()
        path.rename(self.any_folder() / f"{self.chance.choice(WORDS)}{path.suffix}")

    def rename_by_case(self) -> None:
        path = self.chance.choice((self.any_file, self.any_folder))()
        path.rename(path.with_name(path.name.swapcase()))

    def rename_folder(self) -> None:
        path = self.any_folder()
        path.rename(path.with_name(f"{self.chance.choice(WORDS)}{self.chance.randrange(9)}"))

    def delete_folder(self) -> None:
        shutil.rmtree(self.any_folder())

    def swap(self) -> None:
        one, other, between = self.any_file(), self.any_file(), self.root / "between"
        if one != other:
            one.rename(between)
            other.rename(one)
            between.rename(other)

    def file_for_folder(self) -> None:
        path = self.any_folder()
        shutil.rmtree(path)
        path.write_bytes(self.some_code())

    def folder_for_file(self) -> None:
        path = self.any_file()
        path.unlink()
        path.mkdir()
        (path / "inner.py").write_bytes(self.some_code())

    def link(self) -> None:
        path = self.any_file()
        target = self.chance.choice((self.any_file(), self.any_folder(), Path("nowhere"), self.root))
        path.unlink()
        path.symlink_to(target)

    def odd(self) -> None:
        path = self.any_folder() / self.chance.choice(("odd.py", "bad\x1bname.py", ".env", "large.js"))
        path.write_bytes(
            self.chance.choice((b"\0\1\2" * 99, b"\xff\xfea\0", b"x = 1\n" * 400_000, b"caf\xe9 = 1\n", b""))
        )

    def mode(self) -> None:
        self.any_file().chmod(self.chance.choice((0o000, 0o444, 0o755, 0o600)))

    def ignore(self) -> None:
        name = self.chance.choice((".gitignore", ".optaflyignore"))
        path = self.chance.choice((self.root, self.any_folder())) / name
        pattern = self.chance.choice(
            ("*.md", f"{self.any_folder().name}/", "new/", f"!{self.any_file().name}", "*_*.py")
        )
        if path.exists() and self.chance.random() < 0.6:
            path.unlink()
        else:
            path.write_text(pattern + "\n")

    def mark(self) -> None:
        """Mark a folder as a cache or as installed packages, or take its mark away."""
        path = self.any_folder() / self.chance.choice(("CACHEDIR.TAG", "pyvenv.cfg"))
        if path.exists():
            path.unlink()
        else:
            path.write_text("Signature: 8a477f597d28d172789f06886806bc55\n")

    def exclude(self) -> None:
        path = self.root / ".git" / "info" / "exclude"
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.chance.choice(("", f"{self.any_file().name}\n", "*.md\n")))

    def switch(self) -> None:
        self.git("checkout", "--quiet", "--force", self.chance.choice(self._commits))
        if self.chance.random() < 0.5:
            self.git("clean", "-ffdxq")

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "-m", f"Change {self.chance.choice(WORDS)}")

    def rewrite(self) -> None:
        """Take commits back, or write the last ones anew, as a rebase does."""
        back = self.chance.randrange(1, 4)
        self.git("reset", "--quiet", self.chance.choice(("--soft", "--hard")), f"HEAD~{back}")
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", f"Rewrite {self.chance.choice(WORDS)}")

    def tree(self) -> None:
        """Add another work tree of the repository, or take one away."""
        path = self.root / "trees" / self.chance.choice(WORDS)
        if not path.exists():
            self.git("worktree", "add", "--quiet", "--force", "--detach", str(path), self.chance.choice(self._commits))
        else:
            shutil.rmtree(path)

    def sparse(self) -> None:
        if self.chance.random() < 0.5:
            self.git("sparse-checkout", "set", self.any_folder().relative_to(self.root).parts[0])
        else:
            self.git("sparse-checkout", "disable")

    def away(self) -> None:
        """Let the root be away for a moment, or for good and another in its place."""
        aside = self.root.with_name("aside")
        self.root.rename(aside)
        time.sleep(self.chance.choice((0.0, 0.3, 1.5)))
        aside.rename(self.root)
