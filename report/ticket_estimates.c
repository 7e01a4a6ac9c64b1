#include "report/ticket_estimates.h"

#include "dissect/tls/ticket_estimate.h"

#include "report/array.h"

#include <stdlib.h>
#include <string.h>

enum {
    VERSION_TLS_1_3 = 0x0304,
    LENGTHS = TICKET_RECORD_MAX_BYTES + 1, /* no estimate is longer than its record */
};

/* What one handshake tells. 0: it offered, or issued, nothing of known length. */
struct sample {
    uint8_t client[16];
    int64_t offered_ns;
    int64_t issued_ns;
    uint32_t host;
    uint16_t offered_bytes;
    uint16_t issued_bytes; /* of each ticket, an estimate */
};

struct ticket_estimates {
    struct sample *samples;
    size_t count;
    size_t capacity;
    struct ticket_estimates_host *hosts; /* by number */
    size_t host_count;
    size_t host_capacity;
    /* Of one client at one host, by length. */
    int64_t first_issue_ns[LENGTHS]; /* INT64_MAX: none */
    int64_t last_offer_ns[LENGTHS];  /* INT64_MIN: none */
};

struct ticket_estimates *ticket_estimates_new(void)
{
    struct ticket_estimates *estimates = calloc(1, sizeof(*estimates));

    for (size_t i = 0; estimates != NULL && i < LENGTHS; i++) {
        estimates->first_issue_ns[i] = INT64_MAX;
        estimates->last_offer_ns[i] = INT64_MIN;
    }
    return estimates;
}

void ticket_estimates_free(struct ticket_estimates *estimates)
{
    if (estimates != NULL) {
        free(estimates->samples);
        free(estimates->hosts);
        free(estimates);
    }
}

/* ---- One handshake ---- */

static bool could_issue_ticket(uint16_t version, enum transport transport, enum verdict verdict)
{
    return version == VERSION_TLS_1_3 && transport == TRANSPORT_TCP &&
           (verdict == VERDICT_FULL || verdict == VERDICT_RESUMED_PSK);
}

static bool could_issue(const struct handshake *handshake)
{
    return could_issue_ticket(handshake->version, handshake->transport, handshake->verdict);
}

/* An external PSK was issued by no server. */
static bool has_offer(const struct handshake *handshake)
{
    return handshake->offered == OFFER_PSK && handshake->offered_bytes > 0 &&
           (handshake->anomalies >> ANOMALY_EXTERNAL_PSK & 1) == 0;
}

bool ticket_estimates_want(const struct handshake *handshake)
{
    return could_issue(handshake) || has_offer(handshake);
}

/* What a damaged database says is kept within bounds. */
static uint16_t within(int64_t number, uint16_t most)
{
    if (number < 0) {
        return 0;
    }
    return number > most ? most : (uint16_t)number;
}

/* The handshake is over: only now can its client offer what it was issued. */
static int64_t issued_ns_of(const struct handshake *handshake)
{
    const int64_t span_ns = handshake->handshake_ns > 0 ? handshake->handshake_ns : 0;
    int64_t sum_ns;

    return __builtin_add_overflow(handshake->time_ns, span_ns, &sum_ns) ? INT64_MAX : sum_ns;
}

static struct sample sample_of(uint32_t host, const struct handshake *handshake)
{
    struct sample sample = {
        .offered_ns = handshake->time_ns,
        .issued_ns = issued_ns_of(handshake),
        .host = host,
    };

    memcpy(sample.client, handshake->client.address, sizeof(sample.client));
    if (has_offer(handshake)) {
        sample.offered_bytes = within(handshake->offered_bytes, UINT16_MAX);
    }
    if (could_issue(handshake) && handshake->estimated_tickets > 0) {
        sample.issued_bytes = within(handshake->estimated_ticket_bytes, LENGTHS - 1);
    }
    return sample;
}

/* The sums of a host; hosts up to it are there from now on. NULL without memory. */
static struct ticket_estimates_host *host_of(struct ticket_estimates *estimates, uint32_t host)
{
    struct ticket_estimates_host *hosts = array_reserve(estimates->hosts, &estimates->host_capacity,
                                                        (size_t)host + 1, sizeof(*hosts));
    if (hosts == NULL) {
        return NULL;
    }
    estimates->hosts = hosts;
    while (estimates->host_count <= host) {
        hosts[estimates->host_count++] = (struct ticket_estimates_host){.handshakes = 0};
    }
    return &hosts[host];
}

static void count_issue(struct ticket_estimates_host *host, const struct handshake *handshake)
{
    const uint64_t tickets = within(handshake->estimated_tickets, UINT16_MAX);

    host->handshakes++;
    host->known += handshake->estimated_tickets >= 0;
    host->tickets += tickets;
    host->bytes += tickets * within(handshake->estimated_ticket_bytes, LENGTHS - 1);
    host->issuing += tickets > 0;
}

