#include "report/conduct.h"

#include "report/array.h"

#include <stdlib.h>
#include <string.h>

/* What a host can do, in one row of numbers: causes of refusal, then faults, then findings. */
enum {
    FIRST_FAULT = REFUSAL_CAUSE_COUNT,
    FIRST_FINDING = FIRST_FAULT + CONDUCT_FAULTS,
    THINGS = FIRST_FINDING + CONDUCT_FINDINGS
};

/* One thing of one host; those of a host are a list. */
struct deed {
    uint32_t next; /* index + 1; 0: the last one */
    uint32_t thing;
    struct conduct_found found; /* of findings; of others only what was seen */
};

struct place {
    uint32_t host;
    uint64_t refused;
    uint64_t faulty;
    uint64_t found;
    const char *name;
    size_t name_len;
};

struct conduct {
    struct name_table *hosts;
    struct name_table *clients; /* of each host and finding */
    uint32_t *first;            /* by host: index of a deed + 1 */
    size_t host_capacity;
    struct deed *deeds;
    size_t deed_count;
    size_t deed_capacity;
    struct place *places; /* made by conduct_finish() */
};

static const struct {
    enum anomaly anomaly;
    const char *words;
} faults[CONDUCT_FAULTS] = {
    [CONDUCT_ECHO_WITHOUT_RESUMPTION] = {ANOMALY_ECHO_WITHOUT_RESUMPTION,
                                         "the server echoed the session ID, and did not resume"},
    [CONDUCT_ABBREVIATED_WITHOUT_OFFER] = {ANOMALY_ABBREVIATED_WITHOUT_OFFER,
                                           "an abbreviated handshake that nobody asked for"},
    [CONDUCT_TICKETBLEED] = {ANOMALY_TICKETBLEED,
                             "the echoed session ID is longer than the client's (CVE-2016-9244)"},
    [CONDUCT_PSK_NOT_OFFERED] = {ANOMALY_PSK_NOT_OFFERED,
                                 "the server selected a PSK that was not offered"},
    /* RFC 5077, 3.3: it may. */
    [CONDUCT_EMPTY_TICKET] = {ANOMALY_EMPTY_TICKET, "the server promised a ticket, and sent none"},
};

const char *conduct_fault_name(enum conduct_fault fault)
{
    return anomaly_name(faults[fault].anomaly);
}

const char *conduct_fault_words(enum conduct_fault fault)
{
    return faults[fault].words;
}

static const struct {
    const char *name;
    const char *words;
} findings[CONDUCT_FINDINGS] = {
    [CONDUCT_OFFERED_LATE] = {"offered-late", "offered after its lifetime hint was over"},
    [CONDUCT_OFFERED_OLD] = {"offered-old", "offered though a newer ticket had replaced it"},
    [CONDUCT_ACCEPTED_LATE] = {"accepted-late", "accepted after its lifetime hint was over"},
    [CONDUCT_REFUSED_EARLY] = {"refused-early", "refused before its lifetime hint was over"},
};

const char *conduct_finding_name(enum conduct_finding finding)
{
    return findings[finding].name;
}

const char *conduct_finding_words(enum conduct_finding finding)
{
    return findings[finding].words;
}

struct conduct *conduct_new(const uint8_t key[NAME_TABLE_KEY_BYTES])
{
    struct conduct *conduct = calloc(1, sizeof(*conduct));
    if (conduct == NULL) {
        return NULL;
    }
    conduct->hosts = name_table_new(key);
    conduct->clients = name_table_new(key);
    if (conduct->hosts == NULL || conduct->clients == NULL) {
        conduct_free(conduct);
        return NULL;
    }
    return conduct;
}

void conduct_free(struct conduct *conduct)
{
    if (conduct != NULL) {
        name_table_free(conduct->hosts);
        name_table_free(conduct->clients);
        free(conduct->first);
        free(conduct->deeds);
        free(conduct->places);
        free(conduct);
    }
}

static bool host_number(struct conduct *conduct, const struct wire_text *host, uint32_t *out)
{
    const uint32_t known = name_table_count(conduct->hosts);

    uint32_t *moved =
        array_reserve(conduct->first, &conduct->host_capacity, (size_t)known + 1, sizeof(*moved));
    if (moved == NULL) {
        return false;
    }
    conduct->first = moved;
    if (!name_table_add(conduct->hosts, host->text, host->len, out)) {
        return false;
    }
    if (*out == known) {
        moved[known] = 0;
    }
    return true;
}

/* What the host did of this so far, begun if need be; NULL without memory. */
static struct conduct_found *deed_of(struct conduct *conduct, uint32_t host, uint32_t thing)
{
    for (uint32_t i = conduct->first[host]; i != 0; i = conduct->deeds[i - 1].next) {
        if (conduct->deeds[i - 1].thing == thing) {
            return &conduct->deeds[i - 1].found;
        }
    }
    struct deed *moved = array_reserve(conduct->deeds, &conduct->deed_capacity,
                                       conduct->deed_count + 1, sizeof(*moved));
    if (moved == NULL) {
        return NULL;
    }
    conduct->deeds = moved;
    struct deed *deed = &moved[conduct->deed_count++];
    *deed = (struct deed){.next = conduct->first[host],
                          .thing = thing,
                          .found = {.age_s = HANDSHAKE_NULL, .hint_s = HANDSHAKE_NULL}};
    occurrences_init(&deed->found.seen);
    conduct->first[host] = (uint32_t)conduct->deed_count;
    return &deed->found;
}

