"""A broker with TLS, logins and ACLs: its certificates, its users, and what it is configured with."""

import secrets
import shutil
import ssl
import subprocess
from pathlib import Path

from .failure import Failure

# The broker itself, and whoever administers it: known by this certificate, and allowed everything.
BROKER = "broker"
USERS = ("gateway", "clickhouse", "operator", "reader", "stranger")
_MECHANISMS = ("SCRAM-SHA-256", "SCRAM-SHA-512")
_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
_DAYS = "3650"

_PROPERTIES = """
# TLS, logins and ACLs: change stack/launcher/secured.py instead.
listener.security.protocol.map=SASL_SSL:SASL_SSL,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:SSL
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.crt
listener.name.ssl.ssl.client.auth=required
listener.name.controller.ssl.client.auth=required
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required {plain};
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
# The embedded engine speaks neither TLS nor SCRAM.
listener.name.sasl_plaintext.sasl.enabled.mechanisms=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required {plain};
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:CN={broker}
allow.everyone.if.no.acl.found=false
"""

# As Kafka's own tools take it with --command-config.
_ADMIN = """\
security.protocol=SSL
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.crt
"""


class Secrets:
    """The certificates and passwords of one broker, made at its first start."""

    def __init__(self, folder: Path):
        self.folder = folder

    def make(self) -> None:
        """Makes what is missing: an authority, a certificate for each user, a password for each."""
        if (self.folder / "admin.properties").exists():
            return
        if shutil.which("openssl") is None:
            raise Failure("openssl is not installed: run 'stack/prerequisites test'")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        _openssl("req", "-x509", *_CURVE, "-days", _DAYS, "-subj", "/CN=playhead test authority",
                 "-keyout", self.folder / "ca.key", "-out", self.folder / "ca.crt")  # fmt: skip
        (self.folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n", encoding="ascii")
        for name in (BROKER, *USERS):
            self._certificate(name)
            (self.folder / f"{name}.password").write_text(secrets.token_urlsafe(18) + "\n", encoding="ascii")
        (self.folder / "admin.properties").write_text(_ADMIN.format(folder=self.folder), encoding="utf-8")

    def _certificate(self, name: str) -> None:
        at = self.folder / name
        _openssl("req", "-new", *_CURVE, "-subj", f"/CN={name}", "-keyout", f"{at}.key", "-out", f"{at}.csr")
        _openssl("x509", "-req", "-in", f"{at}.csr", "-CA", self.folder / "ca.crt", "-CAkey", self.folder / "ca.key",
                 "-CAcreateserial", "-days", _DAYS, "-extfile", self.folder / "names", "-out", f"{at}.crt")  # fmt: skip
        both = Path(f"{at}.key").read_text(encoding="ascii") + Path(f"{at}.crt").read_text(encoding="ascii")
        Path(f"{at}.pem").write_text(both, encoding="ascii")

    def password(self, user: str) -> str:
        """The password of `user`."""
        return (self.folder / f"{user}.password").read_text(encoding="ascii").strip()

    def properties(self) -> str:
        """What the broker's configuration has beside the usual."""
        plain = " ".join(f'user_{user}="{self.password(user)}"' for user in USERS)
        return _PROPERTIES.format(folder=self.folder, plain=plain, broker=BROKER)

    def format_arguments(self) -> list:
        """What the storage is formatted with, so that the users are there from the first start."""
        return [
            argument
            for user in USERS
            for mechanism in _MECHANISMS
            for argument in ("--add-scram", f"{mechanism}=[name={user},password={self.password(user)}]")
        ]

    def tls(self) -> ssl.SSLContext:
        """A connection as the administrator."""
        return tls(self.folder / "ca.crt", self.folder / "broker.pem")


def tls(authority: Path, certificate: Path) -> ssl.SSLContext:
    """A client's connection with a certificate of its own."""
    context = ssl.create_default_context(cafile=str(authority))
    context.load_cert_chain(str(certificate))
    return context


def _openssl(*arguments: object) -> None:
    finished = subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if finished.returncode != 0:
        raise Failure(f"openssl {arguments[0]} failed:\n{finished.stderr}")
