"""Files on a disk under their SHA-256: written, fsynced, renamed; never overwritten."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from meeting_app.errors import StorageFull

_CHUNK = 1 << 20
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")


class DiskFiles:
    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "incoming").mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            self._write(target, content)
        return sha256

    def put_file(self, path: Path) -> str:
        # Hashed while it is copied: the bytes kept are the bytes hashed, whoever still writes to the file.
        with path.open("rb") as file, self._incoming() as (temporary, copy):
            digest = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
            sha256 = digest.hexdigest()
            if not self.path(sha256).exists():
                _keep(temporary, copy, self.path(sha256))
        return sha256

    @contextmanager
    def copy(self, sha256: str) -> Iterator["DiskCopy"]:
        with self._incoming() as (temporary, file):
            with self.path(sha256).open("rb") as original:
                shutil.copyfileobj(original, file, _CHUNK)
            file.flush()  # a full disk is told before anybody works on the copy
            yield DiskCopy(self, temporary, file)

    def read(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def path(self, sha256: str) -> Path:
        _ensure_hash(sha256)
        return self.root / sha256[:2] / sha256

    def put_derived(self, sha256: str, name: str, content: bytes) -> None:
        self._write(self.derived_path(sha256, name), content)

    def derived_path(self, sha256: str, name: str) -> Path:
        _ensure_hash(sha256)
        if not _PLAIN_NAME.fullmatch(name):
            raise ValueError("a derived file's name is one plain word")
        return self.root / "derived" / sha256[:2] / sha256 / name

    def _write(self, target: Path, content: bytes) -> None:
        with self._incoming() as (temporary, file):
            file.write(content)
            _keep(temporary, file, target)

    @contextmanager
    def _incoming(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A new file that is gone afterwards unless it was kept."""
        try:
            handle, name = tempfile.mkstemp(dir=self.root / "incoming")
            temporary = Path(name)
            try:
                with os.fdopen(handle, "w+b") as file:
                    yield temporary, file
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise StorageFull from error
            raise


@dataclass(frozen=True, slots=True)
class DiskCopy:
    """A stored file's copy, to be changed and kept under its own hash."""

    _files: DiskFiles
    _temporary: Path
    file: BinaryIO

    def keep(self) -> str:
        self.file.seek(0)  # writes what is still buffered
        digest = hashlib.sha256()
        while chunk := self.file.read(_CHUNK):
            digest.update(chunk)
        sha256 = digest.hexdigest()
        target = self._files.path(sha256)
        if not target.exists():
            _keep(self._temporary, self.file, target)
        self.file.close()  # what is stored can no longer be changed through it
        return sha256


def _keep(temporary: Path, file: BinaryIO, target: Path) -> None:
    """Under its name only when every byte is on the disk."""
    file.flush()
    os.fsync(file.fileno())
    temporary.chmod(0o440)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(target)
    _sync_folder(target.parent)


def _ensure_hash(sha256: str) -> None:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):  # noqa: PLR2004 — hex digits of SHA-256
        raise ValueError("not a SHA-256 in lower-case hex")


def _sync_folder(folder: Path) -> None:
    """The rename itself must survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
