#include "report/report_mechanisms.h"

#include "base/keyed_hash.h"

static bool no_memory(struct error *error)
{
    return error_set(error, "not enough memory for the report");
}

static bool read_handshakes(struct query *query, const struct query_filter *filter,
                            struct mechanisms *mechanisms, struct error *error)
{
    struct record record;
    enum query_result result;

    if (!query_begin_estimates(query, filter, error)) {
        return false;
    }
    while ((result = query_next_figures(query, &record, error)) == QUERY_ROW) {
        if (!mechanisms_add_handshake(mechanisms, &record)) {
            return no_memory(error);
        }
    }
    return result == QUERY_DONE;
}

static bool read_sessions(struct query *query, const struct query_filter *filter,
                          struct mechanisms *mechanisms, struct error *error)
{
    struct session_figures session;
    enum query_result result;

    if (!query_begin_session_figures(query, filter, error)) {
        return false;
    }
    while ((result = query_next_session_figures(query, &session, error)) == QUERY_ROW) {
        if (!mechanisms_add_session(mechanisms, &session)) {
            return no_memory(error);
        }
    }
    return result == QUERY_DONE;
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
            return no_memory(error);
        }
    }
    return result == QUERY_DONE;
}

/* Hosts after their sessions: what is stored meanwhile is not missed. */
bool report_mechanisms_read_sessions(struct query *query, const struct query_filter *filter,
                                     struct mechanisms *mechanisms, struct error *error)
{
    return read_sessions(query, filter, mechanisms, error) &&
           read_hosts(query, filter, mechanisms, error) &&
           (mechanisms_finish(mechanisms) || no_memory(error));
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
        (void)no_memory(error);
        return NULL;
    }
    if (!read_handshakes(query, filter, mechanisms, error) ||
        !report_mechanisms_read_sessions(query, filter, mechanisms, error)) {
        mechanisms_free(mechanisms);
        return NULL;
    }
    return mechanisms;
}
