"""Office files in a few lines each, honest and otherwise."""

import zipfile
from io import BytesIO

_TYPES = "application/vnd.openxmlformats-"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(*lines: str, relations: str = "", inside: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """A document of these lines; more relations of it, more XML in it, more parts beside it."""
    face = '<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/></w:rPr>'
    body = "".join(f"<w:p><w:r>{face}<w:t>{line}</w:t></w:r></w:p>" for line in lines)
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
            f'ContentType="{_TYPES}officedocument.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": _related(relations),
            "word/document.xml": f'<w:document xmlns:w="{_WORD}" xmlns:r="{_RELATIONS}"><w:body>{body}{inside}'
            f"</w:body></w:document>",
            **(more or {}),
        }
    )


def _related(relations: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'


def outside(kind: str, target: str) -> str:
    return f'<Relationship Id="rId9" Type="{_RELATIONS}/{kind}" Target="{target}" TargetMode="External"/>'


def field(code: str) -> str:
    half = len(code) // 2
    text = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (code[:half], code[half:]))
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"<w:p>{begin}{text}{end}</w:p>"


def odf(kind: str, body: str) -> bytes:
    """An OpenDocument: "text", "spreadsheet" or "presentation"."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{part}:1.0"'
        for name, part in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
            ("svg", "svg-compatible"),
        )
    )
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return zipped(
        {
            "mimetype": mime,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_MANIFEST}">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/><manifest:file-entry '
            'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
            "content.xml": f'<office:document-content{names} xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'office:version="1.3"><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>',
        }
    )


def odt(line: str) -> bytes:
    return odf("text", f"<text:p>{line}</text:p>")


def ods(cell: str) -> bytes:
    filled = f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
    return odf("spreadsheet", f'<table:table table:name="A"><table:table-row>{filled}</table:table-row></table:table>')


def odp(line: str) -> bytes:
    text = f"<draw:text-box><text:p>{line}</text:p></draw:text-box>"
    frame = f'<draw:frame draw:layer="layout" svg:width="20cm" svg:height="5cm">{text}</draw:frame>'
    return odf("presentation", f'<draw:page draw:name="A">{frame}</draw:page>')


def rtf(line: str) -> bytes:
    return b"{\\rtf1\\ansi " + "".join(f"\\u{ord(sign)}?" for sign in line).encode() + b"\\par}"
