#include "dissect/net/fragments.h"

#include "base/pool.h"
#include "base/siphash.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_PER_DATAGRAM = 8192 /* for how many the memory is meant */ };

#define SECOND_NS INT64_C(1000000000)

/* Two taps, or a frame sent again on the radio: a fragment of what is whole already. Later the
 * number may be in use anew. */
#define REPEATED_WITHIN_NS (SECOND_NS / 10)

/* From the first fragment that came. RFC 791, 3.2 leaves it open; RFC 8200, 4.5 says 60 s; the 4096
 * sequence numbers of IEEE 802.11 are soon used up. */
static const int64_t timeouts_ns[FRAGMENT_KINDS] = {
    [FRAGMENT_IPV4] = 30 * SECOND_NS,
    [FRAGMENT_IPV6] = 60 * SECOND_NS,
    [FRAGMENT_CAPWAP] = 30 * SECOND_NS,
    [FRAGMENT_WLAN] = SECOND_NS,
};

/* What fragments of one datagram have in common; compared and hashed as bytes, so without gaps. */
struct key {
    struct endpoint source;
    struct endpoint destination;
    uint32_t identification;
    uint32_t kind;     /* not hashed, as the next */
    uint32_t protocol; /* of IPv4 only: RFC 791, 3.2 and RFC 8200, 4.5 */
};

enum { HASHED_BYTES = offsetof(struct key, kind) };

_Static_assert(sizeof(struct key) == 48, "no padding that compares unequal");

/* A datagram in the table, which stays after its end to know what still comes of it. */
struct entry {
    struct entry *older;
    struct entry *newer;
    struct entry *next_in_bucket;
    struct key key;
    int64_t begun_ns;
    int64_t whole_ns;
    bool is_refused;
    enum dead_end_other reason; /* why it is refused */
    uint32_t count;             /* fragments that came, repeated ones too */
    uint32_t captured;          /* of these, in frames of the capture */
    struct datagram datagram;
};

struct fragments {
    struct pool *entries;
    struct pool *blocks;
    size_t max_blocks;
    struct entry *oldest;
    struct entry *newest;
    struct entry **buckets; /* a power of two of them */
    size_t bucket_mask;
    struct siphash_key hash_key;
    struct fragments_counters *counters;
};

static size_t buckets_for(size_t entries)
{
    size_t buckets = 16;

    while (buckets < entries) {
        buckets *= 2;
    }
    return buckets;
}

struct fragments *fragments_new(size_t max_bytes, const uint8_t key[16],
                                struct fragments_counters *counters)
{
    struct fragments *fragments = calloc(1, sizeof(*fragments));
    const size_t entries = max_bytes / BYTES_PER_DATAGRAM + 1;
    const size_t overhead = entries * sizeof(struct entry);

    if (fragments == NULL) {
        return NULL;
    }
    fragments->counters = counters;
    fragments->hash_key = siphash_key_of(key);
    fragments->bucket_mask = buckets_for(entries) - 1;
    fragments->max_blocks =
        max_bytes > overhead ? (max_bytes - overhead) / DATAGRAM_BLOCK_BYTES : 0;
    fragments->buckets = calloc(fragments->bucket_mask + 1, sizeof(struct entry *));
    fragments->entries = pool_new(sizeof(struct entry), entries);
    fragments->blocks = pool_new(DATAGRAM_BLOCK_BYTES, fragments->max_blocks);
    if (fragments->buckets == NULL || fragments->entries == NULL || fragments->blocks == NULL) {
        fragments_free(fragments);
        return NULL;
    }
    return fragments;
}

void fragments_free(struct fragments *fragments)
{
    if (fragments == NULL) {
        return;
    }
    pool_free(fragments->blocks);
    pool_free(fragments->entries);
    free(fragments->buckets);
    free(fragments);
}

static void count_lost(struct fragments *fragments, enum dead_end_other reason, uint32_t count)
{
    dead_ends_add(&fragments->counters->dead_ends, (struct dead_end){DEAD_END_OTHER, reason},
                  count);
}

