/* Rows to the rollups of a block. */
#include "store/rollup_block.h"

#include <stdlib.h>

/* ---- One row ---- */

/* A hint has 32 bits on the wire (RFC 5077, 3.3). */
static int64_t hint_of(int64_t hint_s, int64_t facts)
{
    return facts_has_issued_ticket(facts) && hint_s >= 0 && hint_s <= UINT32_MAX ? hint_s
                                                                                 : HANDSHAKE_NULL;
}

/* A vector<0..2^16-1> (RFC 5077, 3.3; RFC 8446, 4.2.11). */
static uint16_t offered_of(int64_t bytes)
{
    if (bytes < 0) {
        return 0;
    }
    return bytes > UINT16_MAX ? UINT16_MAX : (uint16_t)bytes;
}

static int64_t facts_of(const struct record *record)
{
    struct facts facts = facts_of_handshake(&record->handshake);

    facts.missed = record->missed;
    return facts_pack(&facts);
}

void rollup_row_of(const struct handshake *handshake, const struct rollup_links *links,
                   struct rollup_row *out)
{
    *out = (struct rollup_row){
        .host = links->host,
        .id = links->id,
        .time_ns = handshake->time_ns,
        .facts = facts_of_figures(links->facts),
        .network = rollup_network(handshake->client.address),
        .handshake_ns = rollup_sane(handshake->handshake_ns),
        .rtt_ns = rollup_sane_sum(handshake->rtt_client_ns, handshake->rtt_server_ns),
        .bytes = rollup_sane_sum(handshake->bytes_client, handshake->bytes_server),
        .age_s = rollup_sane_age(links->age_s),
        .hint_s = hint_of(handshake->lifetime_hint_s, links->facts),
        .offered_bytes = offered_of(links->offered_bytes),
        .version = handshake->version,
        .refusal_cause = (uint8_t)links->refusal_cause,
        .anomalies = handshake->anomalies,
    };
}

void rollup_row_of_record(const struct record *record, struct rollup_row *out)
{
    const struct rollup_links links = {
        .id = record->id,
        .host = record->host_id,
        .facts = facts_of(record),
        .age_s = record->age_s,
        .offered_bytes = record->handshake.offered_bytes,
        .refusal_cause = record->refusal_cause,
    };

    rollup_row_of(&record->handshake, &links, out);
}

/* ---- A host's rows ---- */

struct place {
    uint64_t host;
    uint32_t row;
};

enum { SEEN = 1 << 10 };

/* What a block is made with. */
struct build {
    const struct rollup_row *rows;
    const struct place *places;
    size_t count;
    struct rollup_units units;
    struct rollup host;
    struct packing_writer body;
    uint32_t seen[SEEN]; /* where a tally may be that was added before: most come again */
};

static void shape_of(const struct rollup_row *row, struct rollup_shape *out)
{
    *out = (struct rollup_shape){
        .facts = row->facts,
        .anomalies = row->anomalies,
        .version = row->version,
        .refusal_cause = row->refusal_cause,
        .count = 1,
        .timed = row->handshake_ns != HANDSHAKE_NULL,
        .handshake_ns = row->handshake_ns != HANDSHAKE_NULL ? row->handshake_ns : 0,
        .with_rtt = row->rtt_ns != HANDSHAKE_NULL,
        .rtt_ns = row->rtt_ns != HANDSHAKE_NULL ? row->rtt_ns : 0,
        .with_bytes = row->bytes != HANDSHAKE_NULL,
        .bytes = row->bytes != HANDSHAKE_NULL ? row->bytes : 0,
        .offered_bytes = row->offered_bytes,
        .age_min_s = row->age_s,
        .age_max_s = row->age_s,
        .hint_min_s = row->hint_s,
        .hint_max_s = row->hint_s,
        .first_ns = row->time_ns,
        .last_ns = row->time_ns,
        .examples = {row->id},
    };
}

static size_t seen_at(const struct rollup_tally *tally)
{
    const uint64_t mixed =
        (tally->head ^ tally->network << 20 ^ tally->code) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 54);
}

