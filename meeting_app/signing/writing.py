"""Appending to a PDF without touching what is there."""

from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class AppendingWriter(IncrementalPdfFileWriter):
    """Adds what a signature needs and nothing else.

    pyHanko would also rewrite the document's metadata: the XMP then loses the form that PDF/A-3
    wants, and every later signer would change what earlier ones signed.
    """

    def __init__(self, pdf: bytes) -> None:
        # Each object starts on a line of its own (ISO 19005-3, 6.1.9), also the first one appended.
        super().__init__(BytesIO(pdf if pdf.endswith((b"\n", b"\r")) else pdf + b"\n"))

    def _update_meta(self) -> None:
        """Leave the metadata as the paper's maker wrote it."""
