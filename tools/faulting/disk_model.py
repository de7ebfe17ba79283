"""A disk that may lose what nobody waited for: names and contents, in memory.

The model is stricter than any file system in use. What is written to a file is safe after a sync
of that file; a name (a new file, a rename, a removal, a new folder) is safe after a sync of the
folder that holds it, and of nothing else. Between two syncs the disk may have all of it, nothing,
or any part: whole calls in any order of files, and of a single write any of its sectors.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tools.faulting.system_calls import Call

SECTOR_BYTES = 512
Change = tuple[int, bytes] | int  # written where and what; or cut to a length


@dataclass(eq=False, slots=True)
class File:
    """A file: what is in it, what of that is safe, and the changes between the two."""

    now: bytearray = field(default_factory=bytearray)
    safe: bytes = b""
    pending: list[Change] = field(default_factory=list)

    def change(self, change: Change) -> None:
        """Make a change that is not safe yet."""
        apply(self.now, change)
        self.pending.append(change)

    def sync(self) -> None:
        """Make everything safe."""
        self.safe, self.pending = bytes(self.now), []


@dataclass(eq=False, slots=True)
class Folder:
    """A folder: its names, those that are safe, and the changes between the two."""

    now: dict[str, "File | Folder"] = field(default_factory=dict)
    safe: dict[str, "File | Folder"] = field(default_factory=dict)
    pending: list[tuple[str, "File | Folder | None"]] = field(default_factory=list)

    def change(self, name: str, to: "File | Folder | None") -> None:
        """Give a name to something, or take it away."""
        put(self.now, name, to)
        self.pending.append((name, to))

    def sync(self) -> None:
        """Make every name safe."""
        self.safe, self.pending = dict(self.now), []


def put(names: dict[str, File | Folder], name: str, to: File | Folder | None) -> None:
    """Give a name to something, or take it away."""
    if to is None:
        names.pop(name, None)
    else:
        names[name] = to


def apply(content: bytearray, change: Change) -> None:
    """Write into a file, or cut it or make it longer."""
    if isinstance(change, int):
        del content[change:]
        content.extend(bytes(change - len(content)))
        return
    at, data = change
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(data)] = data


@dataclass(slots=True)
class _Open:
    """An open file: which, how far it was written, and whether it only grows."""

    what: File | Folder
    position: int = 0
    is_appending: bool = False


class Disk:
    """Everything below one folder, as system calls change it.

    Parameters
    ----------
    root : Path
        The folder; calls about other places are ignored.

    """

    def __init__(self, root: Path) -> None:
        self._root = PurePosixPath(root)
        self._open: dict[int, _Open] = {}
        self.top = Folder()

    def load(self, folder: Path) -> None:
        """Begin with what is in a folder of this computer; all of it is safe."""
        _load(self.top, folder)

    def take(self, call: Call) -> None:
        """Do what a call did."""
        handler = getattr(self, f"_{call.name}", None)
        if handler is not None:
            handler(call)

    # Names.

    def _openat(self, call: Call) -> None:
        self._open.pop(call.result, None)
        found = self._place(call.values[1])
        if found is None:
            return
        folder, name = found
        flags = str(call.values[2]).split("|")
        what = folder.now.get(name) if name else folder
        if what is None:
            what = File()
            folder.change(name, what)
        if "O_TRUNC" in flags and isinstance(what, File) and what.now:
            what.change(0)
        self._open[call.result] = _Open(what, is_appending="O_APPEND" in flags)

    def _rename(self, call: Call) -> None:
        self._move(call.values[0], call.values[1])

    def _renameat(self, call: Call) -> None:
        self._move(call.values[1], call.values[3])

    _renameat2 = _renameat

    def _move(self, source: bytes | str, target: bytes | str) -> None:
        if self._name_too(source, target):
            self._remove(source)

    def _link(self, call: Call) -> None:
        self._name_too(call.values[0], call.values[1])

    def _linkat(self, call: Call) -> None:
        self._name_too(call.values[1], call.values[3])

    def _name_too(self, source: bytes | str, target: bytes | str) -> bool:
        """Give what has a name another one too; False for what is not ours."""
        old, new = self._place(source), self._place(target)
        if old is None or new is None:
            return False
        new[0].change(new[1], old[0].now[old[1]])
        return True

    def _unlink(self, call: Call) -> None:
        self._remove(call.values[0])

    def _unlinkat(self, call: Call) -> None:
        self._remove(call.values[1])

    _rmdir = _unlink

    def _remove(self, path: bytes | str) -> None:
        if (found := self._place(path)) is not None:
            found[0].change(found[1], None)

    def _mkdir(self, call: Call) -> None:
        self._make(call.values[0])

    def _mkdirat(self, call: Call) -> None:
        self._make(call.values[1])

    def _make(self, path: bytes | str) -> None:
        if (found := self._place(path)) is not None:
            found[0].change(found[1], Folder())

    def _place(self, path: bytes | str) -> tuple[Folder, str] | None:
        """Return the folder and the name of a path; None for what is not ours."""
        name = PurePosixPath(path.decode()) if isinstance(path, bytes) else None
        if name is None or not name.is_relative_to(self._root):
            return None
        parts = name.relative_to(self._root).parts
        folder: File | Folder = self.top
        for part in parts[:-1]:
            if not isinstance(folder, Folder) or part not in folder.now:
                return None
            folder = folder.now[part]
        return (folder, parts[-1] if parts else "") if isinstance(folder, Folder) else None

    # Contents.

    def _close(self, call: Call) -> None:
        self._open.pop(int(call.values[0]), None)

    def _lseek(self, call: Call) -> None:
        if (known := self._open.get(int(call.values[0]))) is not None:
            known.position = call.result

    def _write(self, call: Call) -> None:
        known = self._open.get(int(call.values[0]))
        if known is None or not isinstance(known.what, File):
            return
        at = len(known.what.now) if known.is_appending else known.position
        data = b"".join(one for one in call.values[1:] if isinstance(one, bytes))[: call.result]
        known.what.change((at, data))
        known.position = at + len(data)

    _writev = _write

    def _pwrite64(self, call: Call) -> None:
        known = self._open.get(int(call.values[0]))
        if known is not None and isinstance(known.what, File):
            data = call.values[1]
            assert isinstance(data, bytes)  # noqa: S101  (so strace writes it)
            known.what.change((int(call.values[3]), data[: call.result]))

    def _ftruncate(self, call: Call) -> None:
        known = self._open.get(int(call.values[0]))
        if known is not None and isinstance(known.what, File):
            known.what.change(int(call.values[1]))

    def _truncate(self, call: Call) -> None:
        found = self._place(call.values[0])
        what = found[0].now.get(found[1]) if found else None
        if isinstance(what, File):
            what.change(int(call.values[1]))

    def _fsync(self, call: Call) -> None:
        if (known := self._open.get(int(call.values[0]))) is not None:
            known.what.sync()

    _fdatasync = _fsync


def _load(into: Folder, folder: Path) -> None:
    for path in folder.iterdir():
        made: File | Folder = File() if path.is_file() else Folder()
        if isinstance(made, File):
            made.now = bytearray(path.read_bytes())
            made.sync()
        else:
            _load(made, path)
        into.now[path.name] = made
    into.sync()


class Cut:
    """What a disk has after the power failed: what was safe, and some of the rest.

    Parameters
    ----------
    way : {"kept", "lost", "some", "names"}
        Of what nobody waited for: all of it (as when a process is killed), nothing, parts drawn
        at random and torn, or the names without the contents.
    rng : Random
        Draws them.

    """

    WAYS: Sequence[str] = ("kept", "lost", "some", "names")

    def __init__(self, way: str, rng: random.Random) -> None:
        self._way = way
        self._rng = rng
        self._made: dict[int, bytes] = {}

    def write(self, folder: Folder, into: Path) -> None:
        """Write what the disk has into a folder of this computer."""
        into.mkdir(parents=True, exist_ok=True)
        for name, what in self._names(folder).items():
            if isinstance(what, Folder):
                self.write(what, into / name)
            else:
                (into / name).write_bytes(self._content(what))

    def _names(self, folder: Folder) -> dict[str, File | Folder]:
        if self._way in {"kept", "names"}:
            return folder.now
        names = dict(folder.safe)
        if self._way == "some":  # a folder's changes reach the disk in their order
            for name, to in folder.pending[: self._rng.randint(0, len(folder.pending))]:
                put(names, name, to)
        return names

    def _content(self, file: File) -> bytes:
        if self._way == "kept":
            return bytes(file.now)
        if id(file) not in self._made:  # one file under two names is one file
            self._made[id(file)] = self._safe_and_some(file)
        return self._made[id(file)]

    def _safe_and_some(self, file: File) -> bytes:
        if self._way != "some":
            return file.safe
        content = bytearray(file.safe)
        for change in file.pending:
            if self._rng.random() < 0.5:  # noqa: PLR2004  (as likely as not)
                apply(content, self._torn(change))
        return bytes(content)

    def _torn(self, change: Change) -> Change:
        """Return a write of which some sectors at the end may be missing."""
        if isinstance(change, int) or self._rng.random() < 0.5:  # noqa: PLR2004
            return change
        at, data = change
        return at, data[: self._rng.randint(0, len(data) // SECTOR_BYTES) * SECTOR_BYTES]