static bool add(struct build *to, uint32_t head, uint64_t network, uint64_t code)
{
    const struct rollup_tally tally = {head, 1, network, code};
    uint32_t *seen = &to->seen[seen_at(&tally)];

    if (*seen < to->host.tally_count) {
        struct rollup_tally *known = &to->host.tallies[*seen];
        if (known->head == head && known->network == network && known->code == code) {
            known->count++;
            return true;
        }
    }
    *seen = (uint32_t)to->host.tally_count;
    return rollup_add_tally(&to->host, &tally);
}

static bool add_time(struct build *to, const struct rollup_row *row, enum rollup_times class)
{
    return add(to, rollup_head(ROLLUP_TIMES, row->version, class), row->network,
               rollup_code(row->handshake_ns));
}

static bool add_times(struct build *to, const struct rollup_row *row)
{
    if (row->handshake_ns == HANDSHAKE_NULL) {
        return true;
    }
    if (facts_verdict(row->facts) != VERDICT_FULL) {
        return add_time(to, row, ROLLUP_RESUMED);
    }
    switch (facts_missed(row->facts)) {
    case MISSED_NOT_OFFERED:
        return add_time(to, row, ROLLUP_FULL) && add_time(to, row, ROLLUP_NOT_OFFERED);
    case MISSED_REFUSED:
        return add_time(to, row, ROLLUP_FULL) && add_time(to, row, ROLLUP_REFUSED);
    case MISSED_NOT:
    case MISSED_COUNT:
        break;
    }
    return add_time(to, row, ROLLUP_FULL);
}

static bool add_bytes(struct build *to, const struct rollup_row *row)
{
    const enum rollup_times class =
        facts_verdict(row->facts) == VERDICT_FULL ? ROLLUP_FULL : ROLLUP_RESUMED;

    return row->bytes == HANDSHAKE_NULL ||
           add(to, rollup_head(ROLLUP_BYTES, row->version, class), 0, rollup_code(row->bytes));
}

static bool add_age(struct build *to, const struct rollup_row *row)
{
    if (row->age_s == HANDSHAKE_NULL || (facts_outcome(row->facts) != OUTCOME_ACCEPTED &&
                                         facts_outcome(row->facts) != OUTCOME_REFUSED)) {
        return true;
    }
    const enum rollup_ages class =
        facts_outcome(row->facts) == OUTCOME_ACCEPTED ? ROLLUP_AGE_ACCEPTED : ROLLUP_AGE_REFUSED;
    return add(to, rollup_head(ROLLUP_AGES, 0, class), 0, rollup_code(row->age_s));
}

static unsigned offer_class(enum outcome outcome)
{
    if (outcome == OUTCOME_ACCEPTED) {
        return ROLLUP_OFFER_ACCEPTED;
    }
    return outcome == OUTCOME_REFUSED ? ROLLUP_OFFER_REFUSED : ROLLUP_OFFER_OTHER;
}

static bool add_slot(struct build *to, const struct rollup_row *row, int64_t slot_s)
{
    const unsigned class =
        (unsigned)facts_verdict(row->facts) * 4 + offer_class(facts_outcome(row->facts));

    return add(to, rollup_head(ROLLUP_SLOTS, 0, class), 0,
               rollup_slot_code(rollup_slot_of(row->time_ns, slot_s)));
}

static bool add_tallies(struct build *to, const struct rollup_row *row, int64_t slot_s)
{
    const enum verdict verdict = facts_verdict(row->facts);
    const bool is_evaluated = verdict == VERDICT_FULL || verdict_is_resumed(verdict);

    return add_age(to, row) && add_slot(to, row, slot_s) &&
           (!is_evaluated || (add_times(to, row) && add_bytes(to, row)));
}

static bool add_row(struct build *build, const struct rollup_row *row)
{
    struct rollup *host = &build->host;
    struct rollup_shape shape;

    shape_of(row, &shape);
    if (host->shape_count == 0 || row->time_ns < host->first_ns) {
        host->first_ns = row->time_ns;
    }
    if (host->shape_count == 0 || row->time_ns > host->last_ns) {
        host->last_ns = row->time_ns;
    }
    return rollup_add_like(host, &shape) && add_tallies(build, row, build->units.slot_s);
}

