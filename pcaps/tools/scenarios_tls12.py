"""Scenarios of TLS 1.2, one function each. A function gets the lab and its own name; it returns its
scene."""

import os
import time

from scene import CLIENT, Ethernet, Loopback, Path, SERVER, SERVER_2
from servers import GnutlsServer, Nginx, OpensslServer, Site

SHOP = "shop.example"
BY_ID = ("ssl_session_cache shared:cache:256k", "ssl_session_tickets off")


def ticket_key(lab):
    """A new key file of nginx: name 16, AES 32, HMAC 32."""
    return lab.write(lab.unique("ticket-key."), os.urandom(80))


def ticket_keys(*files):
    return [f"ssl_session_ticket_key {file}" for file in files]


def full(lab, name):
    scene = Loopback(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    server.begin()
    with scene.capture("loopback"):
        for _ in range(2):
            scene.note(server, scene.client().s_client(SERVER, SHOP, version="1.2"), SHOP)
        scene.note(server, scene.client().s_client(SERVER, SHOP, "-no_ticket", version="1.2"), SHOP)
        scene.note(
            server,
            scene.client().s_client(
                SERVER, SHOP, "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305", version="1.2"
            ),
            SHOP,
        )
    return scene


def reconnect_by_id(lab, name):
    return reconnect(lab, name, "-no_ticket")


def reconnect_by_ticket(lab, name):
    return reconnect(lab, name)


def reconnect(lab, name, *options):
    scene = Path(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    server.begin(*options)
    with scene.capture("middle"):
        scene.note(server, scene.client().s_client_reconnect(SERVER, SHOP, *options), SHOP)
    return scene


def three_places(lab, name):
    scene = Path(lab, name, {"client": (CLIENT, 80)}, 120)
    by_ticket, by_id = (SERVER, "shop.example"), (SERVER_2, "api.example")
    server = Nginx(lab, scene.server)
    server.begin(Site(*by_ticket), Site(*by_id, *BY_ID))
    with scene.capture("client", "middle", "server"):
        for address, host in (by_ticket, by_id):
            for offer in (None, host, host, None):
                said = scene.client().s_client(address, host, version="1.2", keep=host, offer=offer)
                scene.note(server, said, host, address=address)
    return scene


def ticket_renewed(lab, name):
    """The key is rotated and the old one kept for a while: old tickets are taken, and renewed."""
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    old, new = ticket_key(lab), ticket_key(lab)
    server.begin(Site(SERVER, SHOP, *ticket_keys(old)))
    with scene.capture("middle"):
        scene.note(server, scene.client().s_client(SERVER, SHOP, version="1.2", keep="old"), SHOP)
        scene.note(server, scene.client().s_client(SERVER, SHOP, version="1.2", offer="old"), SHOP)
        server.begin(Site(SERVER, SHOP, *ticket_keys(new, old)))
        for _ in range(2):
            said = scene.client().s_client(SERVER, SHOP, version="1.2", offer="old")
            scene.note(server, said, SHOP, renewed=said[0].hint_s is not None)
        scene.note(server, scene.client().python(SERVER, SHOP, 3, "1.2"), SHOP)
    return scene


def ticket_refused(lab, name):
    """The key is changed and the old one is gone."""
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    server.begin(Site(SERVER, SHOP, *ticket_keys(ticket_key(lab))))
    with scene.capture("middle"):
        scene.note(server, scene.client().s_client(SERVER, SHOP, version="1.2", keep="old"), SHOP)
        scene.note(server, scene.client().s_client(SERVER, SHOP, version="1.2", offer="old"), SHOP)
        server.begin(Site(SERVER, SHOP, *ticket_keys(ticket_key(lab))))
        scene.note(
            server,
            scene.client().s_client(SERVER, SHOP, version="1.2", offer="old", keep="new"),
            SHOP,
            refusal_cause="key-changed",
        )
        scene.note(server, scene.client().s_client(SERVER, SHOP, version="1.2", offer="new"), SHOP)
    return scene


def id_refused(lab, name):
    """The server is begun anew and has forgotten its sessions."""
    scene = Path(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    server.begin("-no_ticket")
    with scene.capture("middle", form="pcapng"):
        scene.note(server, scene.client().s_client(SERVER, SHOP, version="1.2", keep="old"), SHOP)
        scene.note(server, scene.client().s_client(SERVER, SHOP, version="1.2", offer="old"), SHOP)
        server.begin("-no_ticket")
        scene.note(
            server,
            scene.client().s_client(SERVER, SHOP, version="1.2", offer="old", keep="new"),
            SHOP,
        )
        scene.note(server, scene.client().s_client(SERVER, SHOP, version="1.2", offer="new"), SHOP)
    return scene


def expired(lab, name):
    """The server keeps sessions for two seconds."""
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    by_ticket, by_id = (SERVER, "shop.example"), (SERVER_2, "api.example")
    server.begin(
        Site(*by_ticket, "ssl_session_timeout 2s"), Site(*by_id, "ssl_session_timeout 2s", *BY_ID)
    )
    with scene.capture("middle"):
        for address, host in (by_ticket, by_id):
            for offer, pause in ((None, 0), (host, 0), (host, 3.5)):
                time.sleep(pause)
                said = scene.client().s_client(
                    address, host, version="1.2", offer=offer, keep=None if offer else host
                )
                scene.note(
                    server,
                    said,
                    host,
                    address=address,
                    **({"refusal_cause": "expired"} if pause else {}),
                )
    return scene


def mutual(lab, name):
    """The server asks for the client's certificate; so it does not in resumed handshakes."""
    return mutual_in(lab, name, "1.2")


def mutual_in(lab, name, version):
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    server.begin(Site(SERVER, SHOP, "ssl_verify_client on", "ssl_client_certificate ca.pem"))
    with scene.capture("middle"):
        for offer in (None, "session", "session"):
            said = scene.client().s_client(
                SERVER,
                SHOP,
                "-cert",
                "client.pem",
                "-key",
                "client.key",
                version=version,
                offer=offer,
                keep="session",
            )
            scene.note(server, said, SHOP)
    return scene


def big_chain(lab, name):
    """A chain of some 20 kB: more than the first congestion window (ten segments) lets pass at
    once."""
    return big_chain_in(lab, name, "1.2")


def big_chain_in(lab, name, version):
    scene = Path(lab, name)
    server, host = Nginx(lab, scene.server), "cdn.example"
    server.begin(Site(SERVER, host, chain="big-chain.pem", key="big.key"))
    with scene.capture("middle"):
        for offer in (None, None, "session"):
            said = scene.client().s_client(
                SERVER, host, version=version, offer=offer, keep="session"
            )
            scene.note(server, said, host, rtts_stalled=0 if said[0].reused else 1)
    return scene


def failed(lab, name):
    """Handshakes that end in an alert; each reason once."""
    scene = Path(lab, name)
    server = OpensslServer(lab, scene.server, SERVER)
    connect = scene.client().s_client
    server.begin()
    with scene.capture("middle"):
        scene.note(server, connect(SERVER, SHOP, version="1.2", keep="old"), SHOP)
        scene.note(
            server,
            connect(SERVER, SHOP, "-CAfile", "other-ca.pem", "-verify_return_error", version="1.2"),
            SHOP,
            why="the client does not trust the certificate",
        )
        server.begin("-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384")
        scene.note(
            server,
            connect(SERVER, SHOP, "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256", version="1.2"),
            SHOP,
            why="no common cipher suite",
        )
        server.begin("-tls1_3")
        scene.note(server, connect(SERVER, SHOP, version="1.2"), SHOP, why="no common version")
        scene.note(
            server,
            connect(SERVER, SHOP, version="1.2", offer="old"),
            SHOP,
            why="no common version, with a ticket offered",
        )
        server.begin("-Verify", "1", "-CAfile", "ca.pem", "-verify_return_error")
        scene.note(
            server, connect(SERVER, SHOP, version="1.2"), SHOP, why="the client has no certificate"
        )
    return scene


def gnutls(lab, name):
    return gnutls_in(lab, name, "1.2", ((), ("--noticket",)))


def gnutls_in(lab, name, version, settings):
    scene = Ethernet(lab, name)
    server = GnutlsServer(lab, scene.server)
    server.begin()
    with scene.capture("ethernet"):
        for options in settings:
            server.begin(*options)
            scene.note(server, scene.client().gnutls_cli(server, SERVER, SHOP, version), SHOP)
            for offer in (None, "session"):
                said = scene.client().s_client(
                    SERVER, SHOP, version=version, offer=offer, keep="session"
                )
                scene.note(server, said, SHOP)
    return scene


SCENARIOS = {
    "tls12-full": full,
    "tls12-reconnect-id": reconnect_by_id,
    "tls12-reconnect-ticket": reconnect_by_ticket,
    "tls12-three-places": three_places,
    "tls12-ticket-renewed": ticket_renewed,
    "tls12-ticket-refused": ticket_refused,
    "tls12-id-refused": id_refused,
    "tls12-expired": expired,
    "tls12-mutual": mutual,
    "tls12-big-chain": big_chain,
    "tls12-failed": failed,
    "tls12-gnutls": gnutls,
}
