/* Writes a reproducible database of handshakes, through the store as the program does: for what a
 * report costs, and what storing does. */
#include "tests/bench/hosts.h"
#include "tests/bench/stopwatch.h"

#include "store/store.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] = "usage: database_gen [options] -o FILE\n"
                            "  -a, --append        adds to the file, and prints how fast\n"
                            "  -n, --handshakes N  in all (1000000)\n"
                            "  -c, --hosts N       busy and quiet ones (1000)\n"
                            "  -t, --days N        that they are spread over (7)\n"
                            "  -u, --uniform       all hosts are as busy as each other\n"
                            "  -s, --seed N        another database of the same kind (1)\n";

struct options {
    const char *path;
    uint32_t handshakes;
    uint32_t hosts;
    uint32_t days;
    uint64_t seed;
    bool is_append;
    bool is_uniform;
};

static const int64_t first_time_ns = 1704067200000000000; /* 2024-01-01 */
static const int64_t day_ns = INT64_C(86400) * 1000000000;

enum { CLIENTS = 50000, TICKET_BYTES = 192, PIECE = 1000 };

struct generator {
    struct random random;
    struct host *hosts;
    uint32_t host_count;
    uint64_t *weights; /* up to and with each host */
    struct store *store;
    struct handshake piece[PIECE]; /* made, then stored: what is measured is the storing alone */
    struct stopwatch storing;
};

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
    const int64_t rtt_ns = host->rtt_ns * random_between(random, 80, 140) / 100;

    handshake_init(out);
    out->time_ns = time_ns;
    set_address(&out->client, random_below(random, CLIENTS),
                (uint16_t)random_between(random, 1024, 65535));
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
    out->server_think_ns = random_between(random, 200, 3000) * INT64_C(1000);
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
    struct issued *issued = &host->kept[host->issued_count++ % HOST_SESSIONS];

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
    const struct issued *offered = &host->kept[random_below(random, HOST_SESSIONS)];

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

static bool store_piece(struct generator *generator, uint32_t count, struct error *error)
{
    stopwatch_start(&generator->storing);
    for (uint32_t i = 0; i < count; i++) {
        if (!store_add(generator->store, &generator->piece[i], NULL, error)) {
            return false;
        }
    }
    stopwatch_stop(&generator->storing);
    return true;
}

/* What is appended begins where the file's own days end. */
static int64_t first_time_of(const struct options *options)
{
    return first_time_ns + (options->is_append ? options->days * day_ns : 0);
}

/* Handshakes are stored as they end: nearly in order of their time. */
static void make_piece(struct generator *generator, const struct options *options, uint32_t first,
                       uint32_t count)
{
    const int64_t step_ns = options->days * day_ns / options->handshakes;

    for (uint32_t i = 0; i < count; i++) {
        const int64_t time_ns = first_time_of(options) + (first + i) * step_ns +
                                random_below(&generator->random, 2000) * (int64_t)HOST_MS_NS;
        const uint32_t number =
            hosts_pick(&generator->random, generator->weights, generator->host_count);
        fill_common(generator, number, time_ns, &generator->piece[i]);
        fill(generator, number, &generator->piece[i]);
    }
}

static bool generate(struct generator *generator, const struct options *options,
                     struct error *error)
{
    const struct run_record run = {
        .started_ns = first_time_of(options),
        .ended_ns = first_time_of(options) + options->days * day_ns,
        .first_frame_ns = first_time_of(options),
        .last_frame_ns = first_time_of(options) + options->days * day_ns,
        .packets_captured = INT64_C(30) * options->handshakes,
        .packets_received = HANDSHAKE_NULL,
        .packets_dropped_kernel = HANDSHAKE_NULL,
        .packets_dropped_interface = HANDSHAKE_NULL,
    };

    if (!store_begin_run(generator->store, &run, error)) {
        return false;
    }
    for (uint32_t first = 0; first < options->handshakes; first += PIECE) {
        const uint32_t left = options->handshakes - first;
        const uint32_t count = left < PIECE ? left : PIECE;
        make_piece(generator, options, first, count);
        if (!store_piece(generator, count, error)) {
            return false;
        }
    }
    return store_update_run(generator->store, &run, error);
}

