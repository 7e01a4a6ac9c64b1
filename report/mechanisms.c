#include "report/mechanisms.h"

#include "report/array.h"
#include "report/statistics.h"

#include <stdlib.h>
#include <string.h>

/* What handshakes tell of a host. */
struct sums {
    struct mechanisms_offers offers[MECHANISM_COUNT];
    uint64_t offered_bytes;
};

/* A session that was seen issued. */
struct issue {
    char client[46];
    bool is_id;
    int64_t issued_ns;
    int64_t lifetime_ns; /* of a ticket; that of IDs is known in the end */
    uint64_t bytes;
};

/* A session begins or ends to be live. */
struct event {
    int64_t time_ns;
    uint64_t bytes;
    uint32_t client; /* in the order of their addresses */
    bool is_end;
    bool is_id;
};

struct mechanisms {
    struct query_filter filter;
    struct name_table *names; /* of hosts with handshakes: number into sums */
    struct sums *sums;
    size_t sums_capacity;
    struct mechanisms_host *hosts; /* the last one is under way */
    size_t host_count;
    size_t host_capacity;
    struct issue *issues; /* of the last host */
    size_t issue_count;
    size_t issue_capacity;
    struct event *events; /* room for two of each issue */
    size_t event_capacity;
    int64_t *values; /* of clients: room for two of each issue */
    size_t value_capacity;
};

const char *mechanism_name(enum mechanism mechanism)
{
    static const char *const names[MECHANISM_COUNT] = {"id", "ticket", "psk"};
    return names[mechanism];
}

struct mechanisms *mechanisms_new(const struct query_filter *filter,
                                  const uint8_t key[NAME_TABLE_KEY_BYTES])
{
    struct mechanisms *mechanisms = calloc(1, sizeof(*mechanisms));
    if (mechanisms == NULL) {
        return NULL;
    }
    mechanisms->filter = *filter;
    mechanisms->names = name_table_new(key);
    if (mechanisms->names == NULL) {
        free(mechanisms);
        return NULL;
    }
    return mechanisms;
}

void mechanisms_free(struct mechanisms *mechanisms)
{
    if (mechanisms != NULL) {
        name_table_free(mechanisms->names);
        free(mechanisms->sums);
        free(mechanisms->hosts);
        free(mechanisms->issues);
        free(mechanisms->events);
        free(mechanisms->values);
        free(mechanisms);
    }
}

/* ---- Handshakes ---- */

/* MECHANISM_COUNT: none of them was offered. */
static enum mechanism mechanism_of(enum offer offer)
{
    switch (offer) {
    case OFFER_ID:
        return MECHANISM_ID;
    case OFFER_TICKET:
        return MECHANISM_TICKET;
    case OFFER_PSK:
        return MECHANISM_PSK;
    case OFFER_UNKNOWN:
    case OFFER_NONE:
    case OFFER_COUNT:
        break;
    }
    return MECHANISM_COUNT;
}

/* A vector<0..2^16-1> (RFC 5077, 3.3; RFC 8446, 4.2.11), whatever a damaged database says. */
static uint64_t bytes_of(int64_t stored)
{
    if (stored < 0) {
        return 0;
    }
    return stored > UINT16_MAX ? UINT16_MAX : (uint64_t)stored;
}

/* The sums of a host, empty if it is new. NULL without memory. */
static struct sums *sums_of(struct mechanisms *mechanisms, const struct wire_text *host)
{
    const uint32_t known = name_table_count(mechanisms->names);
    uint32_t number;
    struct sums *sums = array_reserve(mechanisms->sums, &mechanisms->sums_capacity,
                                      (size_t)known + 1, sizeof(*sums));
    if (sums == NULL) {
        return NULL;
    }
    mechanisms->sums = sums;
    if (!name_table_add(mechanisms->names, host->text, host->len, &number)) {
        return NULL;
    }
    if (number == known) {
        sums[number] = (struct sums){.offered_bytes = 0};
    }
    return &sums[number];
}

bool mechanisms_add_handshake(struct mechanisms *mechanisms, const struct record *record)
{
    const struct handshake *handshake = &record->handshake;
    const enum mechanism mechanism = mechanism_of(handshake->offered);

    if (mechanism == MECHANISM_COUNT) {
        return true;
    }
    struct sums *sums = sums_of(mechanisms, &record->host);
    if (sums == NULL) {
        return false;
    }
    sums->offers[mechanism].accepted += handshake->outcome == OUTCOME_ACCEPTED;
    sums->offers[mechanism].refused += handshake->outcome == OUTCOME_REFUSED;
    if (mechanism != MECHANISM_ID) {
        sums->offered_bytes += bytes_of(handshake->offered_bytes);
    }
    return true;
}

