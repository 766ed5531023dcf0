"""A disk that is really full, and has room again: a small file system of its own, or else a limit the kernel sets.

Mounting takes root. Where it cannot be had the kernel stops each process of the test at the size its largest file has
by then (RLIMIT_FSIZE): the rows and their log cannot grow, though small files can still be made.
"""

import errno
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = 64 * 1024


@dataclass
class SmallDisk:
    """What lies in `folder` fills it; `pids` are those who write there."""

    folder: Path
    is_mounted: bool
    pids: list[int] = field(default_factory=list)

    def fill(self) -> None:
        if not self.is_mounted:
            self._limit(max(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()))
            return
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            for size in (BLOCK, 4096, 512, 1):
                while _takes(ballast, size):
                    pass

    def make_room(self) -> None:
        if self.is_mounted:
            (self.folder / "ballast").unlink(missing_ok=True)
        else:
            self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        for pid in self.pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _takes(ballast, size: int) -> bool:
    try:
        return bool(ballast.write(b"\0" * size))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False


@contextmanager
def small_disk(folder: Path, image: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mounted there; an ext4 of its own in the file `image`."""
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    made = (
        _succeeds("mkfs.ext4", "-q", "-m", "0", str(image))
        and _succeeds("mount", "-o", "loop", str(image), str(folder))
    ) or _succeeds("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield SmallDisk(folder, made)
    finally:
        if made:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:  # no such program, or not for us
        return False
