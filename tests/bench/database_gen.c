/* Writes a reproducible database of handshakes, through the store as the program does: for what a
 * report costs, and what storing does. */
#include "tests/bench/random.h"

#include "store/store.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "usage: database_gen [options] -o FILE\n"
                            "  -n, --handshakes N  in all (1000000)\n"
                            "  -c, --hosts N       busy and quiet ones (1000)\n"
                            "  -t, --days N        that they are spread over (7)\n"
                            "  -s, --seed N        another database of the same kind (1)\n";

struct options {
    const char *path;
    uint32_t handshakes;
    uint32_t hosts;
    uint32_t days;
    uint64_t seed;
};

static const int64_t first_time_ns = 1704067200000000000; /* 2024-01-01 */
static const int64_t day_ns = INT64_C(86400) * 1000000000;
static const int64_t ms_ns = 1000000;

enum { CLIENTS = 50000, SESSIONS_KEPT = 8, TICKET_BYTES = 192 };

/* What was issued, and may be offered. */
struct issued {
    struct session_hash hash;
    uint32_t client;
};

/* How a host behaves. */
struct host {
    enum verdict mechanism;
    uint32_t resumed_percent;
    uint32_t refused_percent;
    int64_t rtt_ns;
    int64_t hint_s;
    struct issued kept[SESSIONS_KEPT];
    uint32_t issued_count;
};

struct generator {
    struct random random;
    struct host *hosts;
    uint32_t host_count;
    uint64_t *weights; /* up to and with each host */
    struct store *store;
};

static uint32_t between(struct random *random, uint32_t low, uint32_t high)
{
    return low + random_below(random, high - low + 1);
}

/* Host h has a weight of 1/h: a few have most of the handshakes. */
static void make_hosts(struct generator *generator)
{
    static const int64_t hints_s[] = {300, 7200, 86400, 0};
    struct random *random = &generator->random;
    uint64_t sum = 0;

    for (uint32_t h = 0; h < generator->host_count; h++) {
        generator->hosts[h] = (struct host){
            .mechanism = VERDICT_RESUMED_ID + random_below(random, 3),
            .resumed_percent = random_below(random, 100),
            .refused_percent = random_below(random, 20),
            .rtt_ns = between(random, 5, 120) * ms_ns,
            .hint_s = hints_s[random_below(random, 4)],
        };
        sum += UINT32_MAX / (h + 1);
        generator->weights[h] = sum;
    }
}

