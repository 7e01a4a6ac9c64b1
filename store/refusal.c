#include "store/refusal.h"

/* RFC 7627, 5.3: a session without it is not resumed by a client that has it now; the other way
 * round a server must not go on, but some begin anew. */
static bool is_secret_changed(const struct issued_session *session, const struct refusal *refusal)
{
    return session->extended_master_secret > EXTENDED_MASTER_SECRET_UNKNOWN &&
           refusal->extended_master_secret != EXTENDED_MASTER_SECRET_UNKNOWN &&
           session->extended_master_secret != (int64_t)refusal->extended_master_secret;
}

enum refusal_cause refusal_cause_of(const struct issued_session *session,
                                    const struct refusal *refusal)
{
    if (refusal->age_s == HANDSHAKE_NULL) {
        return REFUSAL_CAUSE_NEVER_SEEN;
    }
    if (session->lifetime_hint_s > 0 && refusal->age_s > session->lifetime_hint_s) {
        return REFUSAL_CAUSE_EXPIRED;
    }
    if (session->host == refusal->host && session->server != refusal->server) {
        return REFUSAL_CAUSE_OTHER_SERVER;
    }
    if (session->host != refusal->host) {
        return REFUSAL_CAUSE_NAME_CHANGED;
    }
    return is_secret_changed(session, refusal) ? REFUSAL_CAUSE_EMS_CHANGED
                                               : REFUSAL_CAUSE_UNEXPLAINED;
}
