"""The phones, what has passed between them and the application, and the log of each. Safe to use from many threads."""

import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from local.carrier.messages import LogLine, Message, Phone


class Network:
    def __init__(self, *, now: Callable[[], datetime], state_file: Path | None = None) -> None:
        self.now = now
        self._file = state_file
        self._lock = threading.RLock()
        self._phones: dict[str, Phone] = {}
        self._messages: dict[str, Message] = {}
        self._sids: defaultdict[str, list[str]] = defaultdict(list)  # by number, oldest first
        self._log: defaultdict[str, list[LogLine]] = defaultdict(list)
        self._order = 0
        self._revision = time.time_ns() // 1_000_000  # not one that a page knows from before a restart
        self._load()

    @property
    def revision(self) -> int:
        """Grows with every change, so that a page can ask whether there is anything new."""
        with self._lock:
            return self._revision

    def phone(self, number: str) -> Phone:
        with self._lock:
            return self._phones.get(number) or Phone(number=number)

    def phones(self) -> list[Phone]:
        with self._lock:
            return list(self._phones.values())

    def set_phone(self, number: str, **changes: Any) -> Phone:
        with self._lock:
            phone = replace(self.phone(number), **changes)
            self._phones[number] = phone
            self._changed()
            return phone

    def add(self, message: Message) -> Message:
        with self._lock:
            if known := self._messages.get(message.sid):
                return known
            self._order += 1
            message = replace(message, order=self._order)
            self._keep(message)
            self._phones.setdefault(message.phone, Phone(number=message.phone))
            self._changed()
            return message

    def find(self, sid: str) -> Message | None:
        with self._lock:
            return self._messages.get(sid)

    def change(self, sid: str, *, unless: Callable[[Message], bool] | None = None, **changes: Any) -> Message | None:
        """The changed message; None if it is gone, or if it no longer is what the caller thinks (`unless`)."""
        with self._lock:
            message = self._messages.get(sid)
            if message is None or (unless is not None and unless(message)):
                return None
            message = replace(message, updated=self.now(), **changes)
            self._messages[sid] = message
            self._changed()
            return message

    def messages(self, number: str | None = None) -> list[Message]:
        """Oldest first."""
        with self._lock:
            if number is None:
                return list(self._messages.values())
            return [self._messages[sid] for sid in self._sids.get(number, ())]

    def note(self, number: str, text: str, code: int | None = None) -> None:
        with self._lock:
            self._log[number].append(LogLine(number=number, at=self.now(), code=code, text=text))
            self._changed()

    def log(self, number: str) -> list[LogLine]:
        with self._lock:
            return list(self._log.get(number, ()))

    def touch(self) -> None:
        with self._lock:
            self._revision += 1

    def reset(self) -> None:
        with self._lock:
            self._phones.clear()
            self._messages.clear()
            self._sids.clear()
            self._log.clear()
            self._changed()

    def _keep(self, message: Message) -> None:
        self._messages[message.sid] = message
        self._sids[message.phone].append(message.sid)

    def _changed(self) -> None:
        self._revision += 1
        if self._file is None:
            return
        kept = {
            "order": self._order,
            "phones": [phone.to_json() for phone in self._phones.values()],
            "messages": [message.to_json() for message in self._messages.values()],
            "log": [line.to_json() for lines in self._log.values() for line in lines],
        }
        _write(self._file, json.dumps(kept, ensure_ascii=False))

    def _load(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if not self._file.exists():
            return
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self._order = kept["order"]
            self._phones = {data["number"]: Phone.from_json(data) for data in kept["phones"]}
            for data in kept["messages"]:
                self._keep(Message.from_json(data))
            for data in kept["log"]:
                self._log[data["number"]].append(LogLine.from_json(data))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"the state file {self._file} cannot be read; move it away.") from error


def _write(path: Path, text: str) -> None:
    """All or nothing, and for the owner's eyes only: there are phone numbers in it."""
    beside = path.with_name(path.name + ".new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
