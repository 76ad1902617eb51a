"""A visitor without a browser: speaks with the server as Streamlit's frontend does, and keeps what it was sent.

It sends the values of all controls of the page, the address and the hashes of large messages with every run, as a
browser does, and waits until the run has ended. It draws nothing: what a browser does with a message is not measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

_XSRF = "_streamlit_xsrf"
_TEXTS = {"markdown": "body", "heading": "body", "alert": "body"}
# What the map of the first run says when it is painted: the rest of the page follows (geo/views/first_paint.py).
_PAINTED = json.dumps({"last_active_drawing": {"type": "Feature", "geometry": None, "properties": {"painted": 1}}})


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run sent. seconds: from the question to the end of the run. texts: Markdown, headings and notices.

    failed: whether the page drew a notice of an error. maps: what each map was given, as the frontend gets it.
    """

    seconds: float
    n_bytes: int
    texts: tuple[str, ...]
    failed: bool
    maps: tuple[str, ...] = ()


class Visitor:
    """One connection with its controls and address; `received` holds every message as it came, if asked to."""

    def __init__(self, address: str, socket: ClientConnection, cookie: str, query: str, *, keeps_all: bool) -> None:
        self._address, self._socket, self._cookie = address, socket, cookie
        self._states: dict[str, WidgetState] = {}
        self._elements: dict[str, tuple[str, Any]] = {}
        self._pages: dict[str, str] = {}
        self._large: dict[str, ForwardMsg] = {}
        self._keeps_all = keeps_all
        self._page = self._session = self._frame = ""
        self._in_frame: set[str] = set()
        self.query_string = query
        self.received: list[bytes] = []

    @property
    def query(self) -> dict[str, str]:
        """The address that the server has last named."""
        return dict(parse_qsl(self.query_string))

    def see_maps_painted(self) -> None:
        """Let the next run have what every map of the page says when it is painted."""
        for key, (kind, element) in self._elements.items():
            if kind == "component_instance":
                self._states[key] = WidgetState(id=element.id, json_value=_PAINTED)

    def options(self, key: str) -> list[str]:
        """Return what a select box or a choice of several offers now."""
        return list(self._elements[key][1].options)

    def has(self, key: str) -> bool:
        """Whether the page has a control."""
        return key in self._elements

    async def turn_to(self, page: str) -> Answer:
        """Open another page of the menu, "" for the front page."""
        self._page, self.query_string = self._pages[page], ""
        # A browser forgets the controls that the page has drawn, and keeps those of the frame around all pages.
        self._states = {key: state for key, state in self._states.items() if key in self._in_frame}
        return await self.run()

    async def choose(self, key: str, value: str | list[str] | list[float]) -> Answer:
        """Choose in a control: the text of an option, several of them, or the ends of a slider; see what follows."""
        state = WidgetState(id=self._elements[key][1].id)
        if isinstance(value, str):
            state.string_value = value
        elif value and isinstance(value[0], float):
            state.double_array_value.data.extend(value)
        else:
            state.string_array_value.data.extend(value)
        self._states[key] = state
        return await self.run()

    async def upload(self, key: str, name: str, content: bytes) -> Answer:
        """Send a file to an upload control and see what the page says of it."""
        asked = BackMsg()
        asked.file_urls_request.request_id = "file"
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self._session
        await self._socket.send(asked.SerializeToString())
        while (message := await self._next()).WhichOneof("type") != "file_urls_response":
            pass
        urls = message.file_urls_response.file_urls[0]
        async with httpx.AsyncClient(cookies={_XSRF: self._cookie}, headers={"X-Xsrftoken": self._cookie}) as client:
            sent = await client.put(self._address + urls.upload_url, files={"file": (name, content)}, timeout=60)
        sent.raise_for_status()
        state = WidgetState(id=self._elements[key][1].id)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = urls.file_id, name, len(content)
        info.file_urls.CopyFrom(urls)
        self._states[key] = state
        return await self.run()

    async def run(self) -> Answer:
        """Ask for a run with all that this visitor has chosen, and read until it has ended."""
        asked = BackMsg()
        run = asked.rerun_script
        run.query_string, run.page_script_hash = self.query_string, self._page
        run.widget_states.widgets.extend(self._states.values())
        run.cached_message_hashes.extend(self._large)
        run.context_info.url = f"{self._address}/"
        run.context_info.color_scheme = "light"
        began = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        return await self._read_to_the_end(began)

    async def _read_to_the_end(self, began: float) -> Answer:
        texts: list[str] = []
        maps: list[str] = []
        seen: set[str] = set()
        n_bytes, failed = 0, False
        while True:
            message = await self._next()
            n_bytes += message.ByteSize()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
                self._session = message.new_session.initialize.session_id
                self._frame = message.new_session.main_script_hash
                texts, maps, seen, failed = [], [], set(), False
                self._in_frame = set()
            elif kind == "navigation":
                self._pages = {one.url_pathname: one.page_script_hash for one in message.navigation.app_pages}
            elif kind == "page_info_changed":
                self.query_string = message.page_info_changed.query_string
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                name = message.delta.new_element.WhichOneof("type")
                element = getattr(message.delta.new_element, name)
                if name in _TEXTS:
                    texts.append(getattr(element, _TEXTS[name]))
                if name == "component_instance":
                    maps.append(element.json_args)
                failed |= name == "exception" or (name == "alert" and element.format == element.ERROR)
                if getattr(element, "id", ""):
                    seen.add(key := self._take(name, element))
                    if message.metadata.active_script_hash == self._frame:
                        self._in_frame.add(key)
            elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                seconds = time.perf_counter() - began
                # A browser forgets the controls that a finished run has not drawn.
                self._states = {key: state for key, state in self._states.items() if key in seen}
                self._elements = {key: one for key, one in self._elements.items() if key in seen}
                return Answer(seconds, n_bytes, tuple(texts), failed, tuple(maps))

    async def _next(self) -> ForwardMsg:
        packed = await self._socket.recv(decode=False)
        if self._keeps_all:
            self.received.append(packed)
        message = ForwardMsg.FromString(packed)
        if message.WhichOneof("type") == "ref_hash":
            known = ForwardMsg()
            known.CopyFrom(self._large[message.ref_hash])
            known.metadata.CopyFrom(message.metadata)
            return known
        if message.metadata.cacheable:
            self._large[message.hash] = message
        return message

    def _take(self, kind: str, element: Any) -> str:
        """Keep a control and, where the server sets its value, that value; returns its key, or its id without one."""
        key = element.id.rpartition("-")[2]
        key = element.id if key in ("", "None") else key
        self._elements[key] = (kind, element)
        if getattr(element, "set_value", False) or key not in self._states:
            for state in _values(kind, element):
                self._states[key] = state
        return key


