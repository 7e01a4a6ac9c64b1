#include "dissect/net/flow_recent.h"

enum { AT_ONCE = 64, PLACE_SHIFT = FLOW_STATE_BITS + 1 };

static struct flow_recent_place *place_of(struct flow_recent *recent, uint64_t hash)
{
    return &recent->places[(hash >> PLACE_SHIFT) % FLOW_RECENT_COUNT];
}

static void set(struct flow_recent *recent, uint64_t hash, uint32_t hint)
{
    *place_of(recent, hash) = (struct flow_recent_place){(uint32_t)(hash >> 32), hint};
}

void flow_recent_note(struct flow_recent *recent, const struct flow_table *table,
                      const struct flow *flow, uint64_t hash)
{
    set(recent, hash, flow_table_hint(table, flow));
}

/* The way through the table, for those that were not seen just now: all buckets are asked for
 * before the first is looked at. */
static void expect_from_table(struct flow_recent *recent, const struct flow_table *table,
                              struct prepared *const *missed, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        missed[i]->hint = flow_table_expect_bucket(table, missed[i]->hash);
    }
    for (size_t i = 0; i < count; i++) {
        missed[i]->hint = flow_table_expect(table, missed[i]->hash, missed[i]->hint);
        if (missed[i]->hint != 0) {
            set(recent, missed[i]->hash, missed[i]->hint);
        }
    }
}

static void expect_some(struct flow_recent *recent, const struct flow_table *table,
                        struct prepared *prepared, size_t count)
{
    struct prepared *missed[AT_ONCE];
    size_t missed_count = 0;

    for (size_t i = 0; i < count; i++) {
        if (prepared[i].result != PACKET_TCP) {
            continue;
        }
        const struct flow_recent_place place = *place_of(recent, prepared[i].hash);
        if (place.tag == prepared[i].hash >> 32) {
            prepared[i].hint = place.hint;
            __builtin_prefetch(flow_table_expected(table, place.hint));
        } else {
            missed[missed_count++] = &prepared[i];
        }
    }
    expect_from_table(recent, table, missed, missed_count);
}

void flow_recent_expect(struct flow_recent *recent, const struct flow_table *table,
                        struct prepared *prepared, size_t count)
{
    for (size_t i = 0; i < count; i += AT_ONCE) {
        expect_some(recent, table, prepared + i, count - i < AT_ONCE ? count - i : AT_ONCE);
    }
}

struct flow *flow_recent_find(struct flow_recent *recent, const struct flow_table *table,
                              const struct prepared *prepared)
{
    struct flow *flow = flow_table_find(table, prepared->hash, prepared->hint);

    if (flow != NULL && flow_table_hint(table, flow) != prepared->hint) {
        flow_recent_note(recent, table, flow, prepared->hash);
    }
    return flow;
}
