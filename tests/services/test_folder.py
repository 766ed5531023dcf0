"""Personal folders: made, filled, searched and emptied by their owner; to all others they do not exist."""

from pathlib import Path

import pytest

from meeting_app.domain.access import Actor
from meeting_app.domain.folder import FolderNameMissing, FolderNotEmpty
from meeting_app.errors import NotFound
from meeting_app.ports import Ports
from meeting_app.services import document as documents
from meeting_app.services import folder as folders
from meeting_app.services import search
from meeting_app.worker.prepare import prepare
from tests.cast import Cast
from tests.laying import version_of
from tests.pdf.hostile import plain


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "ghi-chep.pdf"
    path.write_bytes(plain("Ghi chép riêng về ngân sách"))
    return path


@pytest.fixture
def own(ports: Ports, minh: Actor) -> int:
    return folders.make(ports, minh, "  Việc năm 2026 ")


def test_what_is_uploaded_is_prepared_and_read_like_papers_of_a_meeting(
    ports: Ports, minh: Actor, own: int, notes: Path
):
    document_id = folders.upload(ports, minh, own, notes, file_name="ghi-chep.pdf")
    prepare(ports, version_of(ports, document_id))
    meeting_id, view = documents.view(ports, minh, document_id)
    assert (meeting_id, view.title, view.prepared_pages) == (None, "ghi-chep", 1)
    assert documents.page(ports, minh, document_id, 0, 800).path.exists()
    [hit] = search.find(ports, minh, "ngan sach")
    assert (hit.document_id, hit.meeting) == (document_id, "Việc năm 2026")
    assert [each.documents for each in folders.folders(ports, minh)] == [1]
    assert [each.id for each in folders.documents(ports, minh, own)] == [document_id]


def test_to_everybody_else_nothing_of_it_exists(ports: Ports, cast: Cast, minh: Actor, own: int, notes: Path):
    document_id = folders.upload(ports, minh, own, notes, file_name="ghi-chep.pdf")
    prepare(ports, version_of(ports, document_id))
    for name, actor in cast.actors.items():
        if name == "minh":
            continue
        assert folders.folders(ports, actor) == []
        assert search.find(ports, actor, "ngan sach") == []
        for act in (
            lambda who: documents.view(ports, who, document_id),
            lambda who: documents.file(ports, who, document_id),
            lambda who: documents.page(ports, who, document_id, 0, 800),
            lambda who: documents.remove(ports, who, document_id),
            lambda who: folders.documents(ports, who, own),
            lambda who: folders.upload(ports, who, own, notes, file_name="x.pdf"),
            lambda who: folders.rename(ports, who, own, "x"),
            lambda who: folders.remove(ports, who, own),
            lambda who: folders.make(ports, who, "x", own),
            lambda who: folders.take_out(ports, who, document_id),
            lambda who: folders.put_back(ports, who, document_id),
            lambda who: folders.move(ports, who, document_id, own),
        ):
            with pytest.raises(NotFound):
                act(actor)


def test_a_document_is_taken_out_put_back_and_moved(ports: Ports, minh: Actor, own: int, notes: Path):
    document_id = folders.upload(ports, minh, own, notes, file_name="ghi-chep.pdf")
    folders.take_out(ports, minh, document_id)
    assert folders.documents(ports, minh, own) == []
    with pytest.raises(NotFound):
        documents.view(ports, minh, document_id)
    folders.put_back(ports, minh, document_id)
    other = folders.make(ports, minh, "Khác", own)
    folders.move(ports, minh, document_id, other)
    assert [each.id for each in folders.documents(ports, minh, other)] == [document_id]


def test_a_folder_goes_only_when_nothing_lies_in_it(ports: Ports, minh: Actor, own: int, notes: Path):
    inner = folders.make(ports, minh, "Trong", own)
    with pytest.raises(FolderNotEmpty, match="Việc năm 2026"):
        folders.remove(ports, minh, own)
    folders.remove(ports, minh, inner)
    folders.upload(ports, minh, own, notes, file_name="a.pdf")
    with pytest.raises(FolderNotEmpty):
        folders.remove(ports, minh, own)
    assert [each.name for each in folders.folders(ports, minh)] == ["Việc năm 2026"]


def test_a_folder_has_a_name(ports: Ports, minh: Actor, own: int):
    for nothing in ("", " \n "):
        with pytest.raises(FolderNameMissing):
            folders.make(ports, minh, nothing)
        with pytest.raises(FolderNameMissing):
            folders.rename(ports, minh, own, nothing)
    folders.rename(ports, minh, own, "Mới")
    assert [each.name for each in folders.folders(ports, minh)] == ["Mới"]
