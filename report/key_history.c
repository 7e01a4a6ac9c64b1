#include "report/key_history.h"

#include "report/array.h"

#include <stdlib.h>
#include <string.h>

/* One key, for one host at one server. */
struct sight {
    int64_t key;
    uint32_t host;
    uint32_t server;  /* number of the stretch of equal host and server */
    uint64_t address; /* of the server, hashed */
    int64_t first_ns;
    int64_t last_ns;
    bool is_own; /* the server issued or accepted a ticket under it */
};

/* A key's number in the database, beside what is summed. */
struct known {
    int64_t key;
    struct key_history_key sums;
};

struct key_history {
    struct sight *sights;
    size_t sight_count;
    size_t sight_capacity;
    struct key_history_host *hosts;
    size_t host_count;
    size_t host_capacity;
    struct known *keys;
    size_t key_count;
    size_t key_capacity;
    int64_t *times; /* room for as many as there are sights */
    struct endpoint last_server;
};

struct key_history *key_history_new(void)
{
    return calloc(1, sizeof(struct key_history));
}

void key_history_free(struct key_history *history)
{
    if (history != NULL) {
        free(history->sights);
        free(history->hosts);
        free(history->keys);
        free(history->times);
        free(history);
    }
}

/* ---- What comes in ---- */

