#include "report/live_sessions.h"

#include "report/array.h"
#include "report/number_table.h"
#include "report/statistics.h"
#include "report/time_order.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_BITS = 14, PAGE_SESSIONS = 1 << PAGE_BITS };

/* Sessions that never move. */
struct page {
    struct live_session *sessions;
};

/* What a client holds while time goes by, and held at most. */
struct holder {
    uint32_t sessions;
    uint32_t most_sessions;
    uint64_t bytes;
    uint64_t most_bytes;
};

struct live_sessions {
    struct number_table *numbers; /* of clients by IPv4; an even number each */
    struct name_table *names;     /* of the others; an odd one */
    struct page *pages;
    size_t page_count;
    size_t page_capacity;
    size_t count;
    uint32_t *order; /* indices of sessions, place by place */
    size_t *begins;  /* in order, of each place and of the end */

    /* Of one host at a time. */
    struct time_order_item *items; /* beginnings, ends, room to sort */
    size_t item_capacity;
    struct holder *holders;
    size_t holder_capacity;
    int64_t *values;
    size_t value_capacity;
    uint32_t *holder_of; /* client: its place in holders and 1; 0: none yet */
    size_t client_capacity;
};

struct live_sessions *live_sessions_new(const uint8_t key[NAME_TABLE_KEY_BYTES])
{
    struct live_sessions *live = calloc(1, sizeof(*live));
    if (live == NULL) {
        return NULL;
    }
    live->numbers = number_table_new(key);
    live->names = name_table_new(key);
    if (live->numbers == NULL || live->names == NULL) {
        live_sessions_free(live);
        return NULL;
    }
    return live;
}

void live_sessions_free(struct live_sessions *live)
{
    if (live != NULL) {
        number_table_free(live->numbers);
        name_table_free(live->names);
        for (size_t i = 0; i < live->page_count; i++) {
            free(live->pages[i].sessions);
        }
        free(live->pages);
        free(live->order);
        free(live->begins);
        free(live->items);
        free(live->holders);
        free(live->values);
        free(live->holder_of);
        free(live);
    }
}

bool live_sessions_client(struct live_sessions *live, const struct session_figures *session,
                          uint32_t *out)
{
    const bool is_name = session->client_number == HANDSHAKE_NULL;
    const size_t len = is_name ? strnlen(session->client, sizeof(session->client)) : 0;
    uint32_t number;

    if (!(is_name ? name_table_add(live->names, session->client, len, &number)
                  : number_table_add(live->numbers, session->client_number, &number)) ||
        number > UINT32_MAX / 2) {
        return false;
    }
    *out = number * 2 + is_name;
    return true;
}

/* All numbers of clients are below. */
static size_t client_bound(const struct live_sessions *live)
{
    const size_t numbers = number_table_count(live->numbers);
    const size_t names = name_table_count(live->names);

    return 2 * (numbers > names ? numbers : names);
}

static struct live_session *session_at(const struct live_sessions *live, size_t index)
{
    return &live->pages[index >> PAGE_BITS].sessions[index % PAGE_SESSIONS];
}

static bool add_page(struct live_sessions *live)
{
    struct page *pages =
        array_reserve(live->pages, &live->page_capacity, live->page_count + 1, sizeof(*pages));
    if (pages == NULL) {
        return false;
    }
    live->pages = pages;
    struct live_session *sessions = malloc(PAGE_SESSIONS * sizeof(*sessions));
    if (sessions == NULL) {
        return false;
    }
    pages[live->page_count++] = (struct page){sessions};
    return true;
}

bool live_sessions_add(struct live_sessions *live, const struct live_session *session)
{
    if (live->count == UINT32_MAX ||
        (live->count >> PAGE_BITS == live->page_count && !add_page(live))) {
        return false;
    }
    *session_at(live, live->count++) = *session;
    return true;
}

/* ---- By host ---- */

/* begins[place + 1] counts a place at first, then says where the next of it goes, and is in the end
 * where it is over: where the place after it begins. */
static void fill_order(struct live_sessions *live, const uint32_t *places, uint32_t place_count)
{
    size_t *next = live->begins + 1;
    size_t before = 0;

    for (size_t i = 0; i < live->count; i++) {
        next[places[session_at(live, i)->host]]++;
    }
    for (uint32_t place = 0; place < place_count; place++) {
        const size_t of_place = next[place];
        next[place] = before;
        before += of_place;
    }
    for (size_t i = 0; i < live->count; i++) {
        live->order[next[places[session_at(live, i)->host]]++] = (uint32_t)i;
    }
}

bool live_sessions_group(struct live_sessions *live, const uint32_t *places, uint32_t place_count)
{
    live->order = calloc(live->count + 1, sizeof(*live->order));
    live->begins = calloc((size_t)place_count + 1, sizeof(*live->begins));
    live->holder_of = calloc(client_bound(live) + 1, sizeof(*live->holder_of));
    if (live->order == NULL || live->begins == NULL || live->holder_of == NULL) {
        return false;
    }
    fill_order(live, places, place_count);
    return true;
}

/* ---- One host ---- */

