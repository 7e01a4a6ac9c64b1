/* The read side of the database: filters in, records out. Never writes, never blocks the writer,
 * and sees the committed state as of its first row. */
#ifndef REPRISE_STORE_QUERY_H
#define REPRISE_STORE_QUERY_H

#include "store/record.h"
#include "store/rollup.h"

#include "base/error.h"

struct query;

/* A read-only look at a database file. NULL and a sentence when it is missing, not ours, or of a
 * newer schema. */
MUST_CHECK struct query *query_open(const char *path, struct error *error);
void query_close(struct query *query);

struct query_filter {
    int64_t since_ns;      /* HANDSHAKE_NULL: from the beginning; compared with time_ns */
    int64_t until_ns;      /* exclusive; HANDSHAKE_NULL: to the end */
    const char *host_glob; /* NULL: all; * and ? as in the shell, case-insensitive */
};

/* QUERY_DONE leaves *out as it was. */
enum query_result { QUERY_ROW, QUERY_DONE, QUERY_ERROR };

/* Whether there is a handshake that a filter lets through, and if there is none, why. */
enum query_presence {
    PRESENCE_SOME,
    PRESENCE_NO_HANDSHAKE, /* the database has none at all */
    PRESENCE_NO_HOST,      /* no host is like host_glob */
    PRESENCE_NOT_THEN,     /* all handshakes of such hosts are outside the period */
};

struct query_found {
    enum query_presence presence;
    int64_t first_ns, last_ns; /* time_ns of what is outside; of PRESENCE_NOT_THEN only */
};

MUST_CHECK bool query_find(struct query *query, const struct query_filter *filter,
                           struct query_found *out, struct error *error);

/* Handshakes in order of id. begin() may be called again: the rows start anew. The filter and its
 * text may go after begin(). */
MUST_CHECK bool query_begin_handshakes(struct query *query, const struct query_filter *filter,
                                       struct error *error);
MUST_CHECK enum query_result query_next_handshake(struct query *query, struct record *out,
                                                  struct error *error);

/* Takes a handshake, which is borrowed until it returns. False ends the reading. */
typedef bool query_taker(void *context, const struct record *record);

/* The same handshakes in the same order, without what figures can do without and what it costs to
 * look up: run, server, sni, alpn, cipher, carrier, messages, setup_ns, issued_ticket_bytes,
 * estimates and key_name are empty or unknown, and a session hash says only whether there is one.
 * QUERY_DONE: all were taken; QUERY_ROW: take returned false.
 */
MUST_CHECK enum query_result query_figures(struct query *query, const struct query_filter *filter,
                                           query_taker *take, void *context, struct error *error);
/* The same handshakes summed up, host by host in order of their ids: what is stored so
 * (store/rollups.h), with the others of the period, read one by one. The slots of all rollups are
 * of one length. */
struct query_rolled_host {
    int64_t host_id;
    struct wire_text host; /* as record.host */
    int64_t slot_s;
    const struct rollup *rollup; /* borrowed until take returns */
};

struct rolled_taker {
    bool (*take)(void *context, const struct query_rolled_host *host); /* as query_taker */
    void *context;
};

/* *is_used false: nothing of the period is stored summed up, and nothing was taken. Else as
 * query_figures(), and what was read is kept, about 5 bytes for each handshake, until
 * query_end_rollups(), the next call, or query_close(). */
MUST_CHECK enum query_result query_rollups(struct query *query, const struct query_filter *filter,
                                           const struct rolled_taker *taker, bool *is_used,
                                           struct error *error);

/* Hosts by their ids, in order. */
struct query_hosts {
    const int64_t *ids;
    size_t count;
};

bool query_hosts_have(const struct query_hosts *hosts, int64_t id);

/* Of what is kept, these hosts once more. */
MUST_CHECK enum query_result query_rollups_of(struct query *query, const struct query_hosts *hosts,
                                              const struct rolled_taker *taker,
                                              struct error *error);
void query_end_rollups(struct query *query);

/* With the estimates of tickets. */
MUST_CHECK enum query_result query_estimates(struct query *query, const struct query_filter *filter,
                                             query_taker *take, void *context, struct error *error);

/* Sessions issued or offered in the period, by host, then issue time: of a period those that its
 * handshakes tell of, not what was offered only before and after it. */
MUST_CHECK bool query_begin_sessions(struct query *query, const struct query_filter *filter,
                                     struct error *error);
MUST_CHECK enum query_result query_next_session(struct query *query, struct session_record *out,
                                                struct error *error);

/* The same sessions in any order, with what figures need, at a tenth of the cost; hosts: only
 * theirs, or NULL. take as query_taker. */
struct session_taker {
    bool (*take)(void *context, const struct session_figures *session);
    void *context;
};

MUST_CHECK enum query_result query_session_figures(struct query *query,
                                                   const struct query_filter *filter,
                                                   const struct query_hosts *hosts,
                                                   const struct session_taker *taker,
                                                   struct error *error);

/* All hosts that host_glob lets through, of any period, in the order of query_next_session(). */
MUST_CHECK bool query_begin_hosts(struct query *query, const struct query_filter *filter,
                                  struct error *error);
MUST_CHECK enum query_result query_next_host(struct query *query, struct host_record *out,
                                             struct error *error);

/* Ticket keys seen in the period, one for each host and server; by host, server, then first seen.
 */
MUST_CHECK bool query_begin_keys(struct query *query, const struct query_filter *filter,
                                 struct error *error);
MUST_CHECK enum query_result query_next_key(struct query *query, struct key_use_record *out,
                                            struct error *error);

/* Offers of the period that did not go as was promised (struct offer_record), in order of id. */
MUST_CHECK bool query_begin_offers(struct query *query, const struct query_filter *filter,
                                   struct error *error);
MUST_CHECK enum query_result query_next_offer(struct query *query, struct offer_record *out,
                                              struct error *error);

/* Runs whose frames lie (partly) in the period, in order of id; a run without a frame lies where it
 * was started. The filter's host_glob is not looked at. */
MUST_CHECK bool query_begin_runs(struct query *query, const struct query_filter *filter,
                                 struct error *error);
MUST_CHECK enum query_result query_next_run(struct query *query, struct run_record *out,
                                            struct error *error);

/* What these runs did not analyse, summed by name: the most packets first, then by name. */
MUST_CHECK bool query_begin_not_analysed(struct query *query, const struct query_filter *filter,
                                         struct error *error);
MUST_CHECK enum query_result
query_next_not_analysed(struct query *query, struct run_not_analysed *out, struct error *error);

#endif
