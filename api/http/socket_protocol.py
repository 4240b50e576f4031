"""uvicorn's WebSocket protocol with bounds against peers that do not read."""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class BoundedSocketProtocol(WebSocketsSansIOProtocol):
    """Two bounds that uvicorn does not have.

    A peer that takes nothing for `slow_reader_s` after its buffer is full is cut off; closing politely would wait for
    the buffer to drain. And it gets no pongs meanwhile: they are written past the flow control, so a peer that pings
    without reading would grow the buffer for ever.
    """

    slow_reader_s = 10.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stuck: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """The buffer is full."""
        super().pause_writing()
        self._stuck = self.loop.call_later(self.slow_reader_s, self.transport.abort)

    def resume_writing(self) -> None:
        """The peer has read."""
        self._unstick()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The timer must not outlive the transport."""
        self._unstick()
        super().connection_lost(exc)

    def handle_ping(self) -> None:
        """Answer a ping, unless the answers to earlier ones are still waiting to be read."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    async def send(self, message: Any) -> None:
        """A handshake that was refused with a response is complete; uvicorn would log it as forgotten."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True

    def _unstick(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None


def bounded_protocol(slow_reader_s: float) -> type[BoundedSocketProtocol]:
    """The protocol class with this patience."""
    return type("ConfiguredSocketProtocol", (BoundedSocketProtocol,), {"slow_reader_s": slow_reader_s})
