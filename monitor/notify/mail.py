"""Mail with a text and an HTML part, one recipient a message, and the server's own words as the receipt.

Apprise derives the text part from the HTML and keeps the server's answer to itself; this plugin,
registered in place of its own, takes both parts from us and tells refusals that heal (4xx: greylisting,
a full box) from those that do not (5xx).
"""

from __future__ import annotations

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any

from apprise.common import NotifyType
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.email.common import SecureMailMode

from monitor.model import Attachment
from monitor.notify.strict import Refusal, RefusalError, refuse
from monitor.render.attach import note

subject_limit = 150


class Mail(NotifyEmail):  # type: ignore[misc] # Apprise's classes carry no types
    """`html`, `attachments` and `extra_headers` are set before sending; `answers` and `refusal` tell afterwards."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.html = ""
        self.attachments: tuple[Attachment, ...] = ()
        self.extra_headers: dict[str, str] = {}
        self.answers: list[str] = []
        self.refusal: Refusal | None = None

    def recipients(self) -> tuple[str, ...]:
        """All addresses this goes to, without doubles."""
        return tuple(
            dict.fromkeys([address for _, address in self.targets] + sorted(self.cc) + sorted(self.bcc))
        )

    def send(
        self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **kwargs: Any
    ) -> bool:
        try:
            self._submit(title, body)
        except RefusalError as refused:
            self.refusal = refused.refusal
            self.logger.warning("mail refused: %s", refused.refusal.message)
            return False
        return True

    def compose(self, title: str, body: str) -> EmailMessage:
        """The message as it goes out: two parts of equal content, a subject on one line."""
        mail = EmailMessage()
        mail["Subject"] = " ".join(title.split())[:subject_limit]
        mail["From"] = formataddr((self.from_addr[0] or "", self.from_addr[1]))
        mail["To"] = ", ".join(formataddr((name or "", address)) for name, address in self.targets)
        if self.cc:
            mail["Cc"] = ", ".join(sorted(self.cc))
        if self.reply_to:
            mail["Reply-To"] = ", ".join(sorted(self.reply_to))
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = make_msgid(domain=self.from_addr[1].rpartition("@")[2] or None)
        for name, value in {**self.headers, **self.extra_headers}.items():
            if name not in mail:
                mail[name] = " ".join(str(value).split())
        mail.set_content(body)
        if self.html:
            mail.add_alternative(self.html, subtype="html")
        for one in self.attachments:
            maintype, _, subtype = one.media_type.partition("/")
            mail.add_attachment(one.content, maintype=maintype, subtype=subtype, filename=one.name)
        return mail

    def _fitting(self, title: str, body: str, limit: int) -> bytes:
        """The message as bytes; without its attachments where the server says beforehand that it is too large."""
        content = _as_sent(self.compose(title, body))
        if self.attachments and 0 < limit < len(content):
            names = [
                f"{one.name}: the mail server takes {limit:,} bytes a message" for one in self.attachments
            ]
            self.attachments = note(names)
            content = _as_sent(self.compose(title, body))
        return content

    def _submit(self, title: str, body: str) -> None:
        """Hand the message to the server; its last words are the receipt. Raises RefusalError.

        Where a connection breaks after the message was on its way, nobody knows whether it arrived.
        """
        under_way = False
        try:
            with self._connect() as server:
                server.ehlo_or_helo_if_needed()
                content = self._fitting(title, body, _number(server.esmtp_features.get("size", "")))
                self._envelope(server)
                under_way = True
                code, answer = server.data(content)
        except smtplib.SMTPAuthenticationError as error:
            raise refuse(
                f"login refused: {error.smtp_code} {_said(error.smtp_error)}", transient=False
            ) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise refuse(f"connection failed: {error}", transient=True, unknown=under_way) from error
        if code != 250:
            raise _refused(code, answer)
        self.answers.append(f"{code} {_said(answer)}")

    def _envelope(self, server: smtplib.SMTP) -> None:
        """Sender and recipients; all or nobody, so that a repetition cannot reach one of them twice."""
        for answer in (
            server.mail(self.from_addr[1]),
            *(server.rcpt(address) for address in self.recipients()),
        ):
            if answer[0] not in (250, 251):
                raise _refused(*answer)

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if not self.verify_certificate:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        timeout = self.socket_connect_timeout
        server: smtplib.SMTP
        if self.secure_mode == SecureMailMode.SSL:
            server = smtplib.SMTP_SSL(self.smtp_host, self.port, timeout=timeout, context=context)
        else:
            server = smtplib.SMTP(self.smtp_host, self.port, timeout=timeout)
        try:
            if self.secure_mode == SecureMailMode.STARTTLS:
                server.starttls(context=context)
            if self.user and self.password:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _as_sent(mail: EmailMessage) -> bytes:
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _refused(code: int, words: bytes | str) -> RefusalError:
    return refuse(f"{code} {_said(words)}", transient=400 <= code < 500)


def _said(words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return " ".join(text.split())
