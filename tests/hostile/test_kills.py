"""kill -9 at random points while changes are being acknowledged: none of those is lost."""

import os
import random
import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.api.shop import TOKEN, Server, made_up_products, publish, wait_for

_WORKER_KILLS = 20
_SERVER_KILLS = 10
# Changes acknowledged between two kills, so that each meets a log in full swing.
_BETWEEN = 5


class _Writer(threading.Thread):
    """Upserts, patches and deletes one product after another; remembers what was acknowledged.

    A change whose answer never came may or may not have been taken; one that was acknowledged must be there.
    """

    def __init__(self, server: Server, name: str) -> None:
        super().__init__(name=name)
        self.server = server
        self.acknowledged: dict[str, int | None] = {}  # product id -> stock, None when deleted
        self.changes = 0
        self.unsure: set[str] = set()
        self.stopping = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            product_id = f"{self.name}-{number // 3}"
            with httpx.Client(
                base_url=self.server.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5
            ) as client:
                while not self.stopping.is_set():
                    try:
                        self._change(client, product_id, number)
                        number += 1
                        product_id = f"{self.name}-{number // 3}"
                    except httpx.TransportError:
                        self.unsure.add(product_id)
                        break
            time.sleep(0.005)

    def _change(self, client: httpx.Client, product_id: str, number: int) -> None:
        path = f"/v1/shops/plain/products/{product_id}"
        if number % 3 == 0:
            body = {"product_id": product_id, "title": f"thing {product_id}", "stock": number}
            answer, stock = client.post("/v1/shops/plain/products", json=body), number
        elif number % 3 == 1 or number % 2:
            answer, stock = client.patch(path, json={"stock": number}), number
        else:
            answer, stock = client.delete(path), None
        if answer.status_code == 200:
            self.acknowledged[product_id] = stock
            self.changes += 1
        elif answer.status_code != 404:  # its upsert was the one that was cut off
            raise AssertionError(answer.text)


@pytest.mark.slow
def test_thirty_kills_lose_no_acknowledged_change(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    publish(releases, "plain", made_up_products(), tmp_path)
    server = Server(releases, workers=2).start()
    writers = [_Writer(server, f"writer{number}") for number in range(3)]
    for writer in writers:
        writer.start()
    chance = random.Random(3)

    def changes() -> int:
        return sum(writer.changes for writer in writers)

    try:
        for number in range(_WORKER_KILLS + _SERVER_KILLS):
            before = changes()
            wait_for(lambda before=before: changes() >= before + _BETWEEN, 60)
            time.sleep(chance.uniform(0.0, 0.05))
            workers = server.worker_processes()
            if number < _WORKER_KILLS:
                os.kill(chance.choice(workers), signal.SIGKILL)
                continue
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            server.kill()
            server.start()
    finally:
        for writer in writers:
            writer.stopping.set()
        for writer in writers:
            writer.join()
    wait_for(lambda: httpx.get(f"{server.url}/health/ready", timeout=10).status_code == 200, 20)
    lost = []
    with server.client() as client:
        for writer in writers:
            for product_id, stock in writer.acknowledged.items():
                if product_id in writer.unsure:
                    continue
                answer = client.get(f"/v1/shops/plain/products/{product_id}")
                found = answer.json()["stock"] if answer.status_code == 200 else None
                if found != stock:
                    lost.append((product_id, stock, found))
    assert changes() >= _BETWEEN * (_WORKER_KILLS + _SERVER_KILLS)
    assert lost == []
    assert server.stop() == 0
