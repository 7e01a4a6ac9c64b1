#include "store/half_learnt.h"

#include "store/key_use_row.h"
#include "store/statements.h"
#include "store/text.h"

#include <stdlib.h>
#include <string.h>

enum { WAYS = 4, SETS = HALF_LEARNT_IN_MEMORY / WAYS };

/* Numbers beyond it are nothing that the program wrote. */
static const int64_t latest = INT64_C(1) << 56;

/* A row is one ticket: its slot says of which candidate, and which of its tickets. */
enum { TICKETS = TICKET_LEARNER_TICKETS - 1, ROWS = TICKET_LEARNER_CANDIDATES * TICKETS };

struct half_learnt_server {
    int64_t id;
    uint64_t used;                              /* when last */
    uint8_t written[TICKET_LEARNER_CANDIDATES]; /* tickets of each that have rows */
    bool is_listed;
    struct learner_server state;
};

bool half_learnt_open(struct half_learnt *half, struct database *db, struct error *error)
{
    *half = (struct half_learnt){
        .db = db,
        .servers = calloc(HALF_LEARNT_IN_MEMORY, sizeof(*half->servers)),
        .places = calloc(HALF_LEARNT_IN_MEMORY, sizeof(*half->places)),
        .listed = calloc(HALF_LEARNT_IN_MEMORY, sizeof(*half->listed)),
    };
    if (half->servers == NULL || half->places == NULL || half->listed == NULL) {
        half_learnt_close(half);
        return error_set(error, "%s: no memory to open it", db->path);
    }
    return true;
}

void half_learnt_close(struct half_learnt *half)
{
    free(half->servers);
    free(half->places);
    free(half->listed);
    *half = (struct half_learnt){0};
}

void half_learnt_forget(struct half_learnt *half)
{
    memset(half->places, 0, HALF_LEARNT_IN_MEMORY * sizeof(*half->places));
    half->count = 0;
    half->listed_count = 0;
    half->is_counted = false;
}

/* Everything of the last batch is in the database. */
void half_learnt_begin(struct half_learnt *half, int64_t data_version)
{
    if (half->is_counted && half->data_version != data_version) {
        half_learnt_forget(half);
    }
    half->data_version = data_version;
}

/* ---- Rows ---- */

static bool count_kept(struct half_learnt *half, struct error *error)
{
    sqlite3_stmt *statement = half->db->statements[WRITE_COUNT_BEGINNINGS];

    if (database_step(half->db, WRITE_COUNT_BEGINNINGS, error) != DATABASE_ROW) {
        return false;
    }
    const int64_t used = sqlite3_column_int64(statement, 1);
    half->kept = sqlite3_column_int64(statement, 0);
    if (used > (int64_t)half->now && used <= latest) {
        half->now = (uint64_t)used;
    }
    database_reset(half->db, WRITE_COUNT_BEGINNINGS);
    half->has_unread |= half->kept > 0;
    half->is_counted = true;
    return true;
}

/* Of the server's tickets. Rows of servers come from a file: any number can be one. */
static int64_t row_of(int64_t server, size_t slot)
{
    return (int64_t)((uint64_t)server * ROWS + slot);
}

/* False: this is nothing that the program wrote. */
static bool read_candidate(sqlite3_stmt *statement, struct learner_candidate *out)
{
    const int64_t used = sqlite3_column_int64(statement, 1);
    const int64_t name_bytes = sqlite3_column_int64(statement, 2);
    const int64_t layouts = sqlite3_column_int64(statement, 3);

    if (used <= 0 || used > latest || layouts <= 0 || layouts >= 1 << TICKET_LAYOUT_COUNT ||
        (name_bytes != 0 && name_bytes != TICKET_LONG_NAME_BYTES &&
         name_bytes != TICKET_SHORT_NAME_BYTES)) {
        return false;
    }
    out->used = (uint64_t)used;
    out->name_bytes = (uint8_t)name_bytes;
    out->layouts = (uint16_t)layouts;
    return name_bytes == 0 || (layouts & ticket_layouts_named_by(out->name_bytes)) == layouts;
}

