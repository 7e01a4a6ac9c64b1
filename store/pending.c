#include "store/pending.h"

bool pending_open(struct pending *pending, struct database *db, struct error *error)
{
    if (!pending_handshakes_open(&pending->handshakes, db, error)) {
        return false;
    }
    if (!pending_sessions_open(&pending->sessions, db, error)) {
        pending_handshakes_close(&pending->handshakes);
        return false;
    }
    return true;
}

void pending_close(struct pending *pending)
{
    pending_handshakes_close(&pending->handshakes);
    pending_sessions_close(&pending->sessions);
}

bool pending_begin(struct pending *pending, int64_t data_version, struct error *error)
{
    return pending_handshakes_begin(&pending->handshakes, data_version, error) &&
           pending_sessions_begin(&pending->sessions, data_version, error);
}

void pending_forget(struct pending *pending)
{
    pending_handshakes_forget(&pending->handshakes);
    pending_sessions_forget(&pending->sessions);
}

bool pending_flush(struct pending *pending, struct error *error)
{
    return pending_sessions_flush(&pending->sessions, error) &&
           pending_handshakes_flush(&pending->handshakes, error);
}
