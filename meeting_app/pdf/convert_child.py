"""The child process of `office`: limits itself, looks into the file, then becomes LibreOffice.

Arguments: the program, the file, bytes of memory, seconds of CPU, bytes of the largest file written. The PDF comes
to lie beside the file; so do the profile and the fonts of this one run.
"""

import ctypes
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import NoReturn

from meeting_app.pdf.child import limit
from meeting_app.pdf.office import ACTIVE, LINKED, UNREADABLE

MOST_PARTS = 20_000
LARGEST = 500_000_000  # bytes unpacked
_LARGEST_PART = 50_000_000  # bytes of one part that is searched
_FONTS = Path(__file__).parent / "fonts"
_MACROS = re.compile(r"vbaproject|/activex/|^basic/|^scripts/|\.(?:exe|dll|js|vbs|ps1|bat|cmd|com|scr|jar)$")
_LARGE_VBA = "_VBA_PROJECT".encode("utf-16-le")
# Parts that a file would have fetched from elsewhere when it is opened; a hyperlink waits to be touched.
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_FIELDS = re.compile(rb"INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|\bDDE\b|IMPORTDATA|WEBSERVICE", re.IGNORECASE)
_LINK = re.compile(rb"<(?P<tag>[\w:-]+)\b[^>]*?xlink:href=\"(?P<to>[^\"]*)\"")
_TOUCHED = {b"text:a", b"draw:a", b"meta:template"}
_OUTSIDE = re.compile(rb"(?:[a-z][a-z0-9+.-]+:|/|\.\./)", re.IGNORECASE)
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

# No macro runs, no link is followed, whatever the file asks for.
_SETTINGS = {
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent"): "true",
    ("/org.openoffice.Office.Writer/Content/Update", "Link"): "2",
    ("/org.openoffice.Office.Calc/Content/Update", "Link"): "2",
}
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
# The typeface of official papers, with every Vietnamese letter, in the place of those that are not ours to give.
_FONT_RULES = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<alias binding="same"><family>Times New Roman</family><prefer><family>Tinos</family></prefer></alias>
<alias binding="same"><family>.VnTime</family><prefer><family>Tinos</family></prefer></alias>
<alias><family>serif</family><prefer><family>Tinos</family></prefer></alias>
</fontconfig>
"""


def main() -> int:
    program, source, memory, cpu_seconds, written = sys.argv[1:]
    limit(memory=int(memory), cpu_seconds=int(cpu_seconds), written=int(written))
    try:
        if found := look_into(Path(source)):
            return found
    except (OSError, ValueError, zipfile.BadZipFile, MemoryError, NotImplementedError, RuntimeError):
        return UNREADABLE
    _leave_the_network()
    return _become_office(Path(program), Path(source))


def look_into(path: Path) -> int:
    """What forbids to open it, as an exit code; 0 for nothing."""
    if not zipfile.is_zipfile(path):
        return ACTIVE if _LARGE_VBA in path.read_bytes() else 0
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
            return UNREADABLE
        if any(_MACROS.search(part.filename.lower()) for part in parts):
            return ACTIVE
        texts = [part for part in parts if part.filename.lower().endswith((".rels", ".xml"))]
        return LINKED if any(_leads_elsewhere(_text(archive, part)) for part in texts) else 0


def _text(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as file:
        return file.read(_LARGEST_PART)


def _leads_elsewhere(text: bytes) -> bool:
    relations = (found[0] for found in _RELATION.finditer(text))
    if any(b'"External"' in each.replace(b"'", b'"') and b"/hyperlink" not in each for each in relations):
        return True
    if b"instrText" in text and _FIELDS.search(re.sub(rb"<[^>]*>", b"", text)):
        return True
    return any(
        found["tag"] not in _TOUCHED and _OUTSIDE.match(found["to"].strip()) is not None
        for found in _LINK.finditer(text)
    )


def _leave_the_network() -> None:
    """Where the system allows it; the settings forbid the rest."""
    system = ctypes.CDLL(None, use_errno=True)
    if system.unshare(_CLONE_NEWNET) != 0:
        system.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _become_office(program: Path, source: Path) -> NoReturn:
    folder, real = source.parent, program.resolve()
    (folder / "profile" / "user").mkdir(parents=True, exist_ok=True)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    if not settings.exists():  # at the second start it holds what LibreOffice added
        items = "\n".join(_ITEM.format(path=path, name=name, value=value) for (path, name), value in _SETTINGS.items())
        settings.write_text(_PROFILE.format(items=items))
    (folder / "fonts.conf").write_text(_FONT_RULES.format(fonts=_FONTS, cache=folder / "fonts"))
    binary = real.with_name("soffice.bin")  # the script before it would start a second process
    start = binary if binary.exists() else real
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        "SAL_USE_VCLPLUGIN": "svp",
    }
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    told = ["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--convert-to", "pdf"]
    os.chdir(folder)
    os.execve(start, [str(start), profile, *told, "--outdir", str(folder), str(source)], environment)  # noqa: S606
