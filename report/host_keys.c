#include "report/host_keys.h"

#include "report/key_history.h"

#include <stdlib.h>
#include <string.h>

enum {
    USES_MAX = 32,
    ISSUED_MIN = 3, /* tickets under a key before it counts as used for issuing */
};

struct use {
    int64_t key;
    struct endpoint server;
    int64_t first_ns;
    int64_t last_ns;
};

struct host_keys_gather {
    struct key_history *history;
    struct host_keys sums;
    int64_t first_ns;
    int64_t last_ns;
    struct use uses[USES_MAX]; /* those that issued */
    size_t count;
};

void host_keys_init(struct host_keys *keys)
{
    *keys = (struct host_keys){.rotation_ns = HANDSHAKE_NULL};
}

struct host_keys_gather *host_keys_gather_new(void)
{
    struct host_keys_gather *gather = calloc(1, sizeof(*gather));
    if (gather == NULL) {
        return NULL;
    }
    host_keys_init(&gather->sums);
    gather->history = key_history_new();
    if (gather->history == NULL) {
        free(gather);
        return NULL;
    }
    return gather;
}

void host_keys_gather_free(struct host_keys_gather *gather)
{
    if (gather != NULL) {
        key_history_free(gather->history);
        free(gather);
    }
}

/* Any two times can be given. */
static int64_t span(int64_t from_ns, int64_t to_ns)
{
    int64_t out;

    if (to_ns < from_ns) {
        return 0;
    }
    return __builtin_sub_overflow(to_ns, from_ns, &out) ? INT64_MAX : out;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void add_issuing(struct host_keys_gather *gather, const struct key_use_record *use)
{
    if (use->issued_count >= ISSUED_MIN && gather->count < USES_MAX) {
        gather->uses[gather->count++] =
            (struct use){use->key, use->server, use->first_seen_ns, use->last_seen_ns};
    }
}

bool host_keys_gather_add(struct host_keys_gather *gather, const struct key_use_record *use)
{
    const bool is_first = key_history_hosts(gather->history) == 0;

    if (!key_history_add(gather->history, use)) {
        return false;
    }
    gather->first_ns =
        is_first ? use->first_seen_ns : earlier(gather->first_ns, use->first_seen_ns);
    gather->last_ns = is_first ? use->last_seen_ns : later(gather->last_ns, use->last_seen_ns);
    gather->sums.issued += use->issued_count > 0 ? (uint64_t)use->issued_count : 0;
    gather->sums.warnings |= use->warnings;
    add_issuing(gather, use);
    return true;
}

static bool is_same_server(const struct use *a, const struct use *b)
{
    return a->server.port == b->server.port &&
           memcmp(a->server.address, b->server.address, sizeof(a->server.address)) == 0;
}

static bool has_key(const struct host_keys_gather *gather, const struct use *server, int64_t key)
{
    for (size_t i = 0; i < gather->count; i++) {
        if (gather->uses[i].key == key && is_same_server(&gather->uses[i], server)) {
            return true;
        }
    }
    return false;
}

/* Whether the servers of two uses have any. */
static bool has_common_key(const struct host_keys_gather *gather, const struct use *a,
                           const struct use *b)
{
    for (size_t i = 0; i < gather->count; i++) {
        if (is_same_server(&gather->uses[i], a) && has_key(gather, b, gather->uses[i].key)) {
            return true;
        }
    }
    return false;
}

/* Sights of old tickets draw a key's time out after a new one came, so that keys which follow each
 * other overlap: what sets apart keys that do not is that they begin and end together. */
static enum host_keys_split split_of(const struct host_keys_gather *gather, const struct use *a,
                                     const struct use *b)
{
    const double common =
        (double)span(later(a->first_ns, b->first_ns), earlier(a->last_ns, b->last_ns));
    const double shorter =
        (double)earlier(span(a->first_ns, a->last_ns), span(b->first_ns, b->last_ns));
    const double both =
        (double)span(earlier(a->first_ns, b->first_ns), later(a->last_ns, b->last_ns));

    if (a->key == b->key || common <= 0) {
        return HOST_KEYS_TOGETHER;
    }
    if (is_same_server(a, b)) {
        return common >= 0.9 * both ? HOST_KEYS_ONE_ADDRESS : HOST_KEYS_TOGETHER;
    }
    return common >= 0.5 * shorter && !has_common_key(gather, a, b) ? HOST_KEYS_BY_SERVER
                                                                    : HOST_KEYS_TOGETHER;
}

/* Whether a use and one of those after it are split. */
static bool find_split_from(struct host_keys_gather *gather, size_t first)
{
    const struct use *a = &gather->uses[first];

    for (const struct use *b = a + 1; b < gather->uses + gather->count; b++) {
        gather->sums.split = split_of(gather, a, b);
        if (gather->sums.split != HOST_KEYS_TOGETHER) {
            gather->sums.servers[0] = a->server;
            gather->sums.servers[1] = b->server;
            return true;
        }
    }
    return false;
}

static void find_split(struct host_keys_gather *gather)
{
    size_t first = 0;

    while (first < gather->count && !find_split_from(gather, first)) {
        first++;
    }
}

bool host_keys_gather_end(struct host_keys_gather *gather, struct host_keys *out)
{
    if (!key_history_finish(gather->history)) {
        return false;
    }
    if (key_history_hosts(gather->history) > 0) {
        const struct key_history_host *host = key_history_host(gather->history, 0);
        gather->sums.keys = host->keys;
        gather->sums.rotation_ns = host->rotation_ns;
        gather->sums.rotations = host->rotations;
        gather->sums.span_ns = span(gather->first_ns, gather->last_ns);
    }
    find_split(gather);
    *out = gather->sums;
    return true;
}