static bool reserve_work(struct live_sessions *live, size_t count)
{
    struct time_order_item *items =
        array_reserve(live->items, &live->item_capacity, 3 * count, sizeof(*items));
    if (items == NULL) {
        return false;
    }
    live->items = items;
    struct holder *holders =
        array_reserve(live->holders, &live->holder_capacity, count, sizeof(*holders));
    if (holders == NULL) {
        return false;
    }
    live->holders = holders;
    int64_t *values =
        array_reserve(live->values, &live->value_capacity, 2 * count, sizeof(*values));
    if (values == NULL) {
        return false;
    }
    live->values = values;
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

static bool is_in_period(const struct query_filter *period, int64_t time_ns)
{
    return (period->since_ns == HANDSHAKE_NULL || time_ns >= period->since_ns) &&
           (period->until_ns == HANDSHAKE_NULL || time_ns < period->until_ns);
}

/* A client that has none yet is given a place. */
static void give_holder(struct live_sessions *live, uint32_t client, struct mechanisms_host *host)
{
    if (live->holder_of[client] == 0) {
        live->holders[host->clients++] = (struct holder){.sessions = 0};
        live->holder_of[client] = (uint32_t)host->clients;
    }
}

/* The beginning and the end of each session of a place; returns how many. What has no end in 63
 * bits, as only a damaged database says, was never live. */
static size_t make_items(struct live_sessions *live, uint32_t place,
                         const struct query_filter *period, struct mechanisms_host *host)
{
    const size_t from = live->begins[place];
    const size_t to = live->begins[place + 1];
    struct time_order_item *begins = live->items;
    struct time_order_item *ends = live->items + (to - from);
    size_t count = 0;

    for (size_t i = from; i < to; i++) {
        const struct live_session *session = session_at(live, live->order[i]);
        const int64_t lifetime_s = session->is_id ? host->id_lifetime_s : session->lifetime_s;
        const int64_t end_ns = add_ns(session->issued_ns, ns_of(lifetime_s));
        give_holder(live, session->client, host);
        if (is_in_period(period, session->issued_ns)) {
            host->issued_bytes += session->bytes;
        }
        if (end_ns > session->issued_ns) {
            begins[count] = (struct time_order_item){session->issued_ns, live->order[i]};
            ends[count++] = (struct time_order_item){end_ns, live->order[i]};
        }
    }
    return count;
}

static void begin_session(struct holder *holder, uint16_t bytes)
{
    holder->sessions++;
    holder->bytes += bytes;
    if (holder->sessions > holder->most_sessions) {
        holder->most_sessions = holder->sessions;
    }
    if (holder->bytes > holder->most_bytes) {
        holder->most_bytes = holder->bytes;
    }
}

static void end_session(struct holder *holder, uint16_t bytes)
{
    holder->sessions--;
    holder->bytes -= bytes;
}

static struct holder *holder_of(const struct live_sessions *live, uint32_t client)
{
    return &live->holders[live->holder_of[client] - 1];
}

/* Most sessions, and most bytes, that are live at one moment; the bytes may have their peak at
 * another one. A session that ends as another begins makes room for it. What is over has begun: the
 * ends do not run out before the beginnings. */
static void sweep(struct live_sessions *live, const struct time_order_item *begins,
                  const struct time_order_item *ends, size_t count, struct mechanisms_host *host)
{
    uint64_t ids = 0;
    size_t ended = 0;

    for (size_t i = 0; i < count; i++) {
        const struct live_session *session = session_at(live, begins[i].index);
        for (; ends[ended].time_ns <= begins[i].time_ns; ended++) {
            const struct live_session *over = session_at(live, ends[ended].index);
            end_session(holder_of(live, over->client), over->bytes);
            ids -= over->is_id;
        }
        begin_session(holder_of(live, session->client), session->bytes);
        ids += session->is_id;
        host->ids_at_once = ids > host->ids_at_once ? ids : host->ids_at_once;
    }
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

static void measure_clients(struct live_sessions *live, struct mechanisms_host *host)
{
    int64_t *sessions = live->values;
    int64_t *bytes = live->values + host->clients;

    for (size_t i = 0; i < host->clients; i++) {
        sessions[i] = (int64_t)live->holders[i].most_sessions;
        bytes[i] = (int64_t)live->holders[i].most_bytes;
    }
    host->sessions = held_of(sessions, host->clients);
    host->bytes = held_of(bytes, host->clients);
}

static void forget_holders(struct live_sessions *live, uint32_t place)
{
    for (size_t i = live->begins[place]; i < live->begins[place + 1]; i++) {
        live->holder_of[session_at(live, live->order[i])->client] = 0;
    }
}

bool live_sessions_measure(struct live_sessions *live, uint32_t place,
                           const struct query_filter *period, struct mechanisms_host *host)
{
    const size_t all = live->begins[place + 1] - live->begins[place];
    if (all == 0) {
        return true; /* nor is there an array to sort */
    }
    if (!reserve_work(live, all)) {
        return false;
    }
    const size_t count = make_items(live, place, period, host);
    struct time_order_item *begins = live->items;
    struct time_order_item *ends = begins + all;

    time_order_sort(begins, count, ends + all);
    time_order_sort(ends, count, ends + all);
    sweep(live, begins, ends, count, host);
    measure_clients(live, host);
    forget_holders(live, place);
    return true;
}
