#include "tests/bench/trace_options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char trace_options_usage[] =
    "usage: trace_gen [options] -o FILE\n"
    "  -k, --kind KIND         what is in it (handshakes):\n"
    "       bulk               TLS with 79 kB after each handshake: 16000 conversations\n"
    "       handshakes         TLS with 600 bytes after each: 100000\n"
    "       syn-flood          10000000 lone SYNs, and a hundredth as many handshakes\n"
    "       half-hellos        1000000 halves of a ClientHello, likewise\n"
    "       open               TCP connections that are opened and say nothing: 1000000\n"
    "       done               handshakes on connections that stay open: 1000000\n"
    "       colliding          as open, from endpoints that -H chooses: 1000000\n"
    "  -n, --conversations N   another number of them\n"
    "  -c, --open N            open at any time; of open and done: endpoints in use\n"
    "  -b, --bytes N           of each response, instead of what the kind says\n"
    "  -r, --rounds N          of open: packets of each connection after its opening (1)\n"
    "  -H, --hash NAME         xor, sum, crc32 or toeplitz: endpoints that it gives one value;\n"
    "                          random (the default): any endpoints\n"
    "  -s, --seed N            another trace of the same kind (1)\n"
    "The same options give the same file. What is in it is printed as JSON.\n";

static const struct {
    const char *name;
    uint32_t conversations;
    uint32_t open;
    uint32_t bytes;
} kinds[TRACE_KIND_COUNT] = {
    [TRACE_BULK] = {"bulk", 16000, 1000, 79000},
    [TRACE_HANDSHAKES] = {"handshakes", 100000, 1000, 600},
    [TRACE_SYN_FLOOD] = {"syn-flood", 10000000, 1000, 600},
    [TRACE_HALF_HELLOS] = {"half-hellos", 1000000, 100, 600},
    [TRACE_OPEN] = {"open", 1000000, 1000000, 0},
    [TRACE_DONE] = {"done", 1000000, 1000000, 0},
    [TRACE_COLLIDING] = {"colliding", 1000000, 1000000, 0},
};

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

static bool parse_kind(const char *word, struct trace_options *out)
{
    for (int kind = 0; kind < TRACE_KIND_COUNT; kind++) {
        if (strcmp(word, kinds[kind].name) == 0) {
            out->kind = (enum trace_kind)kind;
            return true;
        }
    }
    return false;
}

static bool parse_hash(const char *word, struct trace_options *out)
{
    static const char *const names[UNKEYED_COUNT + 1] = {
        [UNKEYED_XOR] = "xor",           [UNKEYED_SUM] = "sum",      [UNKEYED_CRC32] = "crc32",
        [UNKEYED_TOEPLITZ] = "toeplitz", [UNKEYED_COUNT] = "random",
    };

    for (int which = 0; which <= UNKEYED_COUNT; which++) {
        if (strcmp(word, names[which]) == 0) {
            out->hash = (enum unkeyed)which;
            return true;
        }
    }
    return false;
}

static bool parse_seed(const char *text, uint64_t *out)
{
    uint32_t seed;

    if (!parse_count(text, &seed)) {
        return false;
    }
    *out = seed;
    return true;
}

/* Numbers that are not given stay 0. */
static bool parse_option(int letter, const char *value, struct trace_options *out)
{
    switch (letter) {
    case 'k':
        return parse_kind(value, out);
    case 'n':
        return parse_count(value, &out->conversations) && out->conversations > 0;
    case 'c':
        return parse_count(value, &out->open) && out->open > 0;
    case 'b':
        return parse_count(value, &out->bytes) && out->bytes > 0;
    case 'r':
        return parse_count(value, &out->rounds);
    case 'H':
        return parse_hash(value, out);
    case 's':
        return parse_seed(value, &out->seed);
    case 'o':
        out->path = value;
        return true;
    default:
        return false;
    }
}

/* What the kind says, where nothing else was said. */
static void fill_in(struct trace_options *out)
{
    out->conversations =
        out->conversations > 0 ? out->conversations : kinds[out->kind].conversations;
    out->open = out->open > 0 ? out->open : kinds[out->kind].open;
    out->bytes = out->bytes > 0 ? out->bytes : kinds[out->kind].bytes;
    if (out->open > out->conversations) {
        out->open = out->conversations;
    }
}

bool trace_options_parse(int argc, char **argv, struct trace_options *out)
{
    static const struct option table[] = {
        {"kind", required_argument, NULL, 'k'},
        {"conversations", required_argument, NULL, 'n'},
        {"open", required_argument, NULL, 'c'},
        {"bytes", required_argument, NULL, 'b'},
        {"seed", required_argument, NULL, 's'},
        {"rounds", required_argument, NULL, 'r'},
        {"hash", required_argument, NULL, 'H'},
        {"output", required_argument, NULL, 'o'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    *out = (struct trace_options){
        .kind = TRACE_HANDSHAKES, .rounds = 1, .hash = UNKEYED_COUNT, .seed = 1};
    while ((letter = getopt_long(argc, argv, "k:n:c:b:r:H:s:o:", table, NULL)) != -1) {
        if (!parse_option(letter, optarg, out)) {
            return false;
        }
    }
    fill_in(out);
    return optind == argc && out->path != NULL;
}
