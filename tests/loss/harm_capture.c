/* Writes a harmed copy of a capture, to look at by hand:
 *
 *     harm_capture [-d DROP] [-u DUPLICATE] [-r REORDER] [-l SNAPLEN] [-s SEED] IN OUT
 *
 * Shares are between 0 and 1. */
#include "tests/loss/harm.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int write_harmed(const struct harm *harm, const char *in, const char *out)
{
    struct trace whole;
    struct trace harmed;
    struct error error = {""};

    bool is_done = trace_load(&whole, in, &error);
    harm_apply(harm, &whole, &harmed);
    is_done = is_done && trace_save(&harmed, out, &error);
    if (is_done) {
        printf("%zu of %zu frames\n", harmed.count, whole.count);
    } else {
        (void)fprintf(stderr, "harm_capture: %s\n", error.text);
    }
    trace_clear(&harmed);
    trace_clear(&whole);
    return is_done ? 0 : 1;
}

static bool take_option(struct harm *harm, int letter, const char *value)
{
    switch (letter) {
    case 'd':
        harm->drop = strtod(value, NULL);
        return true;
    case 'u':
        harm->duplicate = strtod(value, NULL);
        return true;
    case 'r':
        harm->reorder = strtod(value, NULL);
        return true;
    case 'l':
        harm->snaplen = (uint32_t)strtoul(value, NULL, 10);
        return true;
    case 's':
        harm->seed = strtoull(value, NULL, 10);
        return true;
    default:
        return false;
    }
}

int main(int argc, char **argv)
{
    struct harm harm = {.seed = 1};
    bool is_right = true;
    int letter;

    while (is_right && (letter = getopt(argc, argv, "d:u:r:l:s:")) != -1) {
        is_right = take_option(&harm, letter, optarg);
    }
    if (!is_right || argc - optind != 2) {
        (void)fprintf(stderr, "usage: harm_capture [-d DROP] [-u DUPLICATE] [-r REORDER] "
                              "[-l SNAPLEN] [-s SEED] IN OUT\n");
        return 2;
    }
    return write_harmed(&harm, argv[optind], argv[optind + 1]);
}
