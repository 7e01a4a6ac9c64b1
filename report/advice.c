#include "report/advice.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    double gain_ns;
    uint64_t part;
    uint32_t host;
    uint32_t rule;
};

struct advice {
    struct advice_host *hosts; /* by name */
    size_t host_count;
    size_t left_out;
    struct entry *findings;
    size_t finding_count;
    struct host_keys_gather *gather; /* of the host whose keys come; NULL: none do */
    size_t gathered;
};

void advice_free(struct advice *advice)
{
    if (advice != NULL) {
        host_keys_gather_free(advice->gather);
        free(advice->hosts);
        free(advice->findings);
        free(advice);
    }
}

/* ---- Hosts ---- */

struct candidate {
    size_t handshakes;
    size_t place;
};

static int by_handshakes(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;

    if (a->handshakes != b->handshakes) {
        return a->handshakes > b->handshakes ? -1 : 1;
    }
    return (a->place > b->place) - (a->place < b->place);
}

static int compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
    const size_t common = a_len < b_len ? a_len : b_len;
    const int order = common == 0 ? 0 : memcmp(a, b, common);

    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static int by_name(const void *left, const void *right)
{
    const struct advice_host *a = left;
    const struct advice_host *b = right;

    return compare_names(a->name, a->name_len, b->name, b->name_len);
}

static int64_t span_of(const struct summary *summary)
{
    const struct coverage *coverage = summary_coverage(summary);
    int64_t span_ns;

    if (coverage->first_ns == HANDSHAKE_NULL) {
        return 0;
    }
    return __builtin_sub_overflow(coverage->last_ns, coverage->first_ns, &span_ns) ? INT64_MAX
                                                                                   : span_ns;
}

static bool set_host(const struct summary *summary, struct host_counts_table *counts, size_t place,
                     struct advice_host *out)
{
    *out = (struct advice_host){.place = place, .span_ns = span_of(summary)};
    out->name = summary_name(summary, place, &out->name_len);
    summary_figures(summary, place, &out->figures);
    host_keys_init(&out->keys);
    return host_counts_table_find(counts, out->name, out->name_len, &out->counts);
}

/* NULL without memory. */
static struct candidate *candidates_of(const struct summary *summary)
{
    const size_t groups = summary_groups(summary);
    struct candidate *candidates = calloc(groups + 1, sizeof(*candidates));

    for (size_t place = 0; candidates != NULL && place < groups; place++) {
        candidates[place] = (struct candidate){summary_handshakes(summary, place), place};
    }
    if (candidates != NULL) {
        qsort(candidates, groups, sizeof(*candidates), by_handshakes);
    }
    return candidates;
}

static bool set_hosts(struct advice *advice, const struct summary *summary,
                      struct host_counts_table *counts)
{
    struct candidate *candidates = candidates_of(summary);
    bool done = candidates != NULL;

    for (size_t i = 0; done && i < advice->host_count; i++) {
        done = set_host(summary, counts, candidates[i].place, &advice->hosts[i]);
    }
    free(candidates);
    return done;
}

struct advice *advice_new(const struct summary *summary, struct host_counts_table *counts)
{
    const size_t groups = summary_groups(summary);
    struct advice *advice = calloc(1, sizeof(*advice));

    if (advice == NULL) {
        return NULL;
    }
    advice->host_count = groups < ADVICE_HOSTS ? groups : ADVICE_HOSTS;
    advice->left_out = groups - advice->host_count;
    advice->hosts = calloc(advice->host_count + 1, sizeof(*advice->hosts));
    if (advice->hosts == NULL || !set_hosts(advice, summary, counts)) {
        advice_free(advice);
        return NULL;
    }
    qsort(advice->hosts, advice->host_count, sizeof(*advice->hosts), by_name);
    return advice;
}

/* ---- Keys ---- */

static bool end_keys(struct advice *advice)
{
    const bool done = advice->gather == NULL ||
                      host_keys_gather_end(advice->gather, &advice->hosts[advice->gathered].keys);

    host_keys_gather_free(advice->gather);
    advice->gather = NULL;
    return done;
}

static bool begin_keys(struct advice *advice, const struct advice_host *host)
{
    if (!end_keys(advice)) {
        return false;
    }
    advice->gathered = (size_t)(host - advice->hosts);
    advice->gather = host_keys_gather_new();
    return advice->gather != NULL;
}

bool advice_add_key(struct advice *advice, const struct key_use_record *use)
{
    const struct advice_host wanted = {.name = use->host.text, .name_len = use->host.len};
    const struct advice_host *host =
        bsearch(&wanted, advice->hosts, advice->host_count, sizeof(*advice->hosts), by_name);

    if (host == NULL) {
        return true;
    }
    if ((advice->gather == NULL || host != &advice->hosts[advice->gathered]) &&
        !begin_keys(advice, host)) {
        return false;
    }
    return host_keys_gather_add(advice->gather, use);
}

/* ---- Findings ---- */

static int by_worth(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;

    if (a->gain_ns < b->gain_ns || a->gain_ns > b->gain_ns) {
        return a->gain_ns > b->gain_ns ? -1 : 1;
    }
    if (a->part != b->part) {
        return a->part > b->part ? -1 : 1;
    }
    if (a->host != b->host) {
        return a->host < b->host ? -1 : 1;
    }
    return (a->rule > b->rule) - (a->rule < b->rule);
}

static void apply_rules(struct advice *advice, size_t host)
{
    struct advice_finding finding;

    for (size_t rule = 0; rule < advice_rules_count(); rule++) {
        if (advice_rules_apply(rule, &advice->hosts[host], &finding)) {
            advice->findings[advice->finding_count++] =
                (struct entry){finding.gain_ns, finding.part.part, (uint32_t)host, (uint32_t)rule};
        }
    }
}

bool advice_finish(struct advice *advice)
{
    const size_t most = advice->host_count * advice_rules_count();

    advice->findings = calloc(most + 1, sizeof(*advice->findings));
    if (!end_keys(advice) || advice->findings == NULL) {
        return false;
    }
    for (size_t host = 0; host < advice->host_count; host++) {
        apply_rules(advice, host);
    }
    qsort(advice->findings, advice->finding_count, sizeof(*advice->findings), by_worth);
    return true;
}

size_t advice_count(const struct advice *advice)
{
    return advice == NULL ? 0 : advice->finding_count;
}

const struct advice_host *advice_at(const struct advice *advice, size_t i,
                                    struct advice_finding *out)
{
    const struct entry *entry = &advice->findings[i];
    const struct advice_host *host = &advice->hosts[entry->host];

    (void)advice_rules_apply(entry->rule, host, out);
    return host;
}

size_t advice_hosts_left_out(const struct advice *advice)
{
    return advice == NULL ? 0 : advice->left_out;
}

void advice_method(const struct advice *advice, size_t further, struct text_sentence *out)
{
    if (further > 0) {
        text_page_add(out, "%zu further finding%s less to gain: the JSON report has them all. ",
                      further, further == 1 ? " has" : "s have");
    }
    advice_rules_method(out);
    if (advice->left_out > 0) {
        text_page_add(out, " Only the %d hosts with the most handshakes are advised, %zu are not.",
                      ADVICE_HOSTS, advice->left_out);
    }
}