/* ---- The table ---- */

static struct entry **bucket_of(const struct fragments *fragments, const struct key *key)
{
    const uint64_t hash = siphash(&fragments->hash_key, (const uint8_t *)key, HASHED_BYTES);

    return &fragments->buckets[hash & fragments->bucket_mask];
}

static void forget(struct fragments *fragments, struct entry *entry)
{
    struct entry **link = bucket_of(fragments, &entry->key);

    while (*link != entry) {
        link = &(*link)->next_in_bucket;
    }
    *link = entry->next_in_bucket;
    *(entry->older != NULL ? &entry->older->newer : &fragments->oldest) = entry->newer;
    *(entry->newer != NULL ? &entry->newer->older : &fragments->newest) = entry->older;
    datagram_clear(&entry->datagram, fragments->blocks);
    pool_give(fragments->entries, entry);
}

static void give_up(struct fragments *fragments, struct entry *entry, enum dead_end_other reason)
{
    if (!entry->datagram.is_whole && !entry->is_refused) {
        count_lost(fragments, reason, entry->count);
    }
    forget(fragments, entry);
}

static void refuse(struct fragments *fragments, struct entry *entry, enum dead_end_other reason)
{
    count_lost(fragments, reason, entry->count);
    datagram_clear(&entry->datagram, fragments->blocks);
    entry->is_refused = true;
    entry->reason = reason;
}

/* Clocks of captures jump: back is no reason to forget, and no distance is too far to compute. */
static bool is_over(int64_t since_ns, int64_t now_ns, int64_t timeout_ns)
{
    return now_ns > since_ns && (uint64_t)now_ns - (uint64_t)since_ns >= (uint64_t)timeout_ns;
}

static bool is_overdue(const struct entry *entry, int64_t now_ns)
{
    return entry->datagram.is_whole
               ? is_over(entry->whole_ns, now_ns, REPEATED_WITHIN_NS)
               : is_over(entry->begun_ns, now_ns, timeouts_ns[entry->datagram.kind]);
}

static void expire(struct fragments *fragments, int64_t now_ns)
{
    while (fragments->oldest != NULL && is_overdue(fragments->oldest, now_ns)) {
        give_up(fragments, fragments->oldest, DEAD_END_FRAGMENT_ALONE);
    }
}

static struct entry *take_entry(struct fragments *fragments)
{
    struct entry *entry = pool_take(fragments->entries);

    if (entry == NULL && fragments->oldest != NULL) {
        give_up(fragments, fragments->oldest, DEAD_END_FRAGMENT_NO_ROOM);
        entry = pool_take(fragments->entries);
    }
    return entry;
}

/* NULL without memory. */
static struct entry *add_entry(struct fragments *fragments, const struct key *key,
                               const struct fragment *fragment)
{
    struct entry *entry = take_entry(fragments);
    struct entry **bucket = bucket_of(fragments, key);

    if (entry == NULL) {
        return NULL;
    }
    entry->older = fragments->newest;
    entry->newer = NULL;
    entry->next_in_bucket = *bucket;
    entry->key = *key;
    entry->begun_ns = fragment->time_ns;
    entry->is_refused = false;
    entry->count = 0;
    entry->captured = 0;
    datagram_init(&entry->datagram, fragment);
    *bucket = entry;
    *(fragments->newest != NULL ? &fragments->newest->newer : &fragments->oldest) = entry;
    fragments->newest = entry;
    return entry;
}

static struct key key_of(const struct fragment *fragment)
{
    return (struct key){
        .source = fragment->source,
        .destination = fragment->destination,
        .identification = fragment->identification,
        .kind = (uint32_t)fragment->kind,
        .protocol = fragment->kind == FRAGMENT_IPV4 ? fragment->protocol : 0,
    };
}

/* Where the fragment belongs, a new place if need be. */
static struct entry *entry_of(struct fragments *fragments, const struct fragment *fragment)
{
    const struct key key = key_of(fragment);
    struct entry *entry = *bucket_of(fragments, &key);

