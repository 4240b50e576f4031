"""Compile `kernel.c` beside itself: `python -m autocomplete.matching.compile_kernel`, by `make setup`.

Optional on purpose: where there is no compiler the twins in Python answer, and the tests of the compiled ones say that
they were skipped.
"""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from zlib import crc32

SOURCE = Path(__file__).with_name("kernel.c")


def source_number() -> int:
    """What tells a module that was compiled of this source from one of another."""
    return crc32(SOURCE.read_bytes())


def compile_kernel(folder: Path) -> Path | None:
    """Write the extension module into `folder`; `None`, with the reason on stderr, where that cannot be done."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        print("no C compiler: suggestions come from Python alone, some three times slower", file=sys.stderr)
        return None
    out = folder / f"_kernel{sysconfig.get_config_var('EXT_SUFFIX')}"
    command = [
        compiler,
        "-O3",
        "-std=c11",
        "-Wall",
        "-shared",
        "-fPIC",
        f"-DSOURCE={source_number()}u",
        f"-I{sysconfig.get_paths()['include']}",
    ]
    if sys.platform == "darwin":
        command += ["-undefined", "dynamic_lookup"]
    # Written elsewhere and moved: a server that has the old one mapped keeps it.
    made = out.with_suffix(".new")
    result = subprocess.run([*command, str(SOURCE), "-o", str(made)], capture_output=True, text=True, check=False)
    if result.returncode:
        said = "the kernel was not compiled; suggestions come from Python alone, some three times slower"
        print(f"{said}:\n{result.stderr}", file=sys.stderr)
        return None
    made.replace(out)
    return out


if __name__ == "__main__":
    compile_kernel(SOURCE.parent)
