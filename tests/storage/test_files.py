"""Files are kept whole or not at all, under the hash of what is in them."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from meeting_app.storage.files import DiskFiles

TEXT = "Giấy mời họp".encode()
NAME = hashlib.sha256(TEXT).hexdigest()

HOSTILE_NAMES = [
    "",
    ".",
    "..",
    "../x",
    "/etc/passwd",
    "a/b",
    ".hidden",
    "a\x00b",
    "a\nb",
    "trang một",
    "x" * 300,
    "a\\b",
]
HOSTILE_HASHES = ["", "..", "../" * 20, NAME.upper(), NAME[:-1], NAME + "0", f"{NAME[:-1]}/", "g" * 64, "\x00" * 64]

TOO_LARGE_FOR_THE_DISK = """
import resource, sys
from pathlib import Path
from meeting_app.storage.files import DiskFiles
files = DiskFiles(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    files.{put}
except OSError:
    sys.exit(7)
"""


@pytest.fixture
def files(tmp_path: Path) -> DiskFiles:
    return DiskFiles(tmp_path / "files")


def kept(files: DiskFiles) -> list[Path]:
    return sorted(path for path in files.root.rglob("*") if path.is_file())


def test_a_file_is_found_under_its_hash(files: DiskFiles):
    assert files.put(TEXT) == NAME
    assert files.read(NAME) == TEXT
    assert files.path(NAME).read_bytes() == TEXT
    assert files.path(NAME).is_relative_to(files.root)


def test_the_same_content_is_kept_once_and_never_written_again(files: DiskFiles, tmp_path: Path):
    files.put(TEXT)
    before = files.path(NAME).stat()
    (tmp_path / "copy").write_bytes(TEXT)
    assert files.put(TEXT) == files.put_file(tmp_path / "copy") == NAME
    after = files.path(NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert kept(files) == [files.path(NAME)]


def test_what_is_kept_is_not_open_to_writing(files: DiskFiles):
    files.put(TEXT)
    assert files.path(NAME).stat().st_mode & 0o222 == 0


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_000])
def test_a_file_of_any_size_is_taken_in_whole(files: DiskFiles, tmp_path: Path, size: int):
    content = os.urandom(size)
    (tmp_path / "upload").write_bytes(content)
    sha256 = files.put_file(tmp_path / "upload")
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert files.read(sha256) == content


def test_an_upload_is_read_once_so_nobody_can_exchange_it_in_between(files: DiskFiles, tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(TEXT,))
    writer.start()
    assert files.put_file(pipe) == NAME
    writer.join()
    assert files.read(NAME) == TEXT


def test_many_at_once_keep_one_file(files: DiskFiles):
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(files.put, [TEXT] * 40)) == {NAME}
    assert kept(files) == [files.path(NAME)]
    assert files.read(NAME) == TEXT


@pytest.mark.parametrize("put", ['put(b"x" * 5000)', f'put_derived("{NAME}", "page-0001.jpg", b"x" * 5000)'])
def test_a_full_disk_leaves_nothing_half_written(files: DiskFiles, put: str):
    script = TOO_LARGE_FOR_THE_DISK.format(put=put)
    done = subprocess.run([sys.executable, "-c", script, str(files.root)], check=False, timeout=60)
    assert done.returncode == 7
    assert kept(files) == []


def test_an_upload_on_a_full_disk_leaves_nothing_either(files: DiskFiles, tmp_path: Path):
    (tmp_path / "upload").write_bytes(b"x" * 5000)
    script = TOO_LARGE_FOR_THE_DISK.format(put=f"put_file(Path({str(tmp_path / 'upload')!r}))")
    done = subprocess.run([sys.executable, "-c", script, str(files.root)], check=False, timeout=60)
    assert done.returncode == 7
    assert kept(files) == []
    assert files.put_file(tmp_path / "upload") == hashlib.sha256(b"x" * 5000).hexdigest()


def test_a_file_nobody_put_in_is_not_found(files: DiskFiles):
    with pytest.raises(FileNotFoundError):
        files.read(NAME)
    with pytest.raises(FileNotFoundError):
        files.put_file(files.root / "no such upload")
    assert kept(files) == []


def test_something_derived_may_be_made_again(files: DiskFiles):
    files.put_derived(NAME, "page-0001-800.jpg", b"first")
    files.put_derived(NAME, "page-0001-800.jpg", b"second")
    assert files.derived_path(NAME, "page-0001-800.jpg").read_bytes() == b"second"
    assert len(kept(files)) == 1


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_derived_file_cannot_leave_its_place(files: DiskFiles, name: str):
    with pytest.raises(ValueError, match="plain word"):
        files.put_derived(NAME, name, b"x")
    assert kept(files) == []


@pytest.mark.parametrize("sha256", HOSTILE_HASHES)
def test_only_a_hash_leads_to_a_file(files: DiskFiles, sha256: str):
    for act in (files.path, files.read, lambda name: files.derived_path(name, "page.jpg")):
        with pytest.raises(ValueError, match="SHA-256"):
            act(sha256)


def test_a_copy_is_kept_under_its_own_hash_and_the_original_stays(files: DiskFiles):
    files.put(TEXT)
    with files.copy(NAME) as copy:
        copy.file.seek(0, os.SEEK_END)
        copy.file.write(b" hai")
        changed = copy.keep()
    assert files.read(changed) == TEXT + b" hai"
    assert files.read(NAME) == TEXT
    assert len(kept(files)) == 2


def test_what_was_kept_can_no_longer_be_changed_through_the_copy(files: DiskFiles):
    files.put(TEXT)
    with files.copy(NAME) as copy:
        copy.file.write(b"X")
        copy.keep()
        with pytest.raises(ValueError, match="closed"):
            copy.file.write(b"Y")


def test_a_copy_that_is_not_kept_leaves_nothing(files: DiskFiles):
    files.put(TEXT)
    with files.copy(NAME) as copy:
        copy.file.write(b"X")
    with pytest.raises(RuntimeError), files.copy(NAME):
        raise RuntimeError
    assert kept(files) == [files.path(NAME)]


def test_a_copy_on_a_full_disk_leaves_the_original_alone(files: DiskFiles):
    content = b"x" * 5000
    name = files.put(content)
    script = TOO_LARGE_FOR_THE_DISK.format(put=f'copy("{name}").__enter__()')
    done = subprocess.run([sys.executable, "-c", script, str(files.root)], check=False, timeout=60)
    assert done.returncode == 7
    assert kept(files) == [files.path(name)]
    assert files.read(name) == content