    while (entry != NULL && memcmp(&entry->key, &key, sizeof(key)) != 0) {
        entry = entry->next_in_bucket;
    }
    if (entry != NULL && is_overdue(entry, fragment->time_ns)) {
        give_up(fragments, entry, DEAD_END_FRAGMENT_ALONE); /* the number is used anew */
        entry = NULL;
    }
    return entry != NULL ? entry : add_entry(fragments, &key, fragment);
}

/* Gives up others, oldest first, until there are blocks for so many bytes anywhere. */
static void make_room(struct fragments *fragments, const struct entry *entry, size_t len)
{
    const size_t needed = len / DATAGRAM_BLOCK_BYTES + 2;
    struct entry *victim = fragments->oldest;

    while (victim != NULL && pool_taken(fragments->blocks) + needed > fragments->max_blocks) {
        struct entry *const newer = victim->newer;
        if (victim != entry) {
            give_up(fragments, victim, DEAD_END_FRAGMENT_NO_ROOM);
        }
        victim = newer;
    }
}

/* ---- Fragments ---- */

/* True when it is whole. */
static bool add_to(struct fragments *fragments, struct entry *entry,
                   const struct fragment *fragment, bool is_captured)
{
    entry->count++;
    entry->captured += is_captured;
    make_room(fragments, entry, fragment->payload.len);
    switch (datagram_add(&entry->datagram, fragments->blocks, fragment)) {
    case DATAGRAM_WHOLE:
        return true;
    case DATAGRAM_GROWS:
    case DATAGRAM_REPEATED:
        break;
    case DATAGRAM_OVERLAP:
        refuse(fragments, entry, DEAD_END_FRAGMENT_OVERLAP);
        break;
    case DATAGRAM_MALFORMED:
        refuse(fragments, entry, DEAD_END_FRAGMENT_MALFORMED);
        break;
    case DATAGRAM_ALONE:
        refuse(fragments, entry, DEAD_END_FRAGMENT_ALONE);
        break;
    case DATAGRAM_NO_ROOM:
        refuse(fragments, entry, DEAD_END_FRAGMENT_NO_ROOM);
        break;
    }
    return false;
}

static void add_to_whole(struct fragments *fragments, struct entry *entry,
                         const struct fragment *fragment, bool is_captured)
{
    if (datagram_add(&entry->datagram, fragments->blocks, fragment) == DATAGRAM_REPEATED) {
        fragments->counters->fragments_joined += is_captured;
    } else {
        count_lost(fragments, DEAD_END_FRAGMENT_OVERLAP, 1);
    }
}

static void finish(struct fragments *fragments, struct entry *entry, int64_t now_ns,
                   uint8_t *buffer, struct frame *out)
{
    datagram_finish(&entry->datagram, fragments->blocks, buffer, out);
    out->time_ns = now_ns;
    entry->whole_ns = now_ns;
    fragments->counters->datagrams++;
    fragments->counters->fragments_joined += entry->captured;
}

bool fragments_add(struct fragments *fragments, const struct fragment *fragment, bool is_captured,
                   uint8_t *buffer, struct frame *out)
{
    expire(fragments, fragment->time_ns);
    if (fragment->len == 0) {
        count_lost(fragments, DEAD_END_FRAGMENT_MALFORMED, 1);
        return false;
    }
    struct entry *const entry = entry_of(fragments, fragment);
    if (entry == NULL) {
        count_lost(fragments, DEAD_END_FRAGMENT_NO_ROOM, 1);
    } else if (entry->is_refused) {
        count_lost(fragments, entry->reason, 1);
    } else if (entry->datagram.is_whole) {
        add_to_whole(fragments, entry, fragment, is_captured);
    } else if (add_to(fragments, entry, fragment, is_captured)) {
        finish(fragments, entry, fragment->time_ns, buffer, out);
        return true;
    }
    return false;
}

void fragments_finish(struct fragments *fragments)
{
    while (fragments->oldest != NULL) {
        give_up(fragments, fragments->oldest, DEAD_END_FRAGMENT_ALONE);
    }
}
