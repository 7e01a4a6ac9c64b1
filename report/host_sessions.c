#include "report/host_sessions.h"

#include <stddef.h>

void host_sessions_init(struct host_sessions *host, const struct wire_text *name)
{
    *host = (struct host_sessions){
        .host = *name,
        .hint_min_s = HANDSHAKE_NULL,
        .hint_max_s = HANDSHAKE_NULL,
        .largest_accepted_age_s = HANDSHAKE_NULL,
        .smallest_refused_age_s = HANDSHAKE_NULL,
        .chains = {0, HANDSHAKE_NULL, HANDSHAKE_NULL, HANDSHAKE_NULL, HANDSHAKE_NULL},
    };
}

static void keep_smaller(int64_t *known, int64_t value)
{
    if (value != HANDSHAKE_NULL && (*known == HANDSHAKE_NULL || value < *known)) {
        *known = value;
    }
}

static void keep_larger(int64_t *known, int64_t value)
{
    if (value != HANDSHAKE_NULL && (*known == HANDSHAKE_NULL || value > *known)) {
        *known = value;
    }
}

static void count_issue(struct host_sessions *host, const struct session_record *session)
{
    if (session->issued_ns == HANDSHAKE_NULL) {
        host->never_issued++;
    } else if (session->kind == SESSION_ID) {
        host->ids_issued++;
    } else {
        host->tickets_issued++;
        host->tickets_renewed += session->is_renewal;
    }
}

static uint64_t count_of(int64_t stored)
{
    return stored < 0 ? 0 : (uint64_t)stored; /* null, or a damaged database */
}

/* A hint of 0 promises nothing (RFC 5077, 3.3), so it cannot be broken. */
static void count_promise(struct host_sessions *host, const struct session_record *session)
{
    int64_t hint_s = session->lifetime_hint_s;

    if (hint_s == HANDSHAKE_NULL || hint_s == 0) {
        return;
    }
    host->accepted_past_hint += session->largest_accepted_age_s > hint_s;
    host->refused_within_hint += session->smallest_refused_age_s != HANDSHAKE_NULL &&
                                 session->smallest_refused_age_s <= hint_s;
}

void host_sessions_add(struct host_sessions *host, const struct session_record *session)
{
    count_issue(host, session);
    count_promise(host, session);
    host->reused += session->offered_count > 0;
    host->offered += count_of(session->offered_count);
    host->accepted += count_of(session->accepted_count);
    host->refused += count_of(session->refused_count);
    keep_smaller(&host->hint_min_s, session->lifetime_hint_s);
    keep_larger(&host->hint_max_s, session->lifetime_hint_s);
    keep_larger(&host->largest_accepted_age_s, session->largest_accepted_age_s);
    keep_smaller(&host->smallest_refused_age_s, session->smallest_refused_age_s);
}

static void get_session(const struct session_record *session, struct value *out)
{
    value_set_hash(out, &session->hash);
}

static void get_kind(const struct session_record *session, struct value *out)
{
    value_set_words(out, offer_name(session->kind == SESSION_ID ? OFFER_ID : OFFER_TICKET));
}

static void get_host(const struct session_record *session, struct value *out)
{
    value_set_text(out, session->host.text, session->host.len);
}

static void get_server(const struct session_record *session, struct value *out)
{
    value_set_address(out, &session->server);
}

static void get_server_port(const struct session_record *session, struct value *out)
{
    value_set_integer(out, session->server.port);
}

static void get_issued(const struct session_record *session, struct value *out)
{
    value_set_time(out, session->issued_ns);
}

static void get_hint(const struct session_record *session, struct value *out)
{
    value_set_integer(out, session->lifetime_hint_s);
}

static void get_bytes(const struct session_record *session, struct value *out)
{
    value_set_integer(out, session->bytes);
}

static void get_renewal(const struct session_record *session, struct value *out)
{
    value_set_bool(out, session->is_renewal);
}

static void get_offered(const struct session_record *session, struct value *out)
{
    value_set_integer(out, session->offered_count);
}

static void get_accepted(const struct session_record *session, struct value *out)
{
    value_set_integer(out, session->accepted_count);
}

static void get_refused(const struct session_record *session, struct value *out)
{
    value_set_integer(out, session->refused_count);
}

static void get_accepted_age(const struct session_record *session, struct value *out)
{
    value_set_integer(out, session->largest_accepted_age_s);
}

static void get_refused_age(const struct session_record *session, struct value *out)
{
    value_set_integer(out, session->smallest_refused_age_s);
}

