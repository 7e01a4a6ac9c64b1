#include "report/busiest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_PER_DECADE = 20, DECADES = 8, STEPS = STEPS_PER_DECADE * DECADES };

static const double first_step_ns = 1000;

struct times {
    uint64_t count;
    uint32_t steps[STEPS];
};

struct counts {
    uint64_t handshakes;
    uint64_t verdicts[VERDICT_COUNT];
    uint64_t refused;
    struct times full;
    struct times resumed;
};

struct host {
    struct wire_text name;
    struct counts counts;
};

struct busiest {
    size_t count;
    uint64_t digests[BUSIEST_HOSTS]; /* of the names: what a search looks at first */
    uint64_t ranks[BUSIEST_HOSTS];
    struct host hosts[BUSIEST_HOSTS];
    uint32_t order[BUSIEST_HOSTS]; /* by busiest_sort() */
    struct counts total;
    uint64_t let_go;
};

struct busiest *busiest_new(void)
{
    return calloc(1, sizeof(struct busiest));
}

void busiest_free(struct busiest *busiest)
{
    free(busiest);
}

/* FNV-1a. Names that were chosen to have one digest cost a comparison each, of a bounded number. */
static uint64_t digest_of(const struct wire_text *name)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < name->len; i++) {
        digest = (digest ^ (unsigned char)name->text[i]) * UINT64_C(0x100000001b3);
    }
    return digest;
}

static bool is_called(const struct host *host, const struct wire_text *name)
{
    return host->name.len == name->len && memcmp(host->name.text, name->text, name->len) == 0;
}

static size_t lowest(const struct busiest *busiest)
{
    size_t found = 0;

    for (size_t i = 1; i < BUSIEST_HOSTS; i++) {
        if (busiest->ranks[i] < busiest->ranks[found]) {
            found = i;
        }
    }
    return found;
}

/* The place of a host that is not there yet. */
static size_t let_in(struct busiest *busiest, const struct wire_text *name, uint64_t digest)
{
    bool is_full = busiest->count == BUSIEST_HOSTS;
    size_t place = is_full ? lowest(busiest) : busiest->count;

    busiest->let_go += is_full;
    if (!is_full) {
        busiest->order[place] = (uint32_t)place;
        busiest->count++;
    }
    busiest->digests[place] = digest;
    busiest->hosts[place] = (struct host){.name = *name};
    return place;
}

static size_t find(struct busiest *busiest, const struct wire_text *name)
{
    uint64_t digest = digest_of(name);

    for (size_t i = 0; i < busiest->count; i++) {
        if (busiest->digests[i] == digest && is_called(&busiest->hosts[i], name)) {
            return i;
        }
    }
    return let_in(busiest, name, digest);
}

static void add_time(struct times *times, int64_t ns)
{
    double step = ns <= 0 ? 0 : floor(log10((double)ns / first_step_ns) * STEPS_PER_DECADE);
    size_t place = step < 0 ? 0 : (size_t)fmin(step, STEPS - 1);

    times->count++;
    times->steps[place] += times->steps[place] < UINT32_MAX;
}

static void add(struct counts *counts, const struct handshake *handshake)
{
    counts->handshakes++;
    counts->verdicts[handshake->verdict]++;
    counts->refused += handshake->outcome == OUTCOME_REFUSED;
    if (handshake->handshake_ns == HANDSHAKE_NULL) {
        return;
    }
    if (handshake->verdict == VERDICT_FULL) {
        add_time(&counts->full, handshake->handshake_ns);
    } else if (verdict_is_resumed(handshake->verdict)) {
        add_time(&counts->resumed, handshake->handshake_ns);
    }
}

void busiest_add(struct busiest *busiest, const struct record *record)
{
    size_t place = find(busiest, &record->host);

    busiest->ranks[place]++;
    add(&busiest->hosts[place].counts, &record->handshake);
    add(&busiest->total, &record->handshake);
}

/* The middle of the step that the middle one lies in, the middle as ratios go. */
static int64_t median_of(const struct times *times)
{
    uint64_t below = 0;
    size_t step = 0;

    if (times->count == 0) {
        return HANDSHAKE_NULL;
    }
    while (step < STEPS - 1 && below + times->steps[step] < (times->count + 1) / 2) {
        below += times->steps[step];
        step++;
    }
    return (int64_t)(first_step_ns * pow(10, ((double)step + 0.5) / STEPS_PER_DECADE));
}

static void set_figures(const struct counts *counts, struct busiest_figures *out)
{
    *out = (struct busiest_figures){
        .handshakes = counts->handshakes,
        .resumed = counts->verdicts[VERDICT_RESUMED_ID] + counts->verdicts[VERDICT_RESUMED_TICKET] +
                   counts->verdicts[VERDICT_RESUMED_PSK],
        .refused = counts->refused,
        .full_median_ns = median_of(&counts->full),
        .resumed_median_ns = median_of(&counts->resumed),
    };
    memcpy(out->verdicts, counts->verdicts, sizeof(out->verdicts));
}

static int compare_names(const struct wire_text *a, const struct wire_text *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->text, b->text, len);

    return order != 0 ? order : a->len - b->len;
}

static bool comes_before(const struct busiest *busiest, uint32_t left, uint32_t right)
{
    uint64_t a = busiest->hosts[left].counts.handshakes;
    uint64_t b = busiest->hosts[right].counts.handshakes;

    if (a != b) {
        return a > b;
    }
    return compare_names(&busiest->hosts[left].name, &busiest->hosts[right].name) < 0;
}

/* By insertion: from one time to the next, hardly any two change places. */
size_t busiest_sort(struct busiest *busiest)
{
    for (uint32_t i = 0; i < busiest->count; i++) {
        uint32_t at = i;
        uint32_t host = busiest->order[i];
        for (; at > 0 && comes_before(busiest, host, busiest->order[at - 1]); at--) {
            busiest->order[at] = busiest->order[at - 1];
        }
        busiest->order[at] = host;
    }
    return busiest->count;
}

const struct wire_text *busiest_host(const struct busiest *busiest, size_t place,
                                     struct busiest_figures *out)
{
    const struct host *host = &busiest->hosts[busiest->order[place]];

    set_figures(&host->counts, out);
    return &host->name;
}

void busiest_total(const struct busiest *busiest, struct busiest_figures *out)
{
    set_figures(&busiest->total, out);
}

uint64_t busiest_let_go(const struct busiest *busiest)
{
    return busiest->let_go;
}
