/* The sessions of one host, summed: what was issued, what was promised, what was honoured. Pure. */
#ifndef REPRISE_REPORT_HOST_SESSIONS_H
#define REPRISE_REPORT_HOST_SESSIONS_H

#include "report/chains.h"
#include "report/value.h"

#include "store/record.h"

struct host_sessions {
    struct wire_text host;
    uint64_t tickets_issued;
    uint64_t tickets_renewed; /* of these */
    uint64_t ids_issued;
    uint64_t never_issued; /* offered, but not seen issued */
    uint64_t reused;       /* sessions that were offered at least once */
    uint64_t offered;      /* offers, over all sessions */
    uint64_t accepted;
    uint64_t refused;
    int64_t hint_min_s; /* 0: left open by the server; HANDSHAKE_NULL: none seen, as below */
    int64_t hint_max_s;
    int64_t largest_accepted_age_s;
    int64_t smallest_refused_age_s;
    uint64_t accepted_past_hint;  /* sessions accepted when older than their own hint */
    uint64_t refused_within_hint; /* sessions refused before their own hint was over */
    struct chain_figures chains;  /* chains_finish() makes them */
};

void host_sessions_init(struct host_sessions *host, const struct wire_text *name);
void host_sessions_add(struct host_sessions *host, const struct session_record *session);

/* What one session looks like to a machine: columns for JSON and CSV alike. */
size_t host_sessions_columns(void);
const char *host_sessions_column_name(size_t column);
void host_sessions_column_value(size_t column, const struct session_record *session,
                                struct value *out);

/* And what a host's figures do. */
size_t host_sessions_figures(void);
const char *host_sessions_figure_name(size_t figure);
void host_sessions_figure_value(size_t figure, const struct host_sessions *host, struct value *out);

#endif