static void get_first_offered(const struct session_record *session, struct value *out)
{
    value_set_time(out, session->first_offered_ns);
}

static void get_last_offered(const struct session_record *session, struct value *out)
{
    value_set_time(out, session->last_offered_ns);
}

static void get_client(const struct session_record *session, struct value *out)
{
    value_set_words(out, session->client);
}

static void get_key_name(const struct session_record *session, struct value *out)
{
    value_set_words(out, session->key_name);
}

static void get_chain_length(const struct session_record *session, struct value *out)
{
    value_set_integer(out, session->chain_length);
}

static const struct {
    const char *name;
    void (*get)(const struct session_record *session, struct value *out);
} columns[] = {
    {"session", get_session},
    {"kind", get_kind},
    {"host", get_host},
    {"server", get_server},
    {"server_port", get_server_port},
    {"issued", get_issued},
    {"lifetime_hint_s", get_hint},
    {"ticket_bytes", get_bytes},
    {"renewal", get_renewal},
    {"offered", get_offered},
    {"accepted", get_accepted},
    {"refused", get_refused},
    {"largest_accepted_age_s", get_accepted_age},
    {"smallest_refused_age_s", get_refused_age},
    {"first_offered", get_first_offered},
    {"last_offered", get_last_offered},
    {"client", get_client},
    {"key_name", get_key_name},
    {"chain_length", get_chain_length},
};

size_t host_sessions_columns(void)
{
    return sizeof(columns) / sizeof(columns[0]);
}

const char *host_sessions_column_name(size_t column)
{
    return columns[column].name;
}

void host_sessions_column_value(size_t column, const struct session_record *session,
                                struct value *out)
{
    columns[column].get(session, out);
}

enum figure_kind { FIGURE_COUNT, FIGURE_INTEGER };

static const struct {
    const char *name;
    enum figure_kind kind;
    size_t offset; /* of a uint64_t count, of an int64_t that may be null */
} figures[] = {
    {"tickets_issued", FIGURE_COUNT, offsetof(struct host_sessions, tickets_issued)},
    {"tickets_renewed", FIGURE_COUNT, offsetof(struct host_sessions, tickets_renewed)},
    {"ids_issued", FIGURE_COUNT, offsetof(struct host_sessions, ids_issued)},
    {"never_issued", FIGURE_COUNT, offsetof(struct host_sessions, never_issued)},
    {"reused", FIGURE_COUNT, offsetof(struct host_sessions, reused)},
    {"offered", FIGURE_COUNT, offsetof(struct host_sessions, offered)},
    {"accepted", FIGURE_COUNT, offsetof(struct host_sessions, accepted)},
    {"refused", FIGURE_COUNT, offsetof(struct host_sessions, refused)},
    {"hint_min_s", FIGURE_INTEGER, offsetof(struct host_sessions, hint_min_s)},
    {"hint_max_s", FIGURE_INTEGER, offsetof(struct host_sessions, hint_max_s)},
    {"largest_accepted_age_s", FIGURE_INTEGER,
     offsetof(struct host_sessions, largest_accepted_age_s)},
    {"smallest_refused_age_s", FIGURE_INTEGER,
     offsetof(struct host_sessions, smallest_refused_age_s)},
    {"accepted_past_hint", FIGURE_COUNT, offsetof(struct host_sessions, accepted_past_hint)},
    {"refused_within_hint", FIGURE_COUNT, offsetof(struct host_sessions, refused_within_hint)},
    {"chains", FIGURE_COUNT, offsetof(struct host_sessions, chains.count)},
    {"chain_longest", FIGURE_INTEGER, offsetof(struct host_sessions, chains.longest)},
    {"chain_median", FIGURE_INTEGER, offsetof(struct host_sessions, chains.median)},
    {"chain_longest_s", FIGURE_INTEGER, offsetof(struct host_sessions, chains.longest_s)},
    {"chain_median_s", FIGURE_INTEGER, offsetof(struct host_sessions, chains.median_s)},
};

size_t host_sessions_figures(void)
{
    return sizeof(figures) / sizeof(figures[0]);
}

const char *host_sessions_figure_name(size_t figure)
{
    return figures[figure].name;
}

void host_sessions_figure_value(size_t figure, const struct host_sessions *host, struct value *out)
{
    const void *at = (const char *)host + figures[figure].offset;

    switch (figures[figure].kind) {
    case FIGURE_COUNT:
        value_set_count(out, *(const uint64_t *)at);
        break;
    case FIGURE_INTEGER:
        value_set_integer(out, *(const int64_t *)at);
        break;
    }
}