static bool has_fault(uint32_t anomalies, int fault)
{
    return (anomalies >> faults[fault].anomaly & 1) != 0;
}

static bool has_faults(uint32_t anomalies)
{
    for (int fault = 0; anomalies != 0 && fault < CONDUCT_FAULTS; fault++) {
        if (has_fault(anomalies, fault)) {
            return true;
        }
    }
    return false;
}

/* What handshakes of a host have in common. */
struct doing {
    enum refusal_cause cause;
    uint32_t anomalies;
    const struct occurrences *seen;
    bool is_one; /* the examples are the first that came, not the smallest ids */
};

static bool add_seen(struct conduct *conduct, const struct doing *doing, uint32_t host,
                     uint32_t thing)
{
    struct conduct_found *found = deed_of(conduct, host, thing);

    if (found == NULL) {
        return false;
    }
    if (doing->is_one) {
        occurrences_add(&found->seen, doing->seen->examples[0], doing->seen->first_ns);
    } else {
        occurrences_add_many(&found->seen, doing->seen);
    }
    return true;
}

static bool add_doing(struct conduct *conduct, const struct wire_text *name,
                      const struct doing *doing)
{
    const bool is_refused = doing->cause != REFUSAL_CAUSE_NONE;
    uint32_t host;

    if (!is_refused && !has_faults(doing->anomalies)) {
        return true;
    }
    if (!host_number(conduct, name, &host)) {
        return false;
    }
    bool done = !is_refused || add_seen(conduct, doing, host, (uint32_t)doing->cause);
    for (int fault = 0; done && fault < CONDUCT_FAULTS; fault++) {
        done = !has_fault(doing->anomalies, fault) ||
               add_seen(conduct, doing, host, (uint32_t)(FIRST_FAULT + fault));
    }
    return done;
}

bool conduct_add_handshake(struct conduct *conduct, const struct record *record)
{
    const int64_t time_ns = record->handshake.time_ns;
    const struct occurrences seen = {1, time_ns, time_ns, {record->id}};
    const struct doing doing = {record->refusal_cause, record->handshake.anomalies, &seen, true};

    return add_doing(conduct, &record->host, &doing);
}

bool conduct_add_rolled(struct conduct *conduct, const struct wire_text *host,
                        const struct rolled_shape *rolled)
{
    const struct doing doing = {(enum refusal_cause)rolled->shape->refusal_cause,
                                rolled->shape->anomalies, &rolled->seen, false};

    return add_doing(conduct, host, &doing);
}

static bool is_new_client(struct conduct *conduct, const struct offer_record *offer, uint32_t host,
                          enum conduct_finding finding, bool *out)
{
    const uint32_t known = name_table_count(conduct->clients);
    const size_t len = strnlen(offer->client, sizeof(offer->client));
    char name[sizeof(host) + 1 + sizeof(offer->client)];
    uint32_t number;

    memcpy(name, &host, sizeof(host));
    name[sizeof(host)] = (char)finding;
    memcpy(name + sizeof(host) + 1, offer->client, len);
    if (!name_table_add(conduct->clients, name, sizeof(host) + 1 + len, &number)) {
        return false;
    }
    *out = number == known;
    return true;
}

static void keep_age(struct conduct_found *found, const struct offer_record *offer,
                     bool is_smallest)
{
    const bool is_further =
        found->age_s == HANDSHAKE_NULL ||
        (is_smallest ? offer->age_s < found->age_s : offer->age_s > found->age_s);

    if (offer->age_s != HANDSHAKE_NULL && is_further) {
        found->age_s = offer->age_s;
        found->hint_s = offer->lifetime_hint_s;
    }
}

static bool add_finding(struct conduct *conduct, const struct offer_record *offer,
                        enum conduct_finding finding)
{
    uint32_t host;
    bool is_new;

    if (!host_number(conduct, &offer->host, &host) ||
        !is_new_client(conduct, offer, host, finding, &is_new)) {
        return false;
    }
    struct conduct_found *found = deed_of(conduct, host, (uint32_t)(FIRST_FINDING + (int)finding));
    if (found == NULL) {
        return false;
    }
    occurrences_add(&found->seen, offer->id, offer->time_ns);
    found->clients += is_new;
    keep_age(found, offer, finding == CONDUCT_REFUSED_EARLY);
    return true;
}

