"""A disk with little room, at the lowest level: what the system calls would do on a full one."""

import errno
import os
from pathlib import Path


class TightDisk:
    """So many bytes are free; files may be written, made smaller and removed."""

    def __init__(self, monkeypatch, free_bytes):
        self.free_bytes = free_bytes
        self._write, self._truncate, self._allocate = os.write, os.truncate, os.posix_fallocate
        self._ftruncate = os.ftruncate
        monkeypatch.setattr(os, "write", self.write)
        monkeypatch.setattr(os, "truncate", self.truncate)
        monkeypatch.setattr(os, "ftruncate", self.ftruncate)
        monkeypatch.setattr(os, "posix_fallocate", self.allocate)

    def write(self, file, data):
        # The test may set what is free while the writer's thread writes.
        n_bytes = min(len(data), self.free_bytes)
        if n_bytes <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self._write(file, data[:n_bytes])
        self.free_bytes -= written
        return written

    def allocate(self, file, offset, n_bytes):
        if n_bytes > self.free_bytes:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._allocate(file, offset, n_bytes)
        self.free_bytes -= n_bytes

    def truncate(self, path, n_bytes):
        before = Path(path).stat().st_size
        self._truncate(path, n_bytes)
        self.free_bytes += before - n_bytes

    def ftruncate(self, file, n_bytes):
        before = os.fstat(file).st_size
        self._ftruncate(file, n_bytes)
        self.free_bytes += before - n_bytes
