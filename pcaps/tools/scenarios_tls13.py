"""Scenarios of TLS 1.3, one function each. A function gets the lab and its own name; it returns its
scene."""

import time

from scene import CLIENT, Loopback, Path, SERVER, SERVER_2
from scenarios_tls12 import SHOP, big_chain_in, gnutls_in, mutual_in, ticket_key, ticket_keys
from servers import Nginx, OpensslServer, Site

# OpenSSL's client sends a share of X25519 only: either of these makes the server ask again.
ONLY_P256 = "ssl_ecdh_curve prime256v1"
ONLY_P384 = "ssl_ecdh_curve secp384r1"


def full(lab, name):
    scene = Loopback(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    server.begin()
    with scene.capture("loopback"):
        for suite in (
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_AES_128_GCM_SHA256",
        ):
            scene.note(server, scene.client().s_client(SERVER, SHOP, "-ciphersuites", suite), SHOP)
        scene.note(server, scene.client().s_client(SERVER, SHOP, version="any"), SHOP)
    return scene


def three_places(lab, name):
    scene = Path(lab, name, {"client": (CLIENT, 80)}, 120)
    plain, retry = (SERVER, "shop.example"), (SERVER_2, "api.example")
    server = Nginx(lab, scene.server)
    server.begin(Site(*plain), Site(*retry, ONLY_P256))
    with scene.capture("client", "middle", "server"):
        for address, host in (plain, retry):
            for offer in (None, host, host, None):
                said = scene.client().s_client(address, host, keep=host, offer=offer)
                scene.note(server, said, host, address=address)
    return scene


def psk(lab, name):
    """By ticket, and by the short identities of a server that keeps the sessions itself."""
    scene = Path(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    server.begin()
    with scene.capture("middle", form="nano"):
        for options in ((), ("-no_ticket",)):
            server.begin(*options)
            for offer in (None, "session", "session"):
                scene.note(
                    server, scene.client().s_client(SERVER, SHOP, keep="session", offer=offer), SHOP
                )
        scene.note(server, scene.client().python(SERVER, SHOP, 2), SHOP)
    return scene


def psk_without_dhe(lab, name):
    """Resumed by the PSK alone, without a new key exchange."""
    scene = Path(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    server.begin("-allow_no_dhe_kex", "-num_tickets", "1")
    with scene.capture("middle"):
        for offer in (None, "session"):
            said = scene.client().s_client(
                SERVER, SHOP, "-allow_no_dhe_kex", keep="session", offer=offer
            )
            scene.note(server, said, SHOP)
    return scene


def psk_refused(lab, name):
    """The ticket key is changed; once the old one is kept, once it is gone."""
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    first, second, third = (ticket_key(lab) for _ in range(3))
    server.begin(Site(SERVER, SHOP, *ticket_keys(first)))
    with scene.capture("middle"):
        scene.note(server, scene.client().s_client(SERVER, SHOP, keep="first"), SHOP)
        server.begin(Site(SERVER, SHOP, *ticket_keys(second, first)))
        scene.note(
            server, scene.client().s_client(SERVER, SHOP, offer="first", keep="second"), SHOP
        )
        server.begin(Site(SERVER, SHOP, *ticket_keys(third)))
        for offer, keep in (("first", "third"), ("second", "third")):
            scene.note(
                server,
                scene.client().s_client(SERVER, SHOP, offer=offer, keep=keep),
                SHOP,
                refusal_cause="key-changed",
            )
        scene.note(server, scene.client().s_client(SERVER, SHOP, offer="third"), SHOP)
    return scene


def expired(lab, name):
    """Tickets of two seconds: the client itself does not offer them any longer (RFC 8446,
    4.6.1)."""
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    server.begin(Site(SERVER, SHOP, "ssl_session_timeout 2s"))
    with scene.capture("middle"):
        for offer, pause in ((None, 0), ("session", 0), ("session", 3.5)):
            time.sleep(pause)
            said = scene.client().s_client(
                SERVER, SHOP, offer=offer, keep=None if offer else "session"
            )
            scene.note(server, said, SHOP)
    return scene


def hello_retry(lab, name):
    scene = Path(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    server.begin("-groups", "P-384")
    with scene.capture("middle"):
        for offer in (None, "session", "session", None):
            scene.note(
                server, scene.client().s_client(SERVER, SHOP, keep="session", offer=offer), SHOP
            )
    return scene


def early_data(lab, name):
    """Accepted; refused with a PSK that is taken; with one that is not; with a
    HelloRetryRequest."""
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    key, other_key = ticket_key(lab), ticket_key(lab)
    on = "ssl_early_data on"
    connect = scene.client().s_client
    server.begin(Site(SERVER, SHOP, on, *ticket_keys(key)))
    with scene.capture("middle"):
        scene.note(server, connect(SERVER, SHOP, keep="session"), SHOP)
        for _ in range(3):
            scene.note(
                server, connect(SERVER, SHOP, offer="session", keep="session", early="once"), SHOP
            )
        scene.note(server, connect(SERVER, SHOP, offer="session"), SHOP)
        for settings in (
            ("ssl_early_data off", *ticket_keys(key)),
            (on, *ticket_keys(other_key)),
            (on, ONLY_P384, *ticket_keys(key)),
        ):
            server.begin(Site(SERVER, SHOP, *settings))
            scene.note(server, connect(SERVER, SHOP, offer="session", early="again"), SHOP)
    return scene


def old_ticket(lab, name):
    """A ticket of TLS 1.2 offered to a server that speaks TLS 1.3 by now: of no use, but not
    refused."""
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    keys = ticket_keys(ticket_key(lab))
    server.begin(Site(SERVER, SHOP, *keys, versions="TLSv1.2"))
    with scene.capture("middle"):
        for offer in (None, "session"):
            said = scene.client().s_client(SERVER, SHOP, version="any", offer=offer, keep="session")
            scene.note(server, said, SHOP)
        server.begin(Site(SERVER, SHOP, *keys))
        scene.note(
            server, scene.client().s_client(SERVER, SHOP, version="any", offer="session"), SHOP
        )
    return scene


def mutual(lab, name):
    return mutual_in(lab, name, "1.3")


def big_chain(lab, name):
    return big_chain_in(lab, name, "1.3")


def encrypted_alert(lab, name):
    """GnuTLS changes its keys at the ServerHello: the alert with which it refuses the certificate is
    encrypted, and stands where its Finished would."""
    scene = Path(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    server.begin()
    with scene.capture("middle"):
        scene.note(server, scene.client().s_client(SERVER, SHOP), SHOP)
        for suite in ("AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305"):
            scene.note(
                server,
                scene.client().gnutls_cli_refusing(server, SERVER, SHOP, suite),
                SHOP,
                why="the client does not trust the certificate",
                alert_encrypted=True,
            )
    return scene


def failed(lab, name):
    """Handshakes that end in an alert. Where the client sends it after the ServerHello, OpenSSL has
    not changed its keys yet, and the alert is in clear."""
    scene = Path(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    connect = scene.client().s_client
    server.begin()
    with scene.capture("middle"):
        scene.note(server, connect(SERVER, SHOP, keep="old"), SHOP)
        scene.note(
            server,
            connect(SERVER, SHOP, "-CAfile", "other-ca.pem", "-verify_return_error"),
            SHOP,
            why="the client does not trust the certificate",
        )
        server.begin("-ciphersuites", "TLS_AES_128_GCM_SHA256")
        scene.note(
            server,
            connect(SERVER, SHOP, "-ciphersuites", "TLS_AES_256_GCM_SHA384"),
            SHOP,
            why="no common cipher suite",
        )
        server.begin("-groups", "P-384")
        scene.note(server, connect(SERVER, SHOP, "-groups", "X25519"), SHOP, why="no common group")
        server.begin("-tls1_2")
        scene.note(server, connect(SERVER, SHOP), SHOP, why="no common version")
        scene.note(
            server,
            connect(SERVER, SHOP, offer="old"),
            SHOP,
            why="no common version, with a PSK offered",
        )
    return scene


def gnutls(lab, name):
    return gnutls_in(lab, name, "1.3", ((),))


SCENARIOS = {
    "tls13-full": full,
    "tls13-three-places": three_places,
    "tls13-psk": psk,
    "tls13-psk-without-dhe": psk_without_dhe,
    "tls13-psk-refused": psk_refused,
    "tls13-expired": expired,
    "tls13-hello-retry": hello_retry,
    "tls13-early-data": early_data,
    "tls13-old-ticket": old_ticket,
    "tls13-mutual": mutual,
    "tls13-big-chain": big_chain,
    "tls13-failed": failed,
    "tls13-encrypted-alert": encrypted_alert,
    "tls13-gnutls": gnutls,
}