/* A hint of 0 promises nothing (RFC 5077, 3.3). */
static bool is_found(const struct offer_record *offer, enum conduct_finding finding)
{
    const bool is_promised = offer->lifetime_hint_s != HANDSHAKE_NULL &&
                             offer->lifetime_hint_s > 0 && offer->age_s != HANDSHAKE_NULL;
    const bool is_late = is_promised && offer->age_s > offer->lifetime_hint_s;

    switch (finding) {
    case CONDUCT_OFFERED_LATE:
        return is_late;
    case CONDUCT_OFFERED_OLD:
        return offer->is_replaced;
    case CONDUCT_ACCEPTED_LATE:
        return is_late && offer->outcome == OUTCOME_ACCEPTED;
    case CONDUCT_REFUSED_EARLY:
        return is_promised && !is_late && offer->outcome == OUTCOME_REFUSED;
    case CONDUCT_FINDINGS:
        break;
    }
    return false;
}

bool conduct_add_offer(struct conduct *conduct, const struct offer_record *offer)
{
    for (int finding = 0; finding < CONDUCT_FINDINGS; finding++) {
        if (is_found(offer, (enum conduct_finding)finding) &&
            !add_finding(conduct, offer, (enum conduct_finding)finding)) {
            return false;
        }
    }
    return true;
}

static struct place place_of(const struct conduct *conduct, uint32_t host)
{
    struct place place = {.host = host};

    place.name = name_table_name(conduct->hosts, host, &place.name_len);
    for (uint32_t i = conduct->first[host]; i != 0; i = conduct->deeds[i - 1].next) {
        const struct deed *deed = &conduct->deeds[i - 1];
        uint64_t *sum = deed->thing < FIRST_FAULT     ? &place.refused
                        : deed->thing < FIRST_FINDING ? &place.faulty
                                                      : &place.found;
        *sum += deed->found.seen.count;
    }
    return place;
}

/* Most first. */
static int compare_counts(uint64_t a, uint64_t b)
{
    return (a < b) - (a > b);
}

static int compare_names(const struct place *a, const struct place *b)
{
    const size_t common = a->name_len < b->name_len ? a->name_len : b->name_len;
    const int order = common == 0 ? 0 : memcmp(a->name, b->name, common);

    return order != 0 ? order : (a->name_len > b->name_len) - (a->name_len < b->name_len);
}

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    const int orders[] = {compare_counts(a->refused, b->refused),
                          compare_counts(a->faulty, b->faulty), compare_counts(a->found, b->found)};

    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    return compare_names(a, b);
}

bool conduct_finish(struct conduct *conduct)
{
    const uint32_t count = name_table_count(conduct->hosts);

    conduct->places = calloc((size_t)count + 1, sizeof(*conduct->places));
    if (conduct->places == NULL) {
        return false;
    }
    for (uint32_t host = 0; host < count; host++) {
        conduct->places[host] = place_of(conduct, host);
    }
    qsort(conduct->places, count, sizeof(*conduct->places), compare_places);
    return true;
}

size_t conduct_hosts(const struct conduct *conduct)
{
    return name_table_count(conduct->hosts);
}

static void init_host(struct conduct_host *host)
{
    *host = (struct conduct_host){.name = ""};
    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        occurrences_init(&host->refusals[cause]);
    }
    for (int fault = 0; fault < CONDUCT_FAULTS; fault++) {
        occurrences_init(&host->faults[fault]);
    }
    for (int finding = 0; finding < CONDUCT_FINDINGS; finding++) {
        struct conduct_found *found = &host->findings[finding];
        *found = (struct conduct_found){.age_s = HANDSHAKE_NULL, .hint_s = HANDSHAKE_NULL};
        occurrences_init(&found->seen);
    }
}

static void fill_host(const struct conduct *conduct, uint32_t host, struct conduct_host *out)
{
    const struct place place = place_of(conduct, host);

    init_host(out);
    out->name = place.name;
    out->name_len = place.name_len;
    out->refused = place.refused;
    out->faulty = place.faulty;
    out->found = place.found;
    for (uint32_t i = conduct->first[host]; i != 0; i = conduct->deeds[i - 1].next) {
        const struct deed *deed = &conduct->deeds[i - 1];
        if (deed->thing < FIRST_FAULT) {
            out->refusals[deed->thing] = deed->found.seen;
        } else if (deed->thing < FIRST_FINDING) {
            out->faults[deed->thing - FIRST_FAULT] = deed->found.seen;
        } else {
            out->findings[deed->thing - FIRST_FINDING] = deed->found;
        }
    }
}

void conduct_host(const struct conduct *conduct, size_t place, struct conduct_host *out)
{
    fill_host(conduct, conduct->places[place].host, out);
}

bool conduct_find(const struct conduct *conduct, const char *name, size_t len,
                  struct conduct_host *out)
{
    uint32_t host;

    if (!name_table_find(conduct->hosts, name, len, &host)) {
        init_host(out);
        return false;
    }
    fill_host(conduct, host, out);
    return true;
}

void conduct_totals(const struct conduct *conduct, struct conduct_totals *out)
{
    *out = (struct conduct_totals){0};
    for (size_t i = 0; i < conduct_hosts(conduct); i++) {
        out->refusing += conduct->places[i].refused > 0;
        out->faulty += conduct->places[i].faulty > 0;
        out->finding += conduct->places[i].found > 0;
    }
}
