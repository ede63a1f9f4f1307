"""Sends a digest through a mail server that others wrote (aiosmtpd): encrypted, logged in, read back by Python's mail reader.

    python3 tests/mail/try.py DRAGNET

aiosmtpd must be there; `make mail` sees to that. Ends with an error where anything is other than docs/operations.md says.
"""

import email
import email.policy
import logging
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

DRAGNET = pathlib.Path(sys.argv[1]).resolve()
LATER, NOBODY = "later@example.org", "nobody@example.org"


class Server:
    """Takes mails in, but from nobody without a login, to nobody who is not there, and for some not yet."""

    def __init__(self):
        self.mails, self.busy = [], True

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == NOBODY:
            return "550 5.1.1 there is nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        assert session.ssl is not None, "a mail came in the open"
        assert session.authenticated, "a mail came without a login"
        if LATER in envelope.rcpt_tos and self.busy:
            return "451 4.3.2 come back later"
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"

    @staticmethod
    def knows(server, session, envelope, mechanism, told):
        right = (told.login, told.password) == (b"dragnet", b"right")
        return AuthResult(success=right, handled=False)


def certificate(folder, name, *more):
    """A certificate with its key; `more` says who signs it: itself where nothing does."""
    files = ["-keyout", folder / f"{name}-key.pem", "-out", folder / f"{name}.pem"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    subprocess.run([*command, *more, *files], check=True, stderr=subprocess.DEVNULL)
    return folder / f"{name}.pem"


def configuration(folder, port):
    (folder / "register.md").write_text(
        "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n"
        "| Pains | Ümläute: 1 < 2 & more | 2021-01-01: x | 1 | |\n"
    )
    (folder / "dragnet.toml").write_text(f"""
[serve]
public_url = "https://dragnet.example.org"
[[source]]
name = "register"
path = "register.md"
[[digest]]
name = "leads"
kind = "mail"
to = ["ada@example.org", "{LATER}", "{NOBODY}"]
[mail]
host = "localhost"
port = {port}
from = "dragnet <dragnet@example.org>"
user = "dragnet"
password_file = "password"
""")


def run(folder, trusted, *arguments):
    environment = {"SSL_CERT_FILE": str(trusted), "HOME": str(folder), "PATH": os.environ["PATH"]}
    return subprocess.run([DRAGNET, *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def ended(ran, code):
    assert ran.returncode == code, f"ended with {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout + ran.stderr


def check(mail):
    assert mail["Subject"] == "[dragnet] leads: 1 added", mail["Subject"]
    assert mail["To"] == "ada@example.org" and mail["From"] == "dragnet <dragnet@example.org>"
    assert mail["List-Unsubscribe"].startswith("<https://dragnet.example.org/unsubscribe/"), mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"].endswith("@example.org>") and mail["Date"]
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "- Ümläute: 1 < 2 & more" in text.splitlines(), text
    assert "Ümläute: 1 &#60; 2 &#38; more" in html, html
    assert not mail.defects and not any(part.defects for part in mail.walk())


def main():
    with tempfile.TemporaryDirectory() as name:
        folder, server = pathlib.Path(name), Server()
        ours, other = certificate(folder, "ours"), certificate(folder, "other")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        signed = ["-CA", ours, "-CAkey", folder / "ours-key.pem", "-addext", "basicConstraints=critical,CA:FALSE"]
        leaf = certificate(folder, "localhost", *signed, "-addext", "subjectAltName=DNS:localhost")
        context.load_cert_chain(leaf, folder / "localhost-key.pem")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(
            server, hostname="localhost", port=port, tls_context=context, require_starttls=True,
            auth_required=True, authenticator=server.knows,
        )
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        controller.start()
        try:
            tell(folder, server, ours, other, port)
        finally:
            controller.stop()
    print("the mail server of others took what it should, and refused what it should")


def tell(folder, server, ours, other, port):
    configuration(folder, port)
    password = folder / "password"
    password.write_text("wrong\n")
    ended(run(folder, ours, "sync"), 0)
    told = ended(run(folder, ours, "doctor"), 3)
    assert "unknown   digest leads: localhost refused the account `dragnet`: it answered 535" in told, told
    password.write_text("right\n")
    assert "right     digest leads: localhost answers and knows us" in ended(run(folder, ours, "doctor"), 0)
    told = ended(run(folder, other, "doctor"), 3)
    assert "unknown   digest leads: localhost: invalid peer certificate" in told, told
    assert not server.mails, "a look sends nothing"
    told = ended(run(folder, ours, "digest", "send", "--now"), 2)
    assert "it answered 451" in told and "it answered 550" in told, told
    assert [to for to, _ in server.mails] == [["ada@example.org"]], server.mails
    check(server.mails[0][1])
    server.busy = False
    told = ended(run(folder, ours, "digest", "send", "--now"), 2)
    assert [to for to, _ in server.mails[1:]] == [[LATER]], server.mails
    told = ended(run(folder, ours, "status"), 0)
    assert "0 waiting, 1 given up: localhost: it answered 550" in told, told


main()