static bool read_ticket(sqlite3_stmt *statement, struct learner_ticket *out)
{
    out->layouts = (uint16_t)sqlite3_column_int(statement, 3);
    out->warnings = (uint8_t)(sqlite3_column_int(statement, 4) & 0xff);
    out->session = sqlite3_column_int64(statement, 5);
    out->host = sqlite3_column_int64(statement, 6);
    out->marks = (struct ticket_marks){
        .at_4 = (uint32_t)sqlite3_column_int64(statement, 7) & 0xffffff,
        .at_6 = (uint16_t)sqlite3_column_int64(statement, 8),
        .at_16 = sqlite3_column_int64(statement, 9) & INT64_MAX,
        .at_20 = (uint32_t)sqlite3_column_int64(statement, 10),
        .at_28 = sqlite3_column_int64(statement, 11) & INT64_MAX,
    };
    key_use_read(statement, 12, &out->use);
    return out->session > 0 && out->host > 0 && out->use.first_seen_ns != HANDSHAKE_NULL &&
           out->use.last_seen_ns != HANDSHAKE_NULL;
}

/* Rows come in the order of their slots: of a candidate without its first ticket there is no
 * second, and of one whose tickets do not know how much they share there is one only. */
static void take_row(sqlite3_stmt *statement, struct half_learnt_server *server)
{
    const int64_t slot = sqlite3_column_int64(statement, 0);

    if (slot < 0 || slot >= ROWS) {
        return;
    }
    const size_t which = (size_t)slot / TICKETS;
    const size_t n = (size_t)slot % TICKETS;
    struct learner_candidate *candidate = &server->state.candidates[which];
    server->written[which] = (uint8_t)(n + 1);
    if (candidate->count != n || (n > 0 && candidate->name_bytes == 0) ||
        (n == 0 && !read_candidate(statement, candidate))) {
        return;
    }
    candidate->count += read_ticket(statement, &candidate->tickets[n]);
}

/* One ticket does not tell how long a name is, several do. */
static void settle(struct learner_candidate *candidate)
{
    if (candidate->count == 0) {
        candidate->used = 0;
    } else if (candidate->count == 1) {
        candidate->name_bytes = 0;
    }
}

static bool read_server(struct half_learnt *half, struct half_learnt_server *server,
                        struct error *error)
{
    sqlite3_stmt *statement = half->db->statements[WRITE_READ_BEGINNINGS];
    enum database_step step;

    number_bind(statement, 1, row_of(server->id, 0));
    while ((step = database_step(half->db, WRITE_READ_BEGINNINGS, error)) == DATABASE_ROW) {
        take_row(statement, server);
    }
    for (size_t i = 0; i < TICKET_LEARNER_CANDIDATES; i++) {
        settle(&server->state.candidates[i]);
    }
    return step == DATABASE_DONE;
}

static bool write_ticket(struct half_learnt *half, int64_t id,
                         const struct learner_candidate *candidate,
                         const struct learner_ticket *ticket, struct error *error)
{
    sqlite3_stmt *statement = half->db->statements[WRITE_KEEP_BEGINNING];

    number_bind(statement, 1, id);
    number_bind(statement, 2, (int64_t)candidate->used);
    number_bind(statement, 3, candidate->name_bytes);
    number_bind(statement, 4, candidate->layouts);
    number_bind(statement, 5, ticket->warnings);
    number_bind(statement, 6, ticket->session);
    number_bind(statement, 7, ticket->host);
    number_bind(statement, 8, ticket->marks.at_4);
    number_bind(statement, 9, ticket->marks.at_6);
    number_bind(statement, 10, ticket->marks.at_16);
    number_bind(statement, 11, ticket->marks.at_20);
    number_bind(statement, 12, ticket->marks.at_28);
    key_use_bind(statement, 13, &ticket->use);
    return database_run(half->db, WRITE_KEEP_BEGINNING, error);
}

static bool drop_rows(struct half_learnt *half, int64_t first, int64_t last, struct error *error)
{
    sqlite3_stmt *statement = half->db->statements[WRITE_DROP_BEGINNINGS];

    number_bind(statement, 1, first);
    number_bind(statement, 2, last);
    return database_run(half->db, WRITE_DROP_BEGINNINGS, error);
}

static bool write_candidate(struct half_learnt *half, struct half_learnt_server *server,
                            size_t which, struct error *error)
{
    struct learner_candidate *candidate = &server->state.candidates[which];
    const int64_t first = row_of(server->id, which * TICKETS);

    for (unsigned n = 0; n < candidate->count; n++) {
        if (!write_ticket(half, first + n, candidate, &candidate->tickets[n], error)) {
            return false;
        }
    }
    if (candidate->count < server->written[which] &&
        !drop_rows(half, first + candidate->count, first + TICKETS - 1, error)) {
        return false;
    }
    server->written[which] = candidate->count;
    candidate->is_changed = false;
    return true;
}