static uint32_t pick_host(struct generator *generator)
{
    const uint64_t all = generator->weights[generator->host_count - 1];
    const uint64_t wanted = random_next(&generator->random) % all;
    uint32_t low = 0;
    uint32_t high = generator->host_count - 1;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (generator->weights[middle] > wanted) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static void set_address(struct endpoint *out, uint32_t number, uint16_t port)
{
    const uint8_t address[16] = {[10] = 0xff,
                                 [11] = 0xff,
                                 [12] = 10,
                                 [13] = (uint8_t)(number >> 16),
                                 [14] = (uint8_t)(number >> 8),
                                 [15] = (uint8_t)number};

    memcpy(out->address, address, sizeof(address));
    out->port = port;
}

/* What both kinds have. */
static void fill_common(struct generator *generator, uint32_t number, int64_t time_ns,
                        struct handshake *out)
{
    const struct host *host = &generator->hosts[number];
    struct random *random = &generator->random;
    const int64_t rtt_ns = host->rtt_ns * between(random, 80, 140) / 100;

    handshake_init(out);
    out->time_ns = time_ns;
    set_address(&out->client, random_below(random, CLIENTS),
                (uint16_t)between(random, 1024, 65535));
    set_address(&out->server, UINT32_C(0x800000) + number, 443);
    out->sni.len =
        (uint8_t)snprintf(out->sni.text, sizeof(out->sni.text), "host-%u.example.com", number + 1);
    out->alpn.len = 2;
    memcpy(out->alpn.text, "h2", 2);
    out->version = host->mechanism == VERDICT_RESUMED_PSK ? 0x0304 : 0x0303;
    out->has_cipher = true;
    out->cipher = host->mechanism == VERDICT_RESUMED_PSK ? 0x1301 : 0xc02f;
    out->offered = OFFER_NONE;
    out->outcome = OUTCOME_NONE;
    out->rtts_tcp = 1;
    out->rtts_stalled = 0;
    out->rtt_client_ns = rtt_ns * 3 / 10;
    out->rtt_server_ns = rtt_ns - out->rtt_client_ns;
    out->server_think_ns = between(random, 200, 3000) * INT64_C(1000);
}

/* One round trip, or two of a full handshake before TLS 1.3, and what the server takes to think. */
static void fill_times(struct handshake *out)
{
    const int64_t rtt_ns = out->rtt_client_ns + out->rtt_server_ns;

    out->handshake_ns = out->rtts_tls * rtt_ns + out->server_think_ns;
    out->setup_ns = out->handshake_ns + rtt_ns;
}

static enum offer offer_of(enum verdict mechanism)
{
    switch (mechanism) {
    case VERDICT_RESUMED_ID:
        return OFFER_ID;
    case VERDICT_RESUMED_TICKET:
        return OFFER_TICKET;
    case VERDICT_RESUMED_PSK:
        return OFFER_PSK;
    case VERDICT_UNKNOWN:
    case VERDICT_FULL:
    case VERDICT_FAILED:
    case VERDICT_COUNT:
        break;
    }
    return OFFER_NONE;
}

/* Before TLS 1.3 what is issued is in clear. */
static void issue(struct generator *generator, struct host *host, struct handshake *out)
{
    struct issued *issued = &host->kept[host->issued_count++ % SESSIONS_KEPT];

    issued->hash.is_set = true;
    random_fill(&generator->random, issued->hash.bytes, sizeof(issued->hash.bytes));
    issued->client = (uint32_t)out->client.address[13] << 16 |
                     (uint32_t)out->client.address[14] << 8 | out->client.address[15];
    if (host->mechanism == VERDICT_RESUMED_ID) {
        out->issued_id = issued->hash;
    } else if (host->mechanism == VERDICT_RESUMED_TICKET) {
        out->issued_ticket = issued->hash;
        out->issued_ticket_bytes = TICKET_BYTES;
        out->lifetime_hint_s = host->hint_s;
    }
}

static void set_messages(struct handshake *out, const char *messages)
{
    (void)snprintf(out->messages, sizeof(out->messages), "%s", messages);
}

static void fill_full(struct generator *generator, struct host *host, struct handshake *out)
{
    const bool is_1_3 = host->mechanism == VERDICT_RESUMED_PSK;

    out->verdict = VERDICT_FULL;
    out->rtts_tls = is_1_3 ? 1 : 2;
    out->bytes_client = 700;
    out->bytes_server = 4200;
    set_messages(out, is_1_3 ? ">CH <SH <CCS <APP >CCS >APP"
                             : ">CH <SH <CERT <SKE <SHD >CKE >CCS >FIN <CCS <FIN");
    issue(generator, host, out);
}

static void fill_resumed(const struct host *host, const struct issued *offered,
                         struct handshake *out)
{
    const bool is_1_3 = host->mechanism == VERDICT_RESUMED_PSK;

    out->verdict = host->mechanism;
    out->outcome = OUTCOME_ACCEPTED;
    out->offered = offer_of(host->mechanism);
    out->session_offered = offered->hash;
    set_address(&out->client, offered->client, out->client.port);
    out->rtts_tls = 1;
    out->bytes_client = 400;
    out->bytes_server = 300;
    set_messages(out, is_1_3 ? ">CH <SH <CCS <APP >CCS >APP" : ">CH <SH <CCS <FIN >CCS >FIN");
}

/* Of a hundred three failed and two cannot be told; of the others each host has its share. */
static void fill(struct generator *generator, uint32_t number, struct handshake *out)
{
    struct host *host = &generator->hosts[number];
    struct random *random = &generator->random;
    const uint32_t chance = random_below(random, 100);
    const struct issued *offered = &host->kept[random_below(random, SESSIONS_KEPT)];

    if (chance < 5) {
        out->verdict = chance < 3 ? VERDICT_FAILED : VERDICT_UNKNOWN;
        out->reason = chance < 3 ? REASON_ALERT : REASON_GAP;
        out->alert = chance < 3 ? 40 : 0;
    } else if (offered->hash.is_set && random_below(random, 100) < host->resumed_percent) {
        fill_resumed(host, offered, out);
        fill_times(out);
    } else {
        fill_full(generator, host, out);
        fill_times(out);
        if (offered->hash.is_set && random_below(random, 100) < host->refused_percent) {
            out->offered = offer_of(host->mechanism);
            out->outcome = OUTCOME_REFUSED;
            out->session_offered = offered->hash;
        }
    }
}

/* Handshakes are stored as they end: nearly in order of their time. */
static bool generate(struct generator *generator, const struct options *options,
                     struct error *error)
{
    const int64_t step_ns = options->days * day_ns / options->handshakes;
    struct run_record run = {
        .started_ns = first_time_ns,
        .ended_ns = first_time_ns + options->days * day_ns,
        .first_frame_ns = first_time_ns,
        .last_frame_ns = first_time_ns + options->days * day_ns,
        .packets_captured = INT64_C(30) * options->handshakes,
        .packets_received = HANDSHAKE_NULL,
        .packets_dropped_kernel = HANDSHAKE_NULL,
        .packets_dropped_interface = HANDSHAKE_NULL,
    };
    struct handshake handshake;

    if (!store_begin_run(generator->store, &run, error)) {
        return false;
    }
    for (uint32_t i = 0; i < options->handshakes; i++) {
        const int64_t time_ns =
            first_time_ns + i * step_ns + random_below(&generator->random, 2000) * ms_ns;
        const uint32_t number = pick_host(generator);
        fill_common(generator, number, time_ns, &handshake);
        fill(generator, number, &handshake);
        if (!store_add(generator->store, &handshake, NULL, error)) {
            return false;
        }
    }
    return store_update_run(generator->store, &run, error);
}

static bool write_database(const struct options *options, struct error *error)
{
    struct generator generator = {
        .random = random_of(options->seed, 'd'),
        .hosts = calloc(options->hosts, sizeof(*generator.hosts)),
        .weights = calloc(options->hosts, sizeof(*generator.weights)),
        .host_count = options->hosts,
        .store = store_open(options->path, error),
    };
    bool is_done = false;

    if (generator.hosts != NULL && generator.weights != NULL && generator.store != NULL) {
        make_hosts(&generator);
        is_done = generate(&generator, options, error);
    }
    if (generator.store != NULL) {
        is_done = store_close(generator.store, error) && is_done;
    }
    free(generator.hosts);
    free(generator.weights);
    return is_done;
}

static bool parse_number(const char *text, uint32_t *out)
{
    char *end;

    errno = 0;
    const unsigned long number = strtoul(text, &end, 10);
    *out = (uint32_t)number;
    return errno == 0 && end != text && *end == '\0' && number > 0 && number <= INT32_MAX;
}

static bool parse_options(int argc, char **argv, struct options *out)
{
    static const struct option known[] = {
        {"handshakes", required_argument, NULL, 'n'}, {"hosts", required_argument, NULL, 'c'},
        {"days", required_argument, NULL, 't'},       {"seed", required_argument, NULL, 's'},
        {"output", required_argument, NULL, 'o'},     {NULL, 0, NULL, 0},
    };
    int option;
    uint32_t number;

    *out = (struct options){.handshakes = 1000000, .hosts = 1000, .days = 7, .seed = 1};
    while ((option = getopt_long(argc, argv, "n:c:t:s:o:", known, NULL)) != -1) {
        if (option == 'o') {
            out->path = optarg;
        } else if (option == '?' || !parse_number(optarg, &number)) {
            return false;
        } else if (option == 's') {
            out->seed = number;
        } else {
            *(option == 'c' ? &out->hosts : option == 't' ? &out->days : &out->handshakes) = number;
        }
    }
    return out->path != NULL && optind == argc && out->days <= 10000;
}

int main(int argc, char **argv)
{
    struct options options;
    struct error error = {""};

    if (!parse_options(argc, argv, &options)) {
        (void)fputs(usage, stderr);
        return 2;
    }
    if (!write_database(&options, &error)) {
        (void)fprintf(stderr, "database_gen: %s\n", error.text);
        return 1;
    }
    return 0;
}
