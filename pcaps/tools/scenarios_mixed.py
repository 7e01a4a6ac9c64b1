"""Scenarios of both versions: other clients, other kinds of capture, and a whole street of
shops."""

import concurrent.futures

from scenarios_tls12 import BY_ID, SHOP, ticket_key, ticket_keys
from scene import CLIENT_V6, Path, SERVER, SERVER_2, SERVER_V6
from servers import GnutlsServer, Nginx, OpensslServer, Site


def curl(lab, name):
    """curl turns TLS 1.2 tickets off: it resumes by session ID, where the server keeps sessions."""
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    by_id, by_ticket = (SERVER, "api.example"), (SERVER_2, "shop.example")
    server.begin(Site(*by_id, *BY_ID), Site(*by_ticket))
    with scene.capture("middle"):
        for address, host in (by_id, by_ticket):
            for version in ("1.2", "1.3"):
                said = scene.client().curl(server, address, host, 3, version)
                scene.note(server, said, host, address=address)
    return scene


def runtimes(lab, name):
    """Python's ssl and Node.js, each with tickets, with session IDs, and in TLS 1.3."""
    scene = Path(lab, name)
    server = Nginx(lab, scene.server)
    by_ticket, by_id = (SERVER, "shop.example"), (SERVER_2, "api.example")
    server.begin(Site(*by_ticket), Site(*by_id, *BY_ID))
    with scene.capture("middle"):
        for connect in (scene.client().python, scene.client().node):
            for (address, host), version in (
                (by_ticket, "1.2"),
                (by_id, "1.2"),
                (by_ticket, "1.3"),
            ):
                scene.note(server, connect(address, host, 3, version), host, address=address)
    return scene


def both_versions(lab, scene, place, address=SERVER):
    """Full and resumed in both versions; for captures that differ in their form, not in what is in
    them."""
    server = OpensslServer(lab, scene.server, address)
    server.begin()
    with scene.capture(place):
        for version in ("1.2", "1.3"):
            for offer in (None, "session"):
                said = scene.client().s_client(
                    address, SHOP, version=version, offer=offer, keep="session"
                )
                scene.note(server, said, SHOP, address=address)
    return scene


def ipv6(lab, name):
    scene = Path(lab, name, {"client": (CLIENT_V6, 20)}, servers=(SERVER_V6,))
    return both_versions(lab, scene, "middle", SERVER_V6)


def vlan(lab, name):
    """What a switch's mirror port shows: Ethernet with an 802.1Q tag."""
    return both_versions(lab, Path(lab, name, mirror=True), "mirror")


def cooked(lab, name):
    """tcpdump -i any on the client."""
    return both_versions(lab, Path(lab, name), "client-any")


def cooked_router(lab, name):
    """tcpdump -i any on a router: each packet is seen twice, on its way in and on its way out."""
    return both_versions(lab, Path(lab, name), "router-any")


# The street of shops

HOMES = {  # address, round trip to the middle in ms
    "office": ("10.1.1.10", 12),
    "home": ("10.1.2.10", 35),
    "branch": ("10.1.3.10", 60),
    "phone": ("10.1.4.10", 90),
    "abroad": ("10.1.5.10", 150),
}
IMAPS = 993
SHOPS = {
    "shop": "198.51.100.30",
    "api": "198.51.100.31",
    "static": "198.51.100.32",
    "login": "203.0.113.40",
    "login-2": "203.0.113.41",
    "mail": "203.0.113.50",
}


def shops(lab, name):
    """Five clients, one network each, and five hosts. shop.example resumes by ticket, api.example
    by ID, static.example by PSK with early data; login.example has two addresses that do not share
    their ticket keys and so refuses often; mail.example never resumes. The clients run side by
    side."""
    scene = Path(lab, name, HOMES, 10, tuple(SHOPS.values()))
    web, mail = Nginx(lab, scene.server), GnutlsServer(lab, scene.server, IMAPS)
    web.begin(
        Site(SHOPS["shop"], "shop.example"),
        Site(SHOPS["api"], "api.example", *BY_ID),
        Site(SHOPS["static"], "static.example", "ssl_early_data on"),
        Site(SHOPS["login"], "login.example", *ticket_keys(ticket_key(lab))),
        Site(SHOPS["login-2"], "login.example", *ticket_keys(ticket_key(lab))),
    )
    mail.begin("--noticket", "--nodb")
    visits = (office, home, branch, phone, abroad)
    with scene.capture("middle"), concurrent.futures.ThreadPoolExecutor(len(visits)) as pool:
        runs = [pool.submit(visit, scene.client(visit.__name__), web, mail) for visit in visits]
        for visit, run in zip(visits, runs):
            for server, said, shop in run.result():
                scene.note(
                    server,
                    said,
                    f"{shop.partition('-')[0]}.example",
                    client=visit.__name__,
                    address=SHOPS[shop],
                )
    return scene


def office(client, web, _mail):
    """Five days at shop.example, by ticket; then static.example with early data."""
    visits = []
    for _ in range(5):
        for offer in (None, "office.shop"):
            said = client.s_client(
                SHOPS["shop"], "shop.example", version="1.2", offer=offer, keep="office.shop"
            )
            visits.append((web, said, "shop"))
    for offer, early in ((None, None), ("office.static", "once"), ("office.static", "once")):
        said = client.s_client(
            SHOPS["static"], "static.example", offer=offer, keep="office.static", early=early
        )
        visits.append((web, said, "static"))
    return visits


def home(client, web, _mail):
    """A script that asks api.example three times whenever it runs."""
    return [(web, client.curl(web, SHOPS["api"], "api.example", 3, "1.2"), "api") for _ in range(5)]


def branch(client, web, _mail):
    return [(web, client.node(SHOPS["static"], "static.example", 3), "static") for _ in range(3)]


def phone(client, web, mail):
    """Loses its sessions whenever it sleeps."""
    visits = [
        (web, client.python(SHOPS["shop"], "shop.example", 2, "1.2"), "shop") for _ in range(5)
    ]
    visits.append((mail, client.python(SHOPS["mail"], "mail.example", 2, "1.2", IMAPS), "mail"))
    visits.append((mail, client.python(SHOPS["mail"], "mail.example", 2, "1.3", IMAPS), "mail"))
    return visits


def abroad(client, web, mail):
    """Meets login.example at two addresses in turn, twice at each; and fetches its mail."""
    visits, offer = [], None
    for shop in ("login", "login-2", "login", "login-2"):
        for _ in range(2):
            said = client.s_client(
                SHOPS[shop], "login.example", version="1.2", offer=offer, keep="abroad.login"
            )
            visits.append((web, said, shop))
            offer = "abroad.login"
    for _ in range(2):
        visits.append((mail, client.gnutls_cli(mail, SHOPS["mail"], "mail.example", "1.2"), "mail"))
    return visits


SCENARIOS = {
    "curl": curl,
    "runtimes": runtimes,
    "ipv6": ipv6,
    "vlan": vlan,
    "cooked": cooked,
    "cooked-router": cooked_router,
    "shops": shops,
}
