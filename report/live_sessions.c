#include "report/live_sessions.h"

#include "report/array.h"
#include "report/statistics.h"

#include <stdlib.h>
#include <string.h>

/* A session begins or ends to be live. */
struct live_event {
    int64_t time_ns;
    uint64_t bytes;
    uint32_t client; /* in the order of their addresses */
    bool is_end;
    bool is_id;
};

void live_sessions_clear(struct live_sessions *live)
{
    free(live->sessions);
    free(live->events);
    free(live->values);
    *live = (struct live_sessions){.count = 0};
}

bool live_sessions_add(struct live_sessions *live, const struct live_session *session)
{
    struct live_session *sessions =
        array_reserve(live->sessions, &live->capacity, live->count + 1, sizeof(*sessions));
    if (sessions == NULL) {
        return false;
    }
    live->sessions = sessions;
    sessions[live->count++] = *session;
    return true;
}

static int64_t add_ns(int64_t time_ns, int64_t span_ns)
{
    int64_t sum;
    return __builtin_add_overflow(time_ns, span_ns, &sum) ? INT64_MAX : sum;
}

static int64_t ns_of(int64_t seconds)
{
    int64_t ns;
    return __builtin_mul_overflow(seconds, (int64_t)1000000000, &ns) ? INT64_MAX : ns;
}

static int by_client(const void *left, const void *right)
{
    const struct live_session *a = left;
    const struct live_session *b = right;

    return memcmp(a->client, b->client, sizeof(a->client));
}

/* A session that ends as another begins makes room for it. */
static int by_time(const struct live_event *a, const struct live_event *b)
{
    if (a->time_ns != b->time_ns) {
        return a->time_ns < b->time_ns ? -1 : 1;
    }
    return (int)b->is_end - (int)a->is_end;
}

static int by_client_and_time(const void *left, const void *right)
{
    const struct live_event *a = left;
    const struct live_event *b = right;

    if (a->client != b->client) {
        return a->client < b->client ? -1 : 1;
    }
    return by_time(a, b);
}

static int ids_first_by_time(const void *left, const void *right)
{
    const struct live_event *a = left;
    const struct live_event *b = right;

    return a->is_id != b->is_id ? (int)b->is_id - (int)a->is_id : by_time(a, b);
}

static bool reserve_work(struct live_sessions *live)
{
    const size_t wanted = 2 * live->count + 1;
    struct live_event *events =
        array_reserve(live->events, &live->event_capacity, wanted, sizeof(*events));
    if (events == NULL) {
        return false;
    }
    live->events = events;
    int64_t *values = array_reserve(live->values, &live->value_capacity, wanted, sizeof(*values));
    if (values == NULL) {
        return false;
    }
    live->values = values;
    return true;
}

/* Two events of each session; returns how many clients there are. What has no end in 63 bits, as
 * only a damaged database says, was never live. */
static size_t make_events(struct live_sessions *live, int64_t id_lifetime_s, size_t *count)
{
    uint32_t client = 0;

    qsort(live->sessions, live->count, sizeof(*live->sessions), by_client);
    *count = 0;
    for (size_t i = 0; i < live->count; i++) {
        const struct live_session *session = &live->sessions[i];
        const int64_t lifetime_ns = ns_of(session->is_id ? id_lifetime_s : session->lifetime_s);
        const int64_t end_ns = add_ns(session->issued_ns, lifetime_ns);
        client += i > 0 && by_client(session - 1, session) != 0;
        if (end_ns > session->issued_ns) {
            live->events[(*count)++] =
                (struct live_event){session->issued_ns, session->bytes, client, .is_end = false,
                                    .is_id = session->is_id};
            live->events[(*count)++] = (struct live_event){end_ns, session->bytes, client,
                                                           .is_end = true, .is_id = session->is_id};
        }
    }
    return live->count == 0 ? 0 : (size_t)client + 1;
}

/* Most sessions, and most bytes, live at one moment, over events by time; the bytes may have their
 * peak at another one. */
static void sweep(const struct live_event *events, size_t count, uint64_t *sessions,
                  uint64_t *bytes)
{
    uint64_t live = 0;
    uint64_t live_bytes = 0;

    *sessions = 0;
    *bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (events[i].is_end) {
            live--;
            live_bytes -= events[i].bytes;
        } else {
            live++;
            live_bytes += events[i].bytes;
        }
        *sessions = live > *sessions ? live : *sessions;
        *bytes = live_bytes > *bytes ? live_bytes : *bytes;
    }
}

static void measure_ids(struct live_sessions *live, size_t count, struct mechanisms_host *host)
{
    size_t ids = 0;
    uint64_t bytes;

    qsort(live->events, count, sizeof(*live->events), ids_first_by_time);
    while (ids < count && live->events[ids].is_id) {
        ids++;
    }
    sweep(live->events, ids, &host->ids_at_once, &bytes);
}

static struct mechanisms_held held_of(int64_t *values, size_t count)
{
    struct mechanisms_held held = {0, 0};

    if (count > 0) {
        statistics_sort(values, count);
        held.most = (uint64_t)values[count - 1];
        held.median = (uint64_t)statistics_sorted_median(values, count);
    }
    return held;
}

static void measure_clients(struct live_sessions *live, size_t count, struct mechanisms_host *host)
{
    int64_t *sessions = live->values;
    int64_t *bytes = live->values + host->clients;
    size_t from = 0;

    qsort(live->events, count, sizeof(*live->events), by_client_and_time);
    for (size_t client = 0; client < host->clients; client++) {
        size_t to = from;
        uint64_t most_sessions;
        uint64_t most_bytes;
        while (to < count && live->events[to].client == client) {
            to++;
        }
        sweep(live->events + from, to - from, &most_sessions, &most_bytes);
        sessions[client] = (int64_t)most_sessions;
        bytes[client] = (int64_t)most_bytes;
        from = to;
    }
    host->sessions = held_of(sessions, host->clients);
    host->bytes = held_of(bytes, host->clients);
}

bool live_sessions_measure(struct live_sessions *live, struct mechanisms_host *host)
{
    size_t count;

    if (live->count == 0) {
        return true; /* nor is there an array to sort */
    }
    if (!reserve_work(live)) {
        return false;
    }
    host->clients = make_events(live, host->id_lifetime_s, &count);
    measure_ids(live, count, host);
    measure_clients(live, count, host);
    live->count = 0;
    return true;
}
