#include "report/report_mechanisms.h"

#include "report/report_common.h"

#include "base/keyed_hash.h"

static bool add_handshake(void *context, const struct record *record)
{
    return mechanisms_add_handshake(context, record);
}

static bool read_handshakes(struct query *query, const struct query_filter *filter,
                            struct mechanisms *mechanisms, struct error *error)
{
    return report_all_taken(query_estimates(query, filter, add_handshake, mechanisms, error),
                            error);
}

static bool add_session(void *context, const struct session_figures *session)
{
    return mechanisms_add_session(context, session);
}

static bool read_sessions(struct query *query, const struct query_filter *filter,
                          const struct query_hosts *of, struct mechanisms *mechanisms,
                          struct error *error)
{
    const struct session_taker taker = {add_session, mechanisms};

    return report_all_taken(query_session_figures(query, filter, of, &taker, error), error);
}

static bool read_hosts(struct query *query, const struct query_filter *filter,
                       struct mechanisms *mechanisms, struct error *error)
{
    struct host_record host;
    enum query_result result;

    if (!query_begin_hosts(query, filter, error)) {
        return false;
    }
    while ((result = query_next_host(query, &host, error)) == QUERY_ROW) {
        if (!mechanisms_name_host(mechanisms, &host)) {
            return report_no_memory(error);
        }
    }
    return result == QUERY_DONE;
}

/* Hosts after their sessions: what is stored meanwhile is not missed. */
bool report_mechanisms_read_sessions(struct query *query, const struct query_filter *filter,
                                     const struct query_hosts *of, struct mechanisms *mechanisms,
                                     struct error *error)
{
    return read_sessions(query, filter, of, mechanisms, error) &&
           read_hosts(query, filter, mechanisms, error) &&
           (mechanisms_finish(mechanisms) || report_no_memory(error));
}

struct mechanisms *report_mechanisms_read(struct query *query, const struct query_filter *filter,
                                          struct error *error)
{
    uint8_t key[NAME_TABLE_KEY_BYTES];
    if (!keyed_hash_random(key, sizeof(key))) {
        (void)error_set(error, "the system has no random numbers to give");
        return NULL;
    }
    struct mechanisms *mechanisms = mechanisms_new(filter, key);
    if (mechanisms == NULL) {
        (void)report_no_memory(error);
        return NULL;
    }
    if (!read_handshakes(query, filter, mechanisms, error) ||
        !report_mechanisms_read_sessions(query, filter, NULL, mechanisms, error)) {
        mechanisms_free(mechanisms);
        return NULL;
    }
    return mechanisms;
}
