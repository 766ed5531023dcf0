"""The child process that draws pages: `python -I -c … ROOT PDF FOLDER MEMORY CPU_SECONDS WIDTH…`.

A PDF is hostile until drawn: this process limits itself and may die. It says each finished page by
its number on a line of standard output, the images already in the folder.
"""

import resource
import sys
from pathlib import Path

from meeting_app.pdf.pages import page_count, page_image
from meeting_app.services.document import page_name


def main() -> None:
    path, folder, memory, cpu_seconds, *widths = sys.argv[2:]
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_seconds), int(cpu_seconds)))
    for page in range(page_count(Path(path))):
        for width in widths:
            (Path(folder) / page_name(page, int(width))).write_bytes(page_image(Path(path), page, int(width)))
        sys.stdout.write(f"{page}\n")
        sys.stdout.flush()