static bool is_same_text(const struct wire_text *a, const struct wire_text *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static bool is_same_server(const struct endpoint *a, const struct endpoint *b)
{
    return a->port == b->port && memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

static uint64_t hash_of(const struct endpoint *server)
{
    uint64_t hash = server->port;

    for (size_t i = 0; i < sizeof(server->address); i++) {
        hash = (hash ^ server->address[i]) * 0x9e3779b97f4a7c15U;
        hash ^= hash >> 29;
    }
    return hash;
}

static bool reserve(struct key_history *history)
{
    struct sight *sights = array_reserve(history->sights, &history->sight_capacity,
                                         history->sight_count + 1, sizeof(*sights));
    if (sights == NULL) {
        return false;
    }
    history->sights = sights;
    struct key_history_host *hosts = array_reserve(history->hosts, &history->host_capacity,
                                                   history->host_count + 1, sizeof(*hosts));
    if (hosts == NULL) {
        return false;
    }
    history->hosts = hosts;
    struct known *keys = array_reserve(history->keys, &history->key_capacity,
                                       history->sight_count + 1, sizeof(*keys));
    if (keys == NULL) {
        return false;
    }
    history->keys = keys;
    return true;
}

static bool begins_host(const struct key_history *history, const struct key_use_record *use)
{
    return history->host_count == 0 ||
           !is_same_text(&history->hosts[history->host_count - 1].host, &use->host);
}

bool key_history_add(struct key_history *history, const struct key_use_record *use)
{
    if (!reserve(history)) {
        return false;
    }
    const bool is_new_host = begins_host(history, use);
    const bool is_new_server = is_new_host || !is_same_server(&history->last_server, &use->server);
    const size_t count = history->sight_count;
    uint32_t server = count == 0 ? 0 : history->sights[count - 1].server;

    if (is_new_host) {
        history->hosts[history->host_count++] = (struct key_history_host){.host = use->host};
    }
    history->sights[count] = (struct sight){
        .key = use->key,
        .host = (uint32_t)history->host_count - 1,
        .server = server + is_new_server,
        .address = hash_of(&use->server),
        .first_ns = use->first_seen_ns,
        .last_ns = use->last_seen_ns,
        .is_own = use->issued_count > 0 || use->accepted_count > 0,
    };
    /* One for each sight, merged when all are there. */
    struct known *known = &history->keys[count];
    *known = (struct known){
        .key = use->key,
        .sums = {.format = use->format,
                 .warnings = use->warnings,
                 .first_seen_ns = use->first_seen_ns,
                 .last_seen_ns = use->last_seen_ns,
                 .issued_count = use->issued_count,
                 .offered_count = use->offered_count,
                 .accepted_count = use->accepted_count,
                 .refused_count = use->refused_count},
    };
    memcpy(known->sums.name, use->name, sizeof(known->sums.name));
    history->last_server = use->server;
    history->sight_count++;
    return true;
}

/* ---- Keys ---- */

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_key(const void *left, const void *right)
{
    return compare_numbers(((const struct known *)left)->key, ((const struct known *)right)->key);
}

static int by_first_sight(const void *left, const void *right)
{
    const struct known *a = left;
    const struct known *b = right;
    const int order = compare_numbers(a->sums.first_seen_ns, b->sums.first_seen_ns);

    return order != 0 ? order : compare_numbers(a->key, b->key);
}

static void merge(struct key_history_key *into, const struct key_history_key *from)
{
    if (from->first_seen_ns < into->first_seen_ns) {
        into->first_seen_ns = from->first_seen_ns;
    }
    if (from->last_seen_ns > into->last_seen_ns) {
        into->last_seen_ns = from->last_seen_ns;
    }
    into->issued_count += from->issued_count;
    into->offered_count += from->offered_count;
    into->accepted_count += from->accepted_count;
    into->refused_count += from->refused_count;
}

/* Keys sorted by number, as many as there are sights, become one of each. */
static void merge_keys(struct key_history *history)
{
    for (size_t i = 0; i < history->sight_count; i++) {
        struct known *last = &history->keys[history->key_count > 0 ? history->key_count - 1 : 0];
        if (history->key_count > 0 && last->key == history->keys[i].key) {
            merge(&last->sums, &history->keys[i].sums);
        } else {
            history->keys[history->key_count++] = history->keys[i];
        }
    }
}

static int by_key_and_host(const void *left, const void *right)
{
    const struct sight *a = left;
    const struct sight *b = right;
    const int order = compare_numbers(a->key, b->key);

    return order != 0 ? order : compare_numbers(a->host, b->host);
}

static int by_key_and_address(const void *left, const void *right)
{
    const struct sight *a = left;
    const struct sight *b = right;
    const int order = compare_numbers(a->key, b->key);

    return order != 0 ? order : (a->address > b->address) - (a->address < b->address);
}

static void count_servers(struct key_history *history)
{
    size_t key = 0;

    qsort(history->sights, history->sight_count, sizeof(*history->sights), by_key_and_address);
    for (size_t i = 0; i < history->sight_count; i++) {
        const struct sight *sight = &history->sights[i];
        const struct sight *before = i > 0 ? sight - 1 : NULL;
        const bool is_same_key = before != NULL && before->key == sight->key;
        key += before != NULL && !is_same_key;
        history->keys[key].sums.servers += !is_same_key || before->address != sight->address;
    }
}

/* How many hosts each key has; of each host, how many keys. */
static void count_hosts(struct key_history *history)
{
    size_t key = 0;

    qsort(history->sights, history->sight_count, sizeof(*history->sights), by_key_and_host);
    for (size_t i = 0; i < history->sight_count; i++) {
        const struct sight *sight = &history->sights[i];
        const struct sight *before = i > 0 ? sight - 1 : NULL;
        const bool is_same_key = before != NULL && before->key == sight->key;
        key += before != NULL && !is_same_key;
        if (!is_same_key || before->host != sight->host) {
            history->keys[key].sums.hosts++;
            history->hosts[sight->host].keys++;
        }
    }
}

static void count_shared(struct key_history *history)
{
    size_t key = 0;

    for (size_t i = 0; i < history->sight_count; i++) {
        const struct sight *sight = &history->sights[i];
        const struct sight *before = i > 0 ? sight - 1 : NULL;
        const bool is_same_key = before != NULL && before->key == sight->key;
        key += before != NULL && !is_same_key;
        const bool is_new = !is_same_key || before->host != sight->host;
        history->hosts[sight->host].shared += is_new && history->keys[key].sums.hosts > 1;
    }
}

/* ---- Hosts ---- */

static int by_host_and_server(const void *left, const void *right)
{
    const struct sight *a = left;
    const struct sight *b = right;
    const int order = compare_numbers(a->server, b->server);

    return order != 0 ? order : compare_numbers(a->first_ns, b->first_ns);
}

static int by_number(const void *left, const void *right)
{
    return compare_numbers(*(const int64_t *)left, *(const int64_t *)right);
}

/* Times of a capture: any two can be given. */
static int64_t difference(int64_t later_ns, int64_t earlier_ns)
{
    int64_t out;
    return __builtin_sub_overflow(later_ns, earlier_ns, &out) ? INT64_MAX : out;
}

/* Sights of one host, by server, then first sight. A key that a client brought from another server,
 * and that this one refused, is no new key of this one's. */
static void measure_rotation(struct key_history *history, size_t from, size_t to,
                             struct key_history_host *host)
{
    const struct sight *before = NULL;
    size_t count = 0;

    for (size_t i = from; i < to; i++) {
        const struct sight *sight = &history->sights[i];
        if (!sight->is_own) {
            continue;
        }
        if (before != NULL && before->server == sight->server) {
            history->times[count++] = difference(sight->first_ns, before->first_ns);
        }
        before = sight;
    }
    qsort(history->times, count, sizeof(*history->times), by_number);
    host->rotations = count;
    host->rotation_ns = count == 0 ? HANDSHAKE_NULL : history->times[(count - 1) / 2];
}

static int by_key_then_time(const void *left, const void *right)
{
    const struct sight *a = left;
    const struct sight *b = right;
    const int order = compare_numbers(a->key, b->key);

    return order != 0 ? order : compare_numbers(a->first_ns, b->first_ns);
}

static int by_time(const void *left, const void *right)
{
    return compare_numbers(((const struct sight *)left)->first_ns,
                           ((const struct sight *)right)->first_ns);
}

/* A key's sights at several servers become one, from the first to the last; returns how many keys
 * there are. */
static size_t merge_sights(struct sight *sights, size_t count)
{
    size_t kept = 0;

    qsort(sights, count, sizeof(*sights), by_key_then_time);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || sights[kept - 1].key != sights[i].key) {
            sights[kept++] = sights[i];
        } else if (sights[i].last_ns > sights[kept - 1].last_ns) {
            sights[kept - 1].last_ns = sights[i].last_ns;
        }
    }
    return kept;
}

