/* What the files of the read side share. Private to them. */
#ifndef REPRISE_STORE_QUERY_PARTS_H
#define REPRISE_STORE_QUERY_PARTS_H

#include "store/database.h"
#include "store/host_names.h"
#include "store/packed_offers.h"
#include "store/query.h"

enum read_statement {
    READ_HANDSHAKES,
    READ_FIGURES,
    READ_ALL_FIGURES,
    READ_ESTIMATES,
    READ_ROLLUPS,
    READ_SNAPSHOT,
    READ_BLOCKS_OF_HANDSHAKES,
    READ_BLOCKS_OF_FIGURES,
    READ_HOST,
    READ_SESSIONS,
    READ_SESSIONS_OF_PERIOD,
    READ_SESSION_FIGURES,
    READ_SESSION_FIGURES_OF_PERIOD,
    READ_HOSTS,
    READ_KEYS,
    READ_PACKED_OFFERS,
    READ_OFFERS,
    READ_OFFERS_OF_PERIOD,
    READ_RUNS,
    READ_NOT_ANALYSED,
    READ_PRESENCE,
    READ_OUTSIDE,
    READ_STATEMENT_COUNT
};

/* Rows on their way from a statement to whoever asked for them. */
struct taking {
    query_taker *take;
    void *context;
    struct record record;
    enum query_result result; /* QUERY_DONE while all goes well */
    struct error error;       /* of QUERY_ERROR */
};

struct rolled_reading;

/* Sessions on their way. */
struct taking_sessions {
    const struct query_hosts *hosts;
    const struct session_taker *taker;
    bool is_stopped;
};

/* Offers on their way, as begun last. All zero: none are. */
struct reading_offers {
    struct query_filter filter;
    char *host_glob; /* its own */
    enum read_statement statement;
    int64_t next_id;                    /* those below are read, or on their way */
    bool has_blocks;                    /* READ_PACKED_OFFERS is not at its end */
    bool is_in_rows;                    /* nor the statement; these come first */
    struct packed_offers_cursor packed; /* of the block at hand */
};

struct query {
    struct database db;
    struct host_names *hosts;
    struct taking taking;
    struct taking_sessions taking_sessions;
    struct rolled_reading *rolled; /* what query_rollups() keeps; NULL: nothing */
    enum read_statement sessions;  /* of all times or of a period, as begun last; so of the next */
    struct reading_offers reading_offers;
    bool is_shared;
    bool is_open[READ_STATEMENT_COUNT]; /* begun, and not at its end */
};

/* take_figures() and take_estimates() of SQL, aggregates over the values that
 * store/handshake_row.h names. */
MUST_CHECK bool query_rows_prepare(struct query *query, struct error *error);

/* is_of_hosts() and take_sessions(), likewise, of the values that QUERY_SESSION_FIGURES names: as
 * they are stored. */
#define QUERY_SESSION_FIGURES                                                                      \
    "s.host, s.traits & 3, s.issued_ns, s.lifetime_hint_s, s.bytes, s.largest_accepted_age_s,"     \
    " s.client"

MUST_CHECK bool query_sessions_prepare(struct query *query, struct error *error);

/* Gives a connection its functions and statements; each of these is prepared when it is first
 * begun, as a report needs a few of them. */
MUST_CHECK bool query_prepare(struct query *query, struct error *error);

/* "read handshakes" */
const char *query_statement_name(enum read_statement which);

/* Binds what every statement knows of a filter: 1 since, 2 until (exclusive), 3 host pattern. */
MUST_CHECK bool query_begin(struct query *query, enum read_statement which,
                            const struct query_filter *filter, struct error *error);
MUST_CHECK enum query_result query_next(struct query *query, enum read_statement which,
                                        struct error *error);

struct id_range {
    int64_t first;
    int64_t end; /* exclusive */
};

struct taker {
    query_taker *take;
    void *context;
};

/* query_figures() of some ids, whose whole range is read; names of hosts as they are kept. */
MUST_CHECK enum query_result query_figures_of_ids(struct query *query,
                                                  const struct query_filter *filter,
                                                  const struct id_range *ids,
                                                  const struct taker *taker, struct error *error);

/* The ids of the next block of READ_BLOCKS_OF_FIGURES, which was begun. */
MUST_CHECK enum query_result query_next_block(struct query *query, struct id_range *out,
                                              struct error *error);

/* Offers of some ids, whose hosts are all asked for: query_next_offer() gives them. */
MUST_CHECK bool query_begin_offers_of_ids(struct query *query, const struct id_range *ids,
                                          struct error *error);
void query_end_offers(struct query *query);

bool query_is_of_all_times(const struct query_filter *filter);

#endif