/* ---- A host's sessions, once all are there ---- */

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
    const struct issue *a = left;
    const struct issue *b = right;

    return memcmp(a->client, b->client, sizeof(a->client));
}

/* A session that ends as another begins makes room for it. */
static int by_time(const struct event *a, const struct event *b)
{
    if (a->time_ns != b->time_ns) {
        return a->time_ns < b->time_ns ? -1 : 1;
    }
    return (int)b->is_end - (int)a->is_end;
}

static int by_client_and_time(const void *left, const void *right)
{
    const struct event *a = left;
    const struct event *b = right;

    if (a->client != b->client) {
        return a->client < b->client ? -1 : 1;
    }
    return by_time(a, b);
}

static int ids_first_by_time(const void *left, const void *right)
{
    const struct event *a = left;
    const struct event *b = right;

    return a->is_id != b->is_id ? (int)b->is_id - (int)a->is_id : by_time(a, b);
}

static bool reserve_work(struct mechanisms *mechanisms)
{
    const size_t wanted = 2 * mechanisms->issue_count + 1;
    struct event *events =
        array_reserve(mechanisms->events, &mechanisms->event_capacity, wanted, sizeof(*events));
    if (events == NULL) {
        return false;
    }
    mechanisms->events = events;
    int64_t *values =
        array_reserve(mechanisms->values, &mechanisms->value_capacity, wanted, sizeof(*values));
    if (values == NULL) {
        return false;
    }
    mechanisms->values = values;
    return true;
}

/* Two events of each session; returns how many clients there are. What has no end in 63 bits, as
 * only a damaged database says, was never live. */
static size_t make_events(struct mechanisms *mechanisms, int64_t id_lifetime_ns, size_t *count)
{
    uint32_t client = 0;

    qsort(mechanisms->issues, mechanisms->issue_count, sizeof(*mechanisms->issues), by_client);
    *count = 0;
    for (size_t i = 0; i < mechanisms->issue_count; i++) {
        const struct issue *issue = &mechanisms->issues[i];
        const int64_t lifetime_ns = issue->is_id ? id_lifetime_ns : issue->lifetime_ns;
        const int64_t end_ns = add_ns(issue->issued_ns, lifetime_ns);
        client += i > 0 && by_client(issue - 1, issue) != 0;
        if (end_ns > issue->issued_ns) {
            mechanisms->events[(*count)++] = (struct event){issue->issued_ns, issue->bytes, client,
                                                            .is_end = false, .is_id = issue->is_id};
            mechanisms->events[(*count)++] =
                (struct event){end_ns, issue->bytes, client, .is_end = true, .is_id = issue->is_id};
        }
    }
    return mechanisms->issue_count == 0 ? 0 : (size_t)client + 1;
}

/* Most sessions, and most bytes, live at one moment, over events by time; the bytes may have their
 * peak at another one. */
static void sweep(const struct event *events, size_t count, uint64_t *sessions, uint64_t *bytes)
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