static bool has_rows(const struct half_learnt_server *server)
{
    size_t rows = 0;

    for (size_t i = 0; i < TICKET_LEARNER_CANDIDATES; i++) {
        rows += server->written[i];
    }
    return rows > 0;
}

static bool write_server(struct half_learnt *half, struct half_learnt_server *server,
                         struct error *error)
{
    const bool had_rows = has_rows(server);

    for (size_t i = 0; i < TICKET_LEARNER_CANDIDATES; i++) {
        if (server->state.candidates[i].is_changed && !write_candidate(half, server, i, error)) {
            return false;
        }
    }
    half->kept += !had_rows && has_rows(server);
    return true;
}

/* ---- Servers ---- */

static struct half_learnt_server *server_at(const struct half_learnt *half, uint16_t place)
{
    return &half->servers[place - 1];
}

static uint16_t *set_of(const struct half_learnt *half, int64_t id)
{
    return &half->places[(uint64_t)id % SETS * WAYS];
}

/* NULL: it is not in memory. */
static struct half_learnt_server *find(const struct half_learnt *half, int64_t id)
{
    const uint16_t *const set = set_of(half, id);

    for (size_t way = 0; way < WAYS && set[way] != 0; way++) {
        if (server_at(half, set[way])->id == id) {
            return server_at(half, set[way]);
        }
    }
    return NULL;
}

static struct half_learnt_server *oldest_of(const struct half_learnt *half, const uint16_t *set)
{
    struct half_learnt_server *oldest = server_at(half, set[0]);

    for (size_t way = 1; way < WAYS; way++) {
        if (server_at(half, set[way])->used < oldest->used) {
            oldest = server_at(half, set[way]);
        }
    }
    return oldest;
}

/* Room for one more of a set: what is pushed out is written first. */
static struct half_learnt_server *make_room(struct half_learnt *half, uint16_t *set,
                                            struct error *error)
{
    for (size_t way = 0; way < WAYS; way++) {
        if (set[way] == 0) {
            set[way] = (uint16_t)++half->count;
            *server_at(half, set[way]) = (struct half_learnt_server){0};
            return server_at(half, set[way]);
        }
    }
    half->has_unread = true;
    struct half_learnt_server *const oldest = oldest_of(half, set);
    return write_server(half, oldest, error) ? oldest : NULL;
}

/* With what its rows say. What had its place stays in the list of the batch. */
static struct half_learnt_server *remember(struct half_learnt *half, int64_t id,
                                           struct error *error)
{
    struct half_learnt_server *const server = make_room(half, set_of(half, id), error);

    if (server == NULL) {
        return NULL;
    }
    *server = (struct half_learnt_server){.id = id, .is_listed = server->is_listed};
    return !half->has_unread || read_server(half, server, error) ? server : NULL;
}

bool half_learnt_add(struct half_learnt *half, int64_t id, const struct learner_ticket *ticket,
                     struct learner_key *out, struct error *error)
{
    if (!half->is_counted && !count_kept(half, error)) {
        return false;
    }
    struct half_learnt_server *server = find(half, id);
    if (server == NULL && (server = remember(half, id, error)) == NULL) {
        return false;
    }
    server->used = ++half->now;
    ticket_learner_add(&server->state, ticket, half->now, out);
    if (!server->is_listed) {
        server->is_listed = true;
        half->listed[half->listed_count++] = (uint16_t)(server - half->servers);
    }
    return true;
}

/* The servers seen longest ago. */
static bool trim(struct half_learnt *half, struct error *error)
{
    if (half->kept <= HALF_LEARNT_KEPT + HALF_LEARNT_SLACK) {
        return true;
    }
    if (!count_kept(half, error)) {
        return false;
    }
    if (half->kept <= HALF_LEARNT_KEPT) {
        return true;
    }
    if (!database_ready(half->db, WRITE_TRIM_BEGINNINGS, error)) {
        return false;
    }
    number_bind(half->db->statements[WRITE_TRIM_BEGINNINGS], 1, half->kept - HALF_LEARNT_KEPT);
    half->kept = HALF_LEARNT_KEPT;
    return database_run(half->db, WRITE_TRIM_BEGINNINGS, error);
}

bool half_learnt_flush(struct half_learnt *half, struct error *error)
{
    for (size_t i = 0; i < half->listed_count; i++) {
        struct half_learnt_server *server = &half->servers[half->listed[i]];
        if (!write_server(half, server, error)) {
            return false;
        }
        server->is_listed = false;
    }
    half->listed_count = 0;
    return trim(half, error);
}
