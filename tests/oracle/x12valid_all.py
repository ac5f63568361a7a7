"""Validates X12 files with pyx12, as its x12valid command does, in one process for a whole folder.

    python3 x12valid_all.py PATH...    a PATH is a file, or a folder whose *.edi are taken; exit status 1 if any file has an
                                       error, or if there is no file at all: an oracle that was asked nothing has said nothing
"""
import functools
import logging
import sys
from pathlib import Path

import pyx12.map_if
import pyx12.params
import pyx12.x12n_document

# pyx12 reads its XML map anew for each file (0.15 s). The map is not changed by a walk (the counts live in the walker), so one is enough.
pyx12.map_if.load_map_file = functools.cache(pyx12.map_if.load_map_file)


class Said(logging.Handler):
    """Keeps what pyx12 logs: one line an error, with the segment's position and the loop."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def errors_of(path, param, said):
    """What pyx12 has against a file; nothing when it accepts it."""
    said.lines = []
    try:
        accepted = pyx12.x12n_document.x12n_document(param=param, src_file=str(path), fd_997=None, fd_html=None)
    except Exception as error:  # pyx12 raises on what it can't even walk, each module in its own way
        return [*said.lines, f"{type(error).__name__}: {error}"]
    return said.lines or ([] if accepted else ["refused without a reason"])


def main(arguments):
    paths = [file for a in map(Path, arguments) for file in (sorted(a.glob("*.edi")) if a.is_dir() else [a])]
    if not paths:
        print("no .edi file to validate", file=sys.stderr)
        return 1
    said = Said()
    logger = logging.getLogger("pyx12")
    logger.addHandler(said)
    logger.propagate = False
    param = pyx12.params.params()
    bad = 0
    for path in paths:
        errors = errors_of(path, param, said)
        bad += bool(errors)
        for error in errors:
            print(f"{path}: {error}")
    print(f"pyx12: {len(paths)} files, {bad} with errors")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