static void measure_ids(struct mechanisms *mechanisms, size_t count, struct mechanisms_host *host)
{
    size_t ids = 0;
    uint64_t bytes;

    qsort(mechanisms->events, count, sizeof(*mechanisms->events), ids_first_by_time);
    while (ids < count && mechanisms->events[ids].is_id) {
        ids++;
    }
    sweep(mechanisms->events, ids, &host->ids_at_once, &bytes);
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

static void measure_clients(struct mechanisms *mechanisms, size_t count,
                            struct mechanisms_host *host)
{
    int64_t *sessions = mechanisms->values;
    int64_t *bytes = mechanisms->values + host->clients;
    size_t from = 0;

    qsort(mechanisms->events, count, sizeof(*mechanisms->events), by_client_and_time);
    for (size_t client = 0; client < host->clients; client++) {
        size_t to = from;
        uint64_t most_sessions;
        uint64_t most_bytes;
        while (to < count && mechanisms->events[to].client == client) {
            to++;
        }
        sweep(mechanisms->events + from, to - from, &most_sessions, &most_bytes);
        sessions[client] = (int64_t)most_sessions;
        bytes[client] = (int64_t)most_bytes;
        from = to;
    }
    host->sessions = held_of(sessions, host->clients);
    host->bytes = held_of(bytes, host->clients);
}

/* The last host has all its sessions. */
static bool close_host(struct mechanisms *mechanisms)
{
    size_t count;

    if (mechanisms->host_count == 0) {
        return true;
    }
    struct mechanisms_host *host = &mechanisms->hosts[mechanisms->host_count - 1];
    const struct sums *sums = sums_of(mechanisms, &host->host);
    if (sums == NULL || !reserve_work(mechanisms)) {
        return false;
    }
    memcpy(host->offers, sums->offers, sizeof(host->offers));
    host->offered_bytes = sums->offered_bytes;
    host->clients = make_events(mechanisms, ns_of(host->id_lifetime_s), &count);
    measure_ids(mechanisms, count, host);
    measure_clients(mechanisms, count, host);
    mechanisms->issue_count = 0;
    return true;
}

/* ---- Sessions ---- */

static bool begins_host(const struct mechanisms *mechanisms, const struct wire_text *host)
{
    if (mechanisms->host_count == 0) {
        return true;
    }
    const struct wire_text *last = &mechanisms->hosts[mechanisms->host_count - 1].host;
    return last->len != host->len || memcmp(last->text, host->text, host->len) != 0;
}

static bool open_host(struct mechanisms *mechanisms, const struct wire_text *name)
{
    if (!close_host(mechanisms)) {
        return false;
    }
    struct mechanisms_host *hosts = array_reserve(mechanisms->hosts, &mechanisms->host_capacity,
                                                  mechanisms->host_count + 1, sizeof(*hosts));
    if (hosts == NULL) {
        return false;
    }
    mechanisms->hosts = hosts;
    hosts[mechanisms->host_count++] =
        (struct mechanisms_host){.host = *name, .id_lifetime_s = MECHANISMS_LIFETIME_S};
    return true;
}

static bool is_in_period(const struct query_filter *filter, int64_t time_ns)
{
    return (filter->since_ns == HANDSHAKE_NULL || time_ns >= filter->since_ns) &&
           (filter->until_ns == HANDSHAKE_NULL || time_ns < filter->until_ns);
}

static bool add_issue(struct mechanisms *mechanisms, const struct session_record *session)
{
    const int64_t hint_s = session->lifetime_hint_s;
    struct issue *issues = array_reserve(mechanisms->issues, &mechanisms->issue_capacity,
                                         mechanisms->issue_count + 1, sizeof(*issues));
    if (issues == NULL) {
        return false;
    }
    mechanisms->issues = issues;
    struct issue *issue = &issues[mechanisms->issue_count++];
    *issue = (struct issue){
        .is_id = session->kind == SESSION_ID,
        .issued_ns = session->issued_ns,
        .lifetime_ns = ns_of(hint_s > 0 ? hint_s : MECHANISMS_LIFETIME_S),
        .bytes = session->kind == SESSION_ID ? 0 : bytes_of(session->bytes),
    };
    memcpy(issue->client, session->client, strnlen(session->client, sizeof(issue->client)));
    return true;
}

bool mechanisms_add_session(struct mechanisms *mechanisms, const struct session_record *session)
{
    if (begins_host(mechanisms, &session->host) && !open_host(mechanisms, &session->host)) {
        return false;
    }
    struct mechanisms_host *host = &mechanisms->hosts[mechanisms->host_count - 1];
    if (session->kind == SESSION_ID && session->largest_accepted_age_s > host->id_lifetime_s) {
        host->id_lifetime_s = session->largest_accepted_age_s;
    }
    if (session->issued_ns == HANDSHAKE_NULL) {
        return true;
    }
    if (session->kind == SESSION_TICKET && is_in_period(&mechanisms->filter, session->issued_ns)) {
        host->issued_bytes += bytes_of(session->bytes);
    }
    return add_issue(mechanisms, session);
}

bool mechanisms_finish(struct mechanisms *mechanisms)
{
    return close_host(mechanisms);
}

size_t mechanisms_hosts(const struct mechanisms *mechanisms)
{
    return mechanisms->host_count;
}

const struct mechanisms_host *mechanisms_host(const struct mechanisms *mechanisms, size_t place)
{
    return &mechanisms->hosts[place];
}