static struct generator *generator_new(const struct options *options)
{
    struct generator *generator = calloc(1, sizeof(*generator));

    if (generator == NULL) {
        return NULL;
    }
    /* Once with a seed: no session of the file is issued again. */
    generator->random = random_of(options->seed, options->is_append ? 'a' : 'd');
    generator->host_count = options->hosts;
    generator->hosts = calloc(options->hosts, sizeof(*generator->hosts));
    generator->weights = calloc(options->hosts, sizeof(*generator->weights));
    return generator;
}

static void generator_free(struct generator *generator)
{
    free(generator->hosts);
    free(generator->weights);
    free(generator);
}

/* -1: there is no such file. */
static int64_t bytes_of(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 ? (int64_t)status.st_size : -1;
}

/* The log is folded into the file when the store is closed: what that takes is storing, too. */
static bool fill_store(struct generator *generator, const struct options *options,
                       struct error *error)
{
    generator->store = store_open(options->path, error);
    if (generator->store == NULL) {
        return false;
    }
    hosts_make(&generator->random, generator->hosts, generator->weights, options->hosts,
               options->is_uniform);
    const bool is_filled = generate(generator, options, error);
    stopwatch_start(&generator->storing);
    const bool is_closed = store_close(generator->store, error);
    stopwatch_stop(&generator->storing);
    return is_filled && is_closed;
}

static void print_speed(const struct options *options, const struct stopwatch *storing,
                        int64_t bytes_added)
{
    (void)printf("{\"handshakes\": %u, \"seconds\": %.3f, \"cpu_seconds\": %.3f,"
                 " \"handshakes_per_second\": %.0f, \"bytes_per_handshake\": %.1f}\n",
                 options->handshakes, storing->seconds, storing->cpu_seconds,
                 options->handshakes / storing->seconds, (double)bytes_added / options->handshakes);
}

static bool write_with(struct generator *generator, const struct options *options,
                       struct error *error)
{
    const int64_t bytes_before = bytes_of(options->path);

    if (generator->hosts == NULL || generator->weights == NULL) {
        return error_set(error, "no memory");
    }
    if (options->is_append && bytes_before < 0) {
        return error_set(error, "%s: no such file to add to", options->path);
    }
    if (!fill_store(generator, options, error)) {
        return false;
    }
    if (options->is_append) {
        print_speed(options, &generator->storing, bytes_of(options->path) - bytes_before);
    }
    return true;
}

static bool write_database(const struct options *options, struct error *error)
{
    struct generator *generator = generator_new(options);

    if (generator == NULL) {
        return error_set(error, "no memory");
    }
    const bool is_done = write_with(generator, options, error);
    generator_free(generator);
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

static bool take_number(struct options *out, int option, uint32_t number)
{
    switch (option) {
    case 'n':
        out->handshakes = number;
        return true;
    case 'c':
        out->hosts = number;
        return true;
    case 't':
        out->days = number;
        return true;
    case 's':
        out->seed = number;
        return true;
    default:
        return false;
    }
}

static bool parse_options(int argc, char **argv, struct options *out)
{
    static const struct option known[] = {
        {"handshakes", required_argument, NULL, 'n'}, {"hosts", required_argument, NULL, 'c'},
        {"days", required_argument, NULL, 't'},       {"seed", required_argument, NULL, 's'},
        {"output", required_argument, NULL, 'o'},     {"append", no_argument, NULL, 'a'},
        {"uniform", no_argument, NULL, 'u'},          {NULL, 0, NULL, 0},
    };
    int option;
    uint32_t number;

    *out = (struct options){.handshakes = 1000000, .hosts = 1000, .days = 7, .seed = 1};
    while ((option = getopt_long(argc, argv, "aun:c:t:s:o:", known, NULL)) != -1) {
        if (option == 'o') {
            out->path = optarg;
        } else if (option == 'a') {
            out->is_append = true;
        } else if (option == 'u') {
            out->is_uniform = true;
        } else if (option == '?' || !parse_number(optarg, &number) ||
                   !take_number(out, option, number)) {
            return false;
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
