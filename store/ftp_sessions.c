#include "store/ftp_sessions.h"

#include <string.h>

static struct ftp_session *place_of(struct ftp_sessions *sessions, int64_t session)
{
    return &sessions->places[(uint64_t)session % FTP_SESSIONS_MAX];
}

static bool has(struct ftp_sessions *sessions, int64_t session, const struct handshake *handshake)
{
    if (session == HANDSHAKE_NULL) {
        return false;
    }
    const struct ftp_session *place = place_of(sessions, session);
    return place->session == session &&
           memcmp(place->client, handshake->client.address, sizeof(place->client)) == 0 &&
           memcmp(place->server, handshake->server.address, sizeof(place->server)) == 0;
}

static void remember(struct ftp_sessions *sessions, int64_t session,
                     const struct handshake *handshake)
{
    if (session == HANDSHAKE_NULL) {
        return;
    }
    struct ftp_session *place = place_of(sessions, session);
    place->session = session;
    memcpy(place->client, handshake->client.address, sizeof(place->client));
    memcpy(place->server, handshake->server.address, sizeof(place->server));
}

enum carrier ftp_sessions_carrier(struct ftp_sessions *sessions, const struct handshake *handshake,
                                  const struct session_links *links)
{
    const bool is_data =
        handshake->carrier == CARRIER_NONE && has(sessions, links->session_offered, handshake);

    if (!is_data && handshake->carrier != CARRIER_FTP) {
        return handshake->carrier;
    }
    remember(sessions, links->session_offered, handshake);
    remember(sessions, links->issued_id, handshake);
    remember(sessions, links->issued_ticket, handshake);
    return is_data ? CARRIER_FTP_DATA : CARRIER_FTP;
}

void ftp_sessions_forget(struct ftp_sessions *sessions)
{
    memset(sessions, 0, sizeof(*sessions));
}
