#include "tests/loss/records.h"

#include "dissect/dissector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CONVERSATIONS = 8192, MAX_HANDSHAKES = 4096 };

static struct dissector *new_dissector(void)
{
    struct dissector_options options;
    struct error error = {""};

    dissector_options_init(&options);
    options.max_conversations = MAX_CONVERSATIONS;
    options.max_handshakes = MAX_HANDSHAKES;
    struct dissector *dissector = dissector_new(&options, &error);
    if (dissector == NULL) {
        abort();
    }
    return dissector;
}

static void make_room(struct records *records)
{
    if (records->count < records->room) {
        return;
    }
    records->room = records->room == 0 ? 16 : 2 * records->room;
    records->handshakes =
        realloc(records->handshakes, records->room * sizeof(*records->handshakes));
    if (records->handshakes == NULL) {
        abort();
    }
}

static void take(struct records *records, struct dissector *dissector)
{
    struct handshake handshake;

    while (dissector_next(dissector, &handshake)) {
        make_room(records);
        records->handshakes[records->count++] = handshake;
    }
}

static int compare_endpoint(const struct endpoint *a, const struct endpoint *b)
{
    const int order = memcmp(&a->address, &b->address, sizeof(a->address));

    return order != 0 ? order : (a->port > b->port) - (a->port < b->port);
}

int records_compare_endpoints(const struct handshake *a, const struct handshake *b)
{
    const struct endpoint *low[2];
    const struct endpoint *high[2];
    const struct handshake *both[2] = {a, b};

    for (unsigned i = 0; i < 2; i++) {
        const bool is_client_low = compare_endpoint(&both[i]->client, &both[i]->server) < 0;
        low[i] = is_client_low ? &both[i]->client : &both[i]->server;
        high[i] = is_client_low ? &both[i]->server : &both[i]->client;
    }
    const int order = compare_endpoint(low[0], low[1]);
    return order != 0 ? order : compare_endpoint(high[0], high[1]);
}

static int compare(const void *first, const void *second)
{
    const struct handshake *a = first;
    const struct handshake *b = second;
    const int order = records_compare_endpoints(a, b);

    return order != 0 ? order : (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

void records_of(const struct trace *trace, struct records *out)
{
    struct dissector *dissector = new_dissector();

    *out = (struct records){.handshakes = NULL};
    for (size_t i = 0; i < trace->count; i++) {
        dissector_feed(dissector, &trace->frames[i]);
        take(out, dissector);
    }
    dissector_finish(dissector);
    take(out, dissector);
    dissector_free(dissector);
    if (out->count > 1) {
        qsort(out->handshakes, out->count, sizeof(*out->handshakes), compare);
    }
}

void records_clear(struct records *records)
{
    free(records->handshakes);
    *records = (struct records){.handshakes = NULL};
}
