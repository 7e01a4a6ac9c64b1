#include "tests/bench/truth.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* A column of the traits; NULL where a kind has none. */
typedef const char *label_of(enum plan_kind kind);

static const char *name_of(enum plan_kind kind)
{
    return plan_traits(kind)->name;
}

static const char *verdict_of(enum plan_kind kind)
{
    return plan_traits(kind)->verdict;
}

static const char *offered_of(enum plan_kind kind)
{
    return plan_traits(kind)->offered;
}

static const char *outcome_of(enum plan_kind kind)
{
    return plan_traits(kind)->outcome;
}

static const char *version_of(enum plan_kind kind)
{
    return plan_traits(kind)->version;
}

static const char *early_data_of(enum plan_kind kind)
{
    return plan_traits(kind)->early_data;
}

static const char *rtts_tls_of(enum plan_kind kind)
{
    static const char *const digits[] = {"0", "1", "2"};
    const int rtts = plan_traits(kind)->rtts_tls;

    return rtts < 0 ? NULL : digits[rtts];
}

/* Offered sessions whose issue was in clear. */
static const char *age_of(enum plan_kind kind)
{
    const enum plan_session offers = plan_traits(kind)->offers;

    return offers == PLAN_SESSION_ID || offers == PLAN_SESSION_TICKET ? "known" : NULL;
}

static const char *no_age(enum plan_kind kind)
{
    (void)kind;
    return NULL;
}

static bool is_label(label_of *column, int kind, const char *label)
{
    const char *other = column((enum plan_kind)kind);

    return other != NULL && strcmp(other, label) == 0;
}

/* The conversations of all kinds with this label; 0 when an earlier kind has it already. */
static uint64_t count_of(const struct truth *truth, label_of *column, int kind, const char *label)
{
    uint64_t count = 0;

    for (int earlier = 0; earlier < kind; earlier++) {
        if (is_label(column, earlier, label)) {
            return 0;
        }
    }
    for (int i = kind; i < PLAN_KIND_COUNT; i++) {
        count += is_label(column, i, label) ? truth->kinds[i] : 0;
    }
    return count;
}

static void print_counts(const struct truth *truth, const char *name, label_of *column, FILE *out)
{
    const char *separator = "";

    (void)fprintf(out, ",\n \"%s\": {", name);
    for (int kind = 0; kind < PLAN_KIND_COUNT; kind++) {
        const char *label = column((enum plan_kind)kind);
        const uint64_t count = label == NULL ? 0 : count_of(truth, column, kind, label);
        if (count > 0) {
            (void)fprintf(out, "%s\"%s\": %" PRIu64, separator, label, count);
            separator = ", ";
        }
    }
    (void)fprintf(out, "}");
}

void truth_print(const struct truth *truth, FILE *out)
{
    uint64_t conversations = 0;

    for (int kind = 0; kind < PLAN_KIND_COUNT; kind++) {
        conversations += truth->kinds[kind];
    }
    (void)fprintf(out,
                  "{\"seed\": %" PRIu64 ", \"packets\": %" PRIu64 ", \"bytes\": %" PRIu64
                  ", \"handshakes\": %" PRIu64 ", \"strangers\": %" PRIu32,
                  truth->seed, truth->packets, truth->bytes, conversations, truth->strangers);
    print_counts(truth, "kind", name_of, out);
    print_counts(truth, "verdict", verdict_of, out);
    print_counts(truth, "offered", offered_of, out);
    print_counts(truth, "outcome", outcome_of, out);
    print_counts(truth, "version", version_of, out);
    print_counts(truth, "early_data", early_data_of, out);
    print_counts(truth, "rtts_tls", rtts_tls_of, out);
    print_counts(truth, "age", truth->is_later ? no_age : age_of, out);
    (void)fprintf(out, "}\n");
}