/* Walks over the beginnings; those whose end lies before are over. */
static uint64_t most_at_once(struct key_history *history, struct sight *sights, size_t count)
{
    const size_t keys = merge_sights(sights, count);
    size_t over = 0;
    size_t most = 0;

    qsort(sights, keys, sizeof(*sights), by_time);
    for (size_t i = 0; i < keys; i++) {
        history->times[i] = sights[i].last_ns;
    }
    qsort(history->times, keys, sizeof(*history->times), by_number);
    for (size_t i = 0; i < keys; i++) {
        while (history->times[over] < sights[i].first_ns) {
            over++;
        }
        most = i + 1 - over > most ? i + 1 - over : most;
    }
    return most;
}

static void measure_hosts(struct key_history *history)
{
    size_t from = 0;

    qsort(history->sights, history->sight_count, sizeof(*history->sights), by_host_and_server);
    for (size_t number = 0; number < history->host_count; number++) {
        struct key_history_host *host = &history->hosts[number];
        size_t to = from;
        while (to < history->sight_count && history->sights[to].host == number) {
            to++;
        }
        measure_rotation(history, from, to, host);
        host->at_once = most_at_once(history, history->sights + from, to - from);
        from = to;
    }
}

bool key_history_finish(struct key_history *history)
{
    history->times = calloc(history->sight_count + 1, sizeof(*history->times));
    if (history->times == NULL) {
        return false;
    }
    if (history->sight_count > 0) {
        qsort(history->keys, history->sight_count, sizeof(*history->keys), by_key);
        merge_keys(history);
        count_servers(history);
        count_hosts(history);
        count_shared(history);
        measure_hosts(history);
        qsort(history->keys, history->key_count, sizeof(*history->keys), by_first_sight);
    }
    return true;
}

size_t key_history_keys(const struct key_history *history)
{
    return history->key_count;
}

const struct key_history_key *key_history_key(const struct key_history *history, size_t place)
{
    return &history->keys[place].sums;
}

size_t key_history_hosts(const struct key_history *history)
{
    return history->host_count;
}

const struct key_history_host *key_history_host(const struct key_history *history, size_t place)
{
    return &history->hosts[place];
}