@asynccontextmanager
async def visit(address: str, query: str = "", *, keeps_all: bool = False) -> AsyncIterator[Visitor]:
    """Connect, open the front page with a query, and see all of it; at the end of the `with` block leave."""
    async with httpx.AsyncClient() as client:
        cookie = (await client.get(f"{address}/_stcore/health")).cookies.get(_XSRF, "")
    stream = f"ws{address.removeprefix('http')}/_stcore/stream"
    own = {"Cookie": f"{_XSRF}={cookie}"} if cookie else {}
    protocols = [Subprotocol("streamlit")]
    async with connect(
        stream, additional_headers=own, subprotocols=protocols, compression=None, max_size=None
    ) as socket:
        visitor = Visitor(address, socket, cookie, query, keeps_all=keeps_all)
        await visitor.run()
        visitor.see_maps_painted()
        await visitor.run()
        yield visitor


def _values(kind: str, element: Any) -> Iterator[WidgetState]:
    """Yield the value of a control that a browser would send, if it has one."""
    state, is_set = WidgetState(id=element.id), element.set_value if hasattr(element, "set_value") else False
    if kind == "selectbox":
        state.string_value = element.raw_value if is_set else element.options[element.default]
    elif kind == "multiselect":
        chosen = element.raw_values if is_set else [element.options[k] for k in element.default]
        state.string_array_value.data.extend(chosen)
    elif kind == "button_group":
        chosen = element.raw_values if is_set else [element.options[k].content for k in element.default]
        state.string_array_value.data.extend(chosen)
    elif kind == "slider":
        state.double_array_value.data.extend(element.value if is_set else element.default)
    elif kind == "checkbox":
        state.bool_value = element.value if is_set else element.default
    elif kind == "text_input":
        state.string_value = element.value if is_set else element.default
    else:
        return
    yield state
