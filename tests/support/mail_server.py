"""A mail server that keeps what it gets: mail_server.py PORT MAILDIR [CERTIFICATE KEY]. With a certificate it wants TLS and a login."""

import asyncio
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import AuthResult, LoginPassword


def authenticate(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"alert", b"s3cret")
    return AuthResult(success=right, handled=False)


port, maildir, *certificate = sys.argv[1:]
options = {}
if certificate:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    options = dict(tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True, auth_require_tls=True)
Controller(Mailbox(maildir), hostname="127.0.0.1", port=int(port), **options).start()
asyncio.new_event_loop().run_forever()
