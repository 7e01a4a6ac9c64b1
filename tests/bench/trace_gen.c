/* Writes a reproducible capture file of TLS over TCP and prints what is in it as JSON. */
#include "tests/bench/conversation.h"
#include "tests/bench/schedule.h"
#include "tests/bench/trace_file.h"
#include "tests/bench/truth.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: trace_gen [options] -o FILE\n"
    "  -k, --kind bulk|handshakes  how much follows each handshake: 79 kB, or 600 bytes\n"
    "  -n, --conversations N       in all (bulk: 16000, handshakes: 100000)\n"
    "  -c, --open N                open at any time (1000)\n"
    "  -b, --bytes N               of each response, instead of what the kind says\n"
    "  -s, --seed N                another trace of the same kind (1)\n";

struct options {
    const char *path;
    uint32_t conversations;
    uint32_t open;
    uint32_t bytes;
    uint64_t seed;
};

enum {
    BULK_CONVERSATIONS = 16000,
    BULK_BYTES = 79000,
    HANDSHAKE_CONVERSATIONS = 100000,
    HANDSHAKE_BYTES = 600,
};

static const int64_t first_time_us = 1704067200000000; /* 2024-01-01 */

struct generator {
    struct planner *planner;
    struct trace_file *trace;
    struct conversation *conversations; /* one for each slot */
    struct schedule schedule;
    uint32_t to_begin;
    struct truth truth;
    uint8_t scratch[FLIGHT_MAX_BYTES];
};

static void begin_one(struct generator *generator, uint32_t slot, int64_t time_us)
{
    const struct plan plan = planner_next(generator->planner);

    conversation_begin(&generator->conversations[slot], &plan);
    schedule_add(&generator->schedule, time_us, slot);
    generator->to_begin--;
}

static void end_one(struct generator *generator, uint32_t slot, int64_t time_us)
{
    const struct plan *plan = &generator->conversations[slot].plan;

    planner_done(generator->planner, plan);
    generator->truth.kinds[plan->kind]++;
    if (generator->to_begin > 0) {
        begin_one(generator, slot, time_us);
    }
}

static void generate(struct generator *generator, uint32_t open)
{
    struct wire scratch = {generator->scratch, sizeof(generator->scratch), 0};
    struct schedule_entry entry;
    struct packet packet;

    /* The first ones begin within two seconds, not all at once. */
    for (uint32_t slot = 0; slot < open && generator->to_begin > 0; slot++) {
        begin_one(generator, slot, first_time_us + (int64_t)slot * 2000000 / open);
    }
    while (schedule_next(&generator->schedule, &entry)) {
        struct conversation *conversation = &generator->conversations[entry.slot];
        if (conversation_next(conversation, &scratch, &packet)) {
            trace_file_add(generator->trace, &conversation->plan, &packet, entry.time_us);
            schedule_add(&generator->schedule, entry.time_us + packet.pause_us, entry.slot);
        } else {
            end_one(generator, entry.slot, entry.time_us);
        }
    }
}

static bool write_trace(const struct options *options, struct generator *generator)
{
    generator->planner = planner_new(options->seed, flight_whole_records(options->bytes));
    generator->conversations = calloc(options->open, sizeof(*generator->conversations));
    generator->schedule.entries = calloc(options->open, sizeof(*generator->schedule.entries));
    generator->trace = trace_file_create(options->path);
    bool is_written = false;

    if (generator->planner != NULL && generator->conversations != NULL &&
        generator->schedule.entries != NULL && generator->trace != NULL) {
        generator->to_begin = options->conversations;
        generate(generator, options->open);
        generator->truth.seed = options->seed;
        generator->truth.packets = trace_file_packets(generator->trace);
        generator->truth.bytes = trace_file_bytes(generator->trace);
        is_written = true;
    }
    if (generator->trace != NULL && !trace_file_close(generator->trace)) {
        is_written = false;
    }
    free(generator->schedule.entries);
    free(generator->conversations);
    planner_free(generator->planner);
    return is_written;
}

static bool parse_count(const char *text, uint32_t *out)
{
    char *end;

    errno = 0;
    const unsigned long value = strtoul(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value > 1U << 30) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

static bool parse_kind(const char *word, struct options *options)
{
    const bool is_bulk = strcmp(word, "bulk") == 0;

    options->conversations = is_bulk ? BULK_CONVERSATIONS : HANDSHAKE_CONVERSATIONS;
    options->bytes = is_bulk ? BULK_BYTES : HANDSHAKE_BYTES;
    return is_bulk || strcmp(word, "handshakes") == 0;
}

static bool parse_option(int letter, const char *value, struct options *options)
{
    uint32_t seed;

    switch (letter) {
    case 'k':
        return parse_kind(value, options);
    case 'n':
        return parse_count(value, &options->conversations);
    case 'c':
        return parse_count(value, &options->open) && options->open > 0;
    case 'b':
        return parse_count(value, &options->bytes) && options->bytes > 0;
    case 's':
        if (!parse_count(value, &seed)) {
            return false;
        }
        options->seed = seed;
        return true;
    case 'o':
        options->path = value;
        return true;
    default:
        return false;
    }
}

static bool parse_options(int argc, char **argv, struct options *options)
{
    static const struct option table[] = {
        {"kind", required_argument, NULL, 'k'},
        {"conversations", required_argument, NULL, 'n'},
        {"open", required_argument, NULL, 'c'},
        {"bytes", required_argument, NULL, 'b'},
        {"seed", required_argument, NULL, 's'},
        {"output", required_argument, NULL, 'o'},
        {NULL, 0, NULL, 0},
    };
    int letter = getopt_long(argc, argv, "k:n:c:b:s:o:", table, NULL);

    while (letter != -1) {
        if (!parse_option(letter, optarg, options)) {
            return false;
        }
        letter = getopt_long(argc, argv, "k:n:c:b:s:o:", table, NULL);
    }
    return optind == argc && options->path != NULL;
}

int main(int argc, char **argv)
{
    struct options options = {NULL, HANDSHAKE_CONVERSATIONS, 1000, HANDSHAKE_BYTES, 1};
    struct generator *generator = calloc(1, sizeof(*generator));

    if (generator == NULL || !parse_options(argc, argv, &options)) {
        (void)fputs(usage, stderr);
        free(generator);
        return 2;
    }
    const bool is_written = write_trace(&options, generator);
    if (is_written) {
        truth_print(&generator->truth, stdout);
    } else {
        (void)fprintf(stderr, "trace_gen: %s: %s\n", options.path, strerror(errno));
    }
    free(generator);
    return is_written ? EXIT_SUCCESS : EXIT_FAILURE;
}
