"""Scenarios of connections that belong together, and of several handshakes on one connection."""

from scenarios_tls12 import SHOP
from scene import Path, SERVER
from servers import FtpServer, OpensslServer

NULL_SHA = ("-cipher", "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0")


def ftps(lab, name):
    """AUTH TLS, and data connections that offer the control connection's session: a ticket, an ID,
    a PSK. The last one's ticket is issued encrypted. Between the files CCC, and AUTH TLS again."""
    scene = Path(lab, name)
    server = FtpServer(lab, scene.server, SERVER)
    with scene.capture("middle"):
        for version, keeps in (("1.2", "tickets"), ("1.2", "ids"), ("1.3", "tickets")):
            server.begin(version, keeps)
            steps = ("retr", "auth-again", "retr")
            for what, port, said in scene.client().ftp(server, SERVER, SHOP, version, steps):
                scene.note(server, [said], SHOP, **ftp_label(version, what, port))
    return scene


def ftp_label(version, what, port):
    if what == "data":
        return {"server_port": port, "carrier": "ftp-data" if version == "1.2" else None}
    return {"carrier": "ftp", "rtts_tcp": 1 if what == "control" else None}


def renegotiated_in_clear(lab, name):
    """Under a cipher suite that does not encrypt, a renegotiation is in clear: a handshake of its
    own on the same connection."""
    scene = Path(lab, name)
    server = OpensslServer(lab, scene.server, SERVER, answers=False)
    server.begin("-client_renegotiation", *NULL_SHA)
    with scene.capture("middle"):
        for offer, count in ((None, 2), ("session", 1)):
            said = scene.client().s_client_renegotiate(
                SERVER, SHOP, count, *NULL_SHA, offer=offer, keep="session"
            )
            scene.note(server, said[:1], SHOP)
            scene.note(server, said[1:], SHOP, rtts_tcp=None)
    return scene


SCENARIOS = {
    "ftps": ftps,
    "tls12-renegotiated": renegotiated_in_clear,
}
