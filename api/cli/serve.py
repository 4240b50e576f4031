"""`intentrie serve`."""

import os
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    releases: Annotated[str | None, typer.Option(help="Folder or URL of the releases (INTENTRIE_RELEASES).")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that answer (INTENTRIE_WORKERS).")] = None,
    host: Annotated[str | None, typer.Option(help="Loopback unless told otherwise (INTENTRIE_HOST).")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes a free one (INTENTRIE_PORT).")] = None,
) -> None:
    """Serve the current releases of every shop in a folder, until stopped with Ctrl-C or SIGTERM.

    Everything else is set by INTENTRIE_* variables; docs/http.md lists them. New releases are taken into service as
    they are published.
    """
    limit_threads()
    from api.http.server import run_server
    from api.settings import load_settings

    given = {"releases": releases, "workers": workers, "host": host, "port": port}
    run_server(load_settings(**{name: value for name, value in given.items() if value is not None}))


def limit_threads() -> None:
    """One thread of linear algebra a worker: workers are the parallelism, and forked threads would be lost."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
