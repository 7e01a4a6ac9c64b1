#include "report/key_timeline.h"

#include "report/array.h"

#include <stdlib.h>
#include <string.h>

struct key_timeline {
    struct key_timeline_use *uses;
    size_t use_count;
    size_t use_capacity;
    struct key_timeline_host *hosts;
    size_t host_count;
    size_t host_capacity;
};

struct key_timeline *key_timeline_new(void)
{
    return calloc(1, sizeof(struct key_timeline));
}

void key_timeline_free(struct key_timeline *timeline)
{
    if (timeline != NULL) {
        free(timeline->uses);
        free(timeline->hosts);
        free(timeline);
    }
}

static bool reserve(struct key_timeline *timeline)
{
    struct key_timeline_use *uses = array_reserve(timeline->uses, &timeline->use_capacity,
                                                  timeline->use_count + 1, sizeof(*uses));
    if (uses == NULL) {
        return false;
    }
    timeline->uses = uses;
    struct key_timeline_host *hosts = array_reserve(timeline->hosts, &timeline->host_capacity,
                                                    timeline->host_count + 1, sizeof(*hosts));
    if (hosts == NULL) {
        return false;
    }
    timeline->hosts = hosts;
    return true;
}

static bool begins_host(const struct key_timeline *timeline, const struct wire_text *host)
{
    if (timeline->host_count == 0) {
        return true;
    }
    const struct wire_text *last = &timeline->hosts[timeline->host_count - 1].host;
    return last->len != host->len || memcmp(last->text, host->text, host->len) != 0;
}

bool key_timeline_add(struct key_timeline *timeline, const struct key_use_record *use)
{
    if (!reserve(timeline)) {
        return false;
    }
    if (begins_host(timeline, &use->host)) {
        timeline->hosts[timeline->host_count++] =
            (struct key_timeline_host){.host = use->host, .first = timeline->use_count};
    }
    struct key_timeline_use *added = &timeline->uses[timeline->use_count++];
    *added = (struct key_timeline_use){
        .warnings = use->warnings,
        .format = use->format,
        .server = use->server,
        .first_seen_ns = use->first_seen_ns,
        .last_seen_ns = use->last_seen_ns,
        .issued_count = use->issued_count,
        .offered_count = use->offered_count,
        .accepted_count = use->accepted_count,
        .refused_count = use->refused_count,
    };
    memcpy(added->name, use->name, sizeof(added->name));
    timeline->hosts[timeline->host_count - 1].count++;
    return true;
}

size_t key_timeline_hosts(const struct key_timeline *timeline)
{
    return timeline->host_count;
}

const struct key_timeline_host *key_timeline_host(const struct key_timeline *timeline, size_t place)
{
    return &timeline->hosts[place];
}

const struct key_timeline_use *key_timeline_use(const struct key_timeline *timeline, size_t use)
{
    return &timeline->uses[use];
}

bool key_timeline_is_same_server(const struct key_timeline_use *a, const struct key_timeline_use *b)
{
    return a->server.port == b->server.port &&
           memcmp(a->server.address, b->server.address, sizeof(a->server.address)) == 0;
}

/* Moves those with fewer uses up by one, the last of them out if there is no room. */
size_t key_timeline_busiest(const struct key_timeline *timeline, size_t most, size_t *out)
{
    size_t count = 0;

    for (size_t place = 0; place < timeline->host_count; place++) {
        size_t at = count;
        while (at > 0 && timeline->hosts[out[at - 1]].count < timeline->hosts[place].count) {
            at--;
        }
        if (at == most) {
            continue;
        }
        count += count < most;
        memmove(&out[at + 1], &out[at], (count - at - 1) * sizeof(*out));
        out[at] = place;
    }
    return count;
}
