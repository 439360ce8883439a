"""Is in a wheel, and in an archive of the source, only what should be? The files are named as arguments."""

from __future__ import annotations

import re
import sys
import tarfile
import zipfile

ALLOWED = {
    ".whl": r"cfglint/[\w/.-]+\.(?:py|json|lark|css|js)|cfglint/py\.typed|sip_cfglint-[\d.]+\.dist-info/[\w./-]+",
    ".gz": r"sip_cfglint-[\d.]+(?:/(?:cfglint|checks|grammars|sip_cfglint\.egg-info)(?:/[\w.-]+)*"
    r"|/(?:tests|docs|fixtures|benchmarks|ansible)(?:/[\w.@ +-]+)*|/[\w.-]+)?",
}
UNWANTED = re.compile(r"(?:^|/)(?:\.git|\.venv|__pycache__|\.env|\.hypothesis|[^/]*\.pyc)(?:/|$)|(?:^|/)\.\.(?:/|$)|^/")


def main() -> None:
    """Exits with 1 and says what is too much."""
    strange = []
    for path in sys.argv[1:]:
        if path.endswith(".whl"):
            with zipfile.ZipFile(path) as wheel:
                names = wheel.namelist()
        else:
            with tarfile.open(path) as archive:
                strange += [f"{member.name}: is neither file nor directory" for member in archive if member.issym()]
                names = archive.getnames()
        allowed = re.compile(ALLOWED[path[path.rindex(".") :]])
        strange += [name for name in names if not allowed.fullmatch(name) or UNWANTED.search(name)]
        print(f"{path}: {len(names)} names")
    sys.exit("\n".join(["too much is packed:", *strange]) if strange else 0)


if __name__ == "__main__":
    main()