/* ---- All rows ---- */

/* One pass of a radix sort; false: all have the same byte there, and nothing was done. */
static bool scatter(const struct place *from, struct place *to, size_t count, unsigned shift)
{
    uint32_t at[256] = {0};
    uint32_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        at[from[i].host >> shift & 0xff]++;
    }
    if (count == 0 || at[from[0].host >> shift & 0xff] == count) {
        return false;
    }
    for (size_t byte = 0; byte < 256; byte++) {
        const uint32_t of_byte = at[byte];
        at[byte] = sum;
        sum += of_byte;
    }
    for (size_t i = 0; i < count; i++) {
        to[at[from[i].host >> shift & 0xff]++] = from[i];
    }
    return true;
}

/* Rows by host, those of one host as they came. Returns the half of the array that has them. */
static const struct place *sort_places(struct place *places, const struct rollup_row *rows,
                                       size_t count)
{
    struct place *from = places;
    struct place *to = places + count;

    for (size_t i = 0; i < count; i++) {
        from[i] = (struct place){(uint64_t)rows[i].host, (uint32_t)i};
    }
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if (scatter(from, to, count, shift)) {
            struct place *const swapped = from;
            from = to;
            to = swapped;
        }
    }
    return from;
}

/* The rows from one place to another are one host's. */
static bool build_host(struct build *build, size_t from, size_t to)
{
    rollup_clear(&build->host);
    for (size_t i = from; i < to; i++) {
        if (!add_row(build, &build->rows[build->places[i].row])) {
            return false;
        }
    }
    if (!rollup_settle_unordered(&build->host)) {
        return false;
    }
    build->body.len = 0;
    rollup_pack(&build->host, &build->units, &build->body);
    return true;
}

static bool build_hosts(struct build *build, struct packing_writer *out)
{
    uint64_t before = 0;
    size_t end;

    for (size_t from = 0; from < build->count; from = end) {
        const uint64_t host = build->places[from].host;
        for (end = from; end < build->count && build->places[end].host == host; end++) {
        }
        if (!build_host(build, from, end)) {
            return false;
        }
        rollup_block_add(host, before, &build->body, out);
        before = host;
    }
    return !out->has_failed;
}

int64_t rollup_block_slot_s(int64_t first_ns, int64_t last_ns)
{
    static const int64_t lengths_s[] = {1, 10, 60, 600, 3600, 21600, 86400, 604800};
    const uint64_t span_s = ((uint64_t)last_ns - (uint64_t)first_ns) / 1000000000;
    size_t i = 0;

    while (i + 1 < sizeof(lengths_s) / sizeof(lengths_s[0]) &&
           span_s / (uint64_t)lengths_s[i] >= ROLLUP_SLOTS_MAX) {
        i++;
    }
    return lengths_s[i];
}

static struct rollup_units units_of(const struct rollup_row *rows, size_t count)
{
    int64_t first_ns = count > 0 ? rows[0].time_ns : 0;
    int64_t last_ns = first_ns;

    for (size_t i = 1; i < count; i++) {
        first_ns = rows[i].time_ns < first_ns ? rows[i].time_ns : first_ns;
        last_ns = rows[i].time_ns > last_ns ? rows[i].time_ns : last_ns;
    }
    return (struct rollup_units){first_ns, rollup_block_slot_s(first_ns, last_ns)};
}

bool rollup_block_build(const struct rollup_row *rows, size_t count, struct packing_writer *out)
{
    struct place *places = calloc(2 * count + 1, sizeof(*places));
    if (places == NULL) {
        return false;
    }
    struct build build = {.rows = rows,
                          .places = sort_places(places, rows, count),
                          .count = count,
                          .units = units_of(rows, count)};
    rollup_block_begin(&build.units, out);
    const bool is_built = build_hosts(&build, out);
    rollup_free(&build.host);
    free(build.body.data);
    free(places);
    return is_built;
}
