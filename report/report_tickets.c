#include "report/formats.h"
#include "report/report_common.h"
#include "report/report_ledger.h"
#include "report/report_mechanisms.h"

#include <string.h>

/* Sessions come by host: figures are kept for one host at a time. */
static bool is_same_host(const struct wire_text *a, const struct wire_text *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* The host whose sessions are read, and where its figures go. */
struct host_under_way {
    const struct formats_sessions *writer;
    FILE *out;
    struct formats_state *state;
    bool has_host;
    struct host_sessions host;
    struct chains chains;
};

static void end_host(struct host_under_way *at)
{
    if (at->has_host) {
        chains_finish(&at->chains, &at->host.chains);
        at->writer->end_host(at->out, &at->host, at->state);
    }
}

/* False without memory. */
static bool write_session(struct host_under_way *at, const struct session_record *session)
{
    const bool is_new = !at->has_host || !is_same_host(&at->host.host, &session->host);

    if (is_new) {
        end_host(at);
        host_sessions_init(&at->host, &session->host);
        at->writer->begin_host(at->out, &session->host, at->state);
        at->has_host = true;
    }
    host_sessions_add(&at->host, session);
    at->writer->session(at->out, session, is_new);
    return chains_add(&at->chains, session);
}

static bool write_sessions(struct query *query, struct host_under_way *at, struct error *error)
{
    struct session_record session;
    enum query_result result;

    while ((result = query_next_session(query, &session, error)) == QUERY_ROW) {
        if (!write_session(at, &session)) {
            return report_no_memory(error);
        }
    }
    end_host(at);
    return result == QUERY_DONE;
}

static bool write_keys(struct query *query, const struct report_options *options, FILE *out,
                       struct formats_state *state, struct error *error)
{
    struct report_keys keys;

    if (!report_keys_read(&keys, query, &options->filter, error)) {
        return false;
    }
    formats_of(options->format)->sessions->keys(out, &keys, state);
    report_keys_clear(&keys);
    return true;
}

static bool write_mechanisms(struct query *query, const struct report_options *options, FILE *out,
                             struct formats_state *state, struct error *error)
{
    const struct formats_sessions *writer = formats_of(options->format)->sessions;
    if (writer->mechanisms == NULL) {
        return true;
    }
    struct mechanisms *mechanisms = report_mechanisms_read(query, &options->filter, error);
    if (mechanisms == NULL) {
        return false;
    }
    writer->mechanisms(out, mechanisms, state);
    mechanisms_free(mechanisms);
    return true;
}

static bool write_conduct(struct query *query, const struct report_options *options, FILE *out,
                          struct formats_state *state, struct error *error)
{
    const struct formats_sessions *writer = formats_of(options->format)->sessions;
    uint8_t key[NAME_TABLE_KEY_BYTES];

    if (writer->conduct == NULL) {
        return true;
    }
    if (!report_random_key(key, error)) {
        return false;
    }
    struct conduct *conduct = conduct_new(key);
    const bool is_read = conduct != NULL ? report_ledger_read_offers(query, &options->filter, NULL,
                                                                     conduct, error) &&
                                               (conduct_finish(conduct) || report_no_memory(error))
                                         : report_no_memory(error);
    if (is_read) {
        writer->conduct(out, conduct, state);
    }
    conduct_free(conduct);
    return is_read;
}

/* What query_begin_sessions() has begun. */
static bool write_all_sessions(struct query *query, const struct report_options *options, FILE *out,
                               struct formats_state *state, struct error *error)
{
    struct host_under_way at = {
        .writer = formats_of(options->format)->sessions, .out = out, .state = state};
    const bool done = write_sessions(query, &at, error);

    chains_clear(&at.chains);
    return done;
}

bool report_tickets(struct query *query, const struct report_options *options, FILE *out,
                    struct error *error)
{
    const struct formats_sessions *writer = formats_of(options->format)->sessions;
    struct formats_state state = report_state_of(options);

    if (!query_begin_sessions(query, &options->filter, error)) {
        return false;
    }
    writer->begin(out, &state);
    if (!write_all_sessions(query, options, out, &state, error) ||
        !write_conduct(query, options, out, &state, error) ||
        !write_keys(query, options, out, &state, error) ||
        !write_mechanisms(query, options, out, &state, error)) {
        return false;
    }
    writer->end(out, &state);
    return report_is_written(out, error);
}
