#include "report/key_owners.h"

#include <stdlib.h>
#include <string.h>

struct owner {
    const char *key_name;
    size_t place; /* of the host */
};

struct named {
    const struct key_timeline_host *host;
};

struct key_owners {
    const struct key_timeline *timeline;
    struct owner *owners; /* by name of the key, then by place */
    size_t owner_count;
    struct named *hosts; /* by name */
    size_t host_count;
};

static int compare_owners(const void *left, const void *right)
{
    const struct owner *a = left;
    const struct owner *b = right;
    const int order = strcmp(a->key_name, b->key_name);

    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

/* Any order will do: that of names is not the database's if some are not text. */
static int compare_text(const char *a, size_t a_len, const struct wire_text *b)
{
    if (a_len != b->len) {
        return a_len < b->len ? -1 : 1;
    }
    return a_len == 0 ? 0 : memcmp(a, b->text, a_len);
}

static int compare_hosts(const void *left, const void *right)
{
    const struct named *a = left;
    const struct named *b = right;

    return compare_text(a->host->host.text, a->host->host.len, &b->host->host);
}

static void add_host(struct key_owners *owners, size_t place)
{
    const struct key_timeline_host *host = key_timeline_host(owners->timeline, place);

    owners->hosts[owners->host_count++].host = host;
    for (size_t i = 0; i < host->count; i++) {
        owners->owners[owners->owner_count++] =
            (struct owner){key_timeline_use(owners->timeline, host->first + i)->name, place};
    }
}

struct key_owners *key_owners_new(const struct key_timeline *timeline)
{
    const size_t hosts = key_timeline_hosts(timeline);
    struct key_owners *owners = calloc(1, sizeof(*owners));
    size_t uses = 0;

    if (owners == NULL) {
        return NULL;
    }
    for (size_t place = 0; place < hosts; place++) {
        uses += key_timeline_host(timeline, place)->count;
    }
    owners->timeline = timeline;
    owners->owners = calloc(uses + 1, sizeof(*owners->owners));
    owners->hosts = calloc(hosts + 1, sizeof(*owners->hosts));
    if (owners->owners == NULL || owners->hosts == NULL) {
        key_owners_free(owners);
        return NULL;
    }
    for (size_t place = 0; place < hosts; place++) {
        add_host(owners, place);
    }
    qsort(owners->owners, owners->owner_count, sizeof(*owners->owners), compare_owners);
    qsort(owners->hosts, owners->host_count, sizeof(*owners->hosts), compare_hosts);
    return owners;
}

void key_owners_free(struct key_owners *owners)
{
    if (owners != NULL) {
        free(owners->owners);
        free(owners->hosts);
        free(owners);
    }
}

bool key_owners_find(const struct key_owners *owners, const char *name, size_t len, size_t *out)
{
    size_t from = 0;
    size_t to = owners->host_count;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        const int order = compare_text(name, len, &owners->hosts[middle].host->host);
        if (order == 0) {
            *out = (size_t)(owners->hosts[middle].host - key_timeline_host(owners->timeline, 0));
            return true;
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return false;
}

/* The first of the owners that is not before this name. */
static size_t first_of(const struct key_owners *owners, const char *key_name)
{
    size_t from = 0;
    size_t to = owners->owner_count;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (strcmp(owners->owners[middle].key_name, key_name) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

size_t key_owners_of(const struct key_owners *owners, const char *key_name, size_t most,
                     size_t *out)
{
    size_t count = 0;
    size_t last = SIZE_MAX;

    for (size_t i = first_of(owners, key_name);
         i < owners->owner_count && strcmp(owners->owners[i].key_name, key_name) == 0; i++) {
        if (owners->owners[i].place == last) {
            continue;
        }
        last = owners->owners[i].place;
        if (count < most) {
            out[count] = last;
        }
        count++;
    }
    return count;
}

static bool has_place(const size_t *places, size_t count, size_t place)
{
    for (size_t i = 0; i < count && i < KEY_OWNERS_NAMED; i++) {
        if (places[i] == place) {
            return true;
        }
    }
    return false;
}

/* Adds those that are new; what does not fit is counted once. */
static size_t add_others(const struct key_owners *owners, const char *key_name, size_t place,
                         size_t count, size_t out[KEY_OWNERS_NAMED])
{
    size_t found[KEY_OWNERS_NAMED + 2]; /* one of them is the host itself */
    const size_t all = key_owners_of(owners, key_name, KEY_OWNERS_NAMED + 2, found);

    for (size_t i = 0; i < all && i < KEY_OWNERS_NAMED + 2; i++) {
        if (found[i] == place || has_place(out, count, found[i])) {
            continue;
        }
        if (count >= KEY_OWNERS_NAMED) {
            return KEY_OWNERS_NAMED + 1;
        }
        out[count++] = found[i];
    }
    return count;
}

size_t key_owners_sharing(const struct key_owners *owners, size_t place,
                          size_t out[KEY_OWNERS_NAMED])
{
    const struct key_timeline_host *host = key_timeline_host(owners->timeline, place);
    size_t count = 0;

    for (size_t i = 0; i < host->count && count <= KEY_OWNERS_NAMED; i++) {
        const struct key_timeline_use *use = key_timeline_use(owners->timeline, host->first + i);
        count = add_others(owners, use->name, place, count, out);
    }
    return count;
}
