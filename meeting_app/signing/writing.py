"""Appending to a PDF without touching what is there."""

import os
from io import BytesIO
from typing import BinaryIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class AppendingWriter(IncrementalPdfFileWriter):
    """Adds what a signature needs and nothing else; works in place on a file or on bytes in memory.

    pyHanko would also rewrite the document's metadata: the XMP then loses the form that PDF/A-3
    wants, and every later signer would change what earlier ones signed.
    """

    def __init__(self, paper: BinaryIO | bytes) -> None:
        stream = BytesIO(paper) if isinstance(paper, bytes) else paper
        _end_line(stream)
        super().__init__(stream)

    def _update_meta(self) -> None:
        """Leave the metadata as the paper's maker wrote it."""


def _end_line(stream: BinaryIO) -> None:
    """Each object starts on a line of its own (ISO 19005-3, 6.1.9), also the first one appended."""
    end = stream.seek(0, os.SEEK_END)
    if end:
        stream.seek(end - 1)
        if stream.read(1) not in b"\n\r":
            stream.write(b"\n")
    stream.seek(0)
