/* Data connections of FTP over TLS. They begin with TLS at once, on ports that say nothing; but a
 * client shows that one is its own by offering a session of the control connection (most servers
 * insist). So a connection without a carrier that offers a session which was issued or offered on a
 * control connection (AUTH TLS, carrier "ftp"), or on one of its data connections, between the same
 * two addresses, is a data connection.
 *
 * What cannot be known is not guessed: tickets of TLS 1.3 are issued encrypted, so a session that
 * is not offered on the control connection itself has no known origin; and implicit FTPS says
 * nothing in clear that would tell its control connection from others.
 *
 * Kept in memory, from one run of the program, for the latest FTP_SESSIONS_MAX sessions or fewer.
 */
#ifndef REPRISE_STORE_FTP_SESSIONS_H
#define REPRISE_STORE_FTP_SESSIONS_H

#include "store/sessions.h"

enum { FTP_SESSIONS_MAX = 4096 };

struct ftp_session {
    int64_t session; /* session.id; 0: none (SQLite counts rows from 1) */
    uint8_t client[16];
    uint8_t server[16];
};

/* Zero-initialised: empty. */
struct ftp_sessions {
    struct ftp_session places[FTP_SESSIONS_MAX]; /* by session.id modulo their number */
};

/* The carrier of a handshake, now that its sessions are known: CARRIER_FTP_DATA, or what the
 * dissector says. Remembers the sessions if they are of FTP. */
enum carrier ftp_sessions_carrier(struct ftp_sessions *sessions, const struct handshake *handshake,
                                  const struct session_links *links);

/* After a rollback: rows may be gone, and their numbers be given again. */
void ftp_sessions_forget(struct ftp_sessions *sessions);

#endif
