"""An endpoint that speaks the chat completions protocol: one question, one answer, within its deadline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.diff.telling import asked, heard
from monitor.fetch import gate
from monitor.fetch.address import parse
from monitor.fetch.body import read
from monitor.fetch.causes import Refused
from monitor.model import Change, FaultKind, Summariser, Summary
from monitor.ports import Kit
from monitor.text.clean import clean_line

most_bytes = 2 * 2**20
# The operator's own machine or network is where such an endpoint lives.
_own_networks = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
_through = gate.Passage(allow_private=_own_networks)


def summarise(change: Change, summariser: Summariser, kit: Kit) -> Summary:
    """A summary of a change, or one that says why there is none. Never raises, never outlasts the deadline."""
    messages, sent = asked(change, summariser.language, summariser.most_places)
    if not sent:
        return Summary(model=summariser.model, fault="no place of the change has words to tell of")
    question = {"model": summariser.model, "messages": messages, "temperature": 0, "stream": False}
    try:
        answer = _ask(summariser, kit, "/chat/completions", question)
        content = answer["choices"][0]["message"]["content"]
    except Refused as refused:
        return _none(summariser, refused.message)
    except (ValueError, RecursionError, LookupError, TypeError):
        return _none(summariser, "the endpoint's answer is not that of a chat completion")
    if not isinstance(content, str):
        return _none(summariser, "the endpoint's answer holds no text")
    return heard(content, change, sent, summariser.model)


def problem(summariser: Summariser, kit: Kit) -> str | None:
    """Why the endpoint cannot be used now, or None: it is asked for its models, within ten seconds at most."""
    quick = replace(summariser, deadline=min(summariser.deadline, timedelta(seconds=10)))
    try:
        _ask(quick, kit, "/models", None)
    except Refused as refused:
        return _shown(summariser, refused.message)
    except (ValueError, RecursionError):
        return "the endpoint does not answer in JSON"
    return None


def _ask(summariser: Summariser, kit: Kit, path: str, question: Mapping[str, Any] | None) -> Any:
    """One exchange within the deadline. Raises `Refused`, or ValueError where the answer is no JSON."""
    address = parse(summariser.endpoint.rstrip("/") + path)
    headers = {"User-Agent": kit.user_agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
    if summariser.key:
        headers["Authorization"] = f"Bearer {summariser.key}"
    with gate.look(replace(kit, deadline=summariser.deadline, pause=timedelta())):
        if question is None:
            answer = gate.get(address, headers, _through)
        else:
            body = json.dumps(question, ensure_ascii=False).encode()
            answer = gate.post(address, {**headers, "Content-Type": "application/json"}, _through, body)
        if answer.status != 200:
            answer.leave()
            raise Refused(
                FaultKind.STATUS, f"{address.url}: the endpoint answered with status {answer.status}"
            )
        return json.loads(read(answer, most_bytes))


def _none(summariser: Summariser, why: str) -> Summary:
    return Summary(model=summariser.model, fault=_shown(summariser, why))


def _shown(summariser: Summariser, why: str) -> str:
    """A reason in one line, without the key, whoever repeats it."""
    hidden = why.replace(summariser.key, "•••") if summariser.key else why
    return clean_line(hidden)[:300]
