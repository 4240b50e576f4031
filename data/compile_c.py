"""Compile the hot loops in C: `python -m data.compile_c MODULE…`, by `make setup`; `a.kernel` has `a/kernel.c`.

Optional on purpose: where there is no compiler, slower twins answer the same, and the tests of the compiled ones say
that they were skipped. `kernel.c` becomes the module `_kernel` beside it.
"""

import importlib
import shutil
import subprocess
import sys
import sysconfig
import warnings
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from zlib import crc32


def compiled(source: Path, name: str) -> ModuleType | None:
    """The module `name` that was compiled of `source`; `None` where it was not, or of another source."""
    try:
        module = importlib.import_module(name)
    except ImportError:
        return None
    # One of an older source may read its arguments otherwise: it is left alone.
    if crc32(source.read_bytes()) == module.SOURCE:
        return module
    warnings.warn(f"{name} was compiled of another source; run: make setup", RuntimeWarning, stacklevel=2)
    return None


def compile_c(source: Path, folder: Path) -> Path | None:
    """Write the extension module into `folder`; `None`, with the reason on stderr, where that cannot be done."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    slower = "answers are the same, and take some three times as long"
    if compiler is None:
        print(f"no C compiler for {source.name}; {slower}", file=sys.stderr)
        return None
    out = folder / f"_{source.stem}{sysconfig.get_config_var('EXT_SUFFIX')}"
    command = [
        compiler,
        "-O3",
        "-std=c11",
        "-Wall",
        "-shared",
        "-fPIC",
        f"-DSOURCE={crc32(source.read_bytes())}u",
        f"-I{sysconfig.get_paths()['include']}",
    ]
    if sys.platform == "darwin":
        command += ["-undefined", "dynamic_lookup"]
    # Written elsewhere and moved: a server that has the old one mapped keeps it.
    made = out.with_suffix(".new")
    result = subprocess.run([*command, str(source), "-o", str(made)], capture_output=True, text=True, check=False)
    if result.returncode:
        print(f"{source.name} was not compiled; {slower}:\n{result.stderr}", file=sys.stderr)
        return None
    made.replace(out)
    return out


if __name__ == "__main__":
    for module in sys.argv[1:]:
        spec = find_spec(module)
        if spec is None or spec.origin is None:
            raise SystemExit(f"expected a module beside its C source, got {module}")
        compile_c(Path(spec.origin).with_suffix(".c"), Path(spec.origin).parent)