bool ticket_estimates_add(struct ticket_estimates *estimates, uint32_t host,
                          const struct handshake *handshake)
{
    const struct sample sample = sample_of(host, handshake);
    struct ticket_estimates_host *sums = host_of(estimates, host);
    if (sums == NULL) {
        return false;
    }
    if (could_issue(handshake)) {
        count_issue(sums, handshake);
    }
    if (sample.offered_bytes == 0 && sample.issued_bytes == 0) {
        return true;
    }
    struct sample *samples = array_reserve(estimates->samples, &estimates->capacity,
                                           estimates->count + 1, sizeof(*samples));
    if (samples == NULL) {
        return false;
    }
    estimates->samples = samples;
    samples[estimates->count++] = sample;
    return true;
}

bool ticket_estimates_add_rolled(struct ticket_estimates *estimates, uint32_t host,
                                 const struct rolled_shape *rolled)
{
    struct ticket_estimates_host *sums = host_of(estimates, host);

    if (sums == NULL) {
        return false;
    }
    if (could_issue_ticket(rolled->shape->version, rolled->facts.transport,
                           rolled->facts.verdict)) {
        sums->handshakes += rolled->shape->count;
    }
    return true;
}

/* ---- What confirms what ---- */

static int by_host_and_client(const void *left, const void *right)
{
    const struct sample *a = left;
    const struct sample *b = right;

    if (a->host != b->host) {
        return a->host < b->host ? -1 : 1;
    }
    return memcmp(a->client, b->client, sizeof(a->client));
}

static void note(struct ticket_estimates *estimates, const struct sample *sample)
{
    int64_t *issue = &estimates->first_issue_ns[sample->issued_bytes];
    int64_t *offer = &estimates->last_offer_ns[within(sample->offered_bytes, LENGTHS - 1)];

    if (sample->issued_bytes > 0 && sample->issued_ns < *issue) {
        *issue = sample->issued_ns;
    }
    if (sample->offered_bytes > 0 && sample->offered_bytes < LENGTHS &&
        sample->offered_ns > *offer) {
        *offer = sample->offered_ns;
    }
}

static void forget(struct ticket_estimates *estimates, const struct sample *sample)
{
    estimates->first_issue_ns[sample->issued_bytes] = INT64_MAX;
    estimates->last_offer_ns[within(sample->offered_bytes, LENGTHS - 1)] = INT64_MIN;
}

static bool is_confirmed(const struct ticket_estimates *estimates, const struct sample *sample)
{
    const int bytes = sample->issued_bytes;
    const int least = bytes - TICKET_ESTIMATE_SHORTER_BYTES;

    for (int i = least < 1 ? 1 : least; i <= bytes + TICKET_ESTIMATE_LONGER_BYTES && i < LENGTHS;
         i++) {
        if (estimates->last_offer_ns[i] > sample->issued_ns) {
            return true;
        }
    }
    return false;
}

static bool is_fitting(const struct ticket_estimates *estimates, const struct sample *sample)
{
    const int bytes = sample->offered_bytes;
    const int least = bytes - TICKET_ESTIMATE_LONGER_BYTES;

    for (int i = least < 1 ? 1 : least; i <= bytes + TICKET_ESTIMATE_SHORTER_BYTES && i < LENGTHS;
         i++) {
        if (estimates->first_issue_ns[i] < sample->offered_ns) {
            return true;
        }
    }
    return false;
}

static void judge(struct ticket_estimates *estimates, const struct sample *sample,
                  int64_t first_issue_ns)
{
    struct ticket_estimates_host *host = &estimates->hosts[sample->host];

    if (sample->issued_bytes > 0) {
        host->confirmed += is_confirmed(estimates, sample);
    }
    if (sample->offered_bytes > 0 && first_issue_ns < sample->offered_ns) {
        host->offers++;
        host->unfitting += !is_fitting(estimates, sample);
    }
}

/* All samples of one client at one host: only the earliest issue and the latest offer of each
 * length matter, so that their number does not. */
static void settle_client(struct ticket_estimates *estimates, const struct sample *samples,
                          size_t count)
{
    int64_t first_issue_ns = INT64_MAX;

    for (size_t i = 0; i < count; i++) {
        note(estimates, &samples[i]);
        if (samples[i].issued_bytes > 0 && samples[i].issued_ns < first_issue_ns) {
            first_issue_ns = samples[i].issued_ns;
        }
    }
    for (size_t i = 0; i < count; i++) {
        judge(estimates, &samples[i], first_issue_ns);
    }
    for (size_t i = 0; i < count; i++) {
        forget(estimates, &samples[i]);
    }
}

void ticket_estimates_settle(struct ticket_estimates *estimates)
{
    struct sample *samples = estimates->samples;
    size_t from = 0;

    if (estimates->count > 0) {
        qsort(samples, estimates->count, sizeof(*samples), by_host_and_client);
    }
    while (from < estimates->count) {
        size_t to = from + 1;
        while (to < estimates->count && by_host_and_client(&samples[from], &samples[to]) == 0) {
            to++;
        }
        settle_client(estimates, samples + from, to - from);
        from = to;
    }
}

struct ticket_estimates_host ticket_estimates_of(const struct ticket_estimates *estimates,
                                                 uint32_t host)
{
    return host < estimates->host_count ? estimates->hosts[host]
                                        : (struct ticket_estimates_host){.handshakes = 0};
}
