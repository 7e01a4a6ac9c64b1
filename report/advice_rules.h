/* What is advised, and when: a table of rules. PURE: what is known of a host in, findings out.
 *
 * A rule is about a part of something it needs enough samples of, and fires where the lower end of
 * that share's 95 % interval (report/proportion.h) reaches what the rule asks for. */
#ifndef REPRISE_REPORT_ADVICE_RULES_H
#define REPRISE_REPORT_ADVICE_RULES_H

#include "report/figures.h"
#include "report/host_counts.h"
#include "report/host_keys.h"
#include "report/text_page.h"

struct advice_host {
    size_t place;     /* of the host in the summary */
    const char *name; /* untrusted, not terminated */
    size_t name_len;
    int64_t span_ns; /* from the first to the last handshake of all hosts */
    struct figures figures;
    struct host_counts counts;
    struct host_keys keys;
};

enum {
    ADVICE_SAMPLES_MIN = PROPORTION_ENOUGH,
    ADVICE_PAST = FIGURES_PAST,
    ADVICE_KEY_DAYS = 7, /* as long as TLS 1.3 lets a ticket live (RFC 8446, 4.6.1) */
    ADVICE_FIGURES_MAX = 4,
};

/* Likely: what is seen may have another explanation than the one given. */
enum advice_certainty { ADVICE_LIKELY, ADVICE_CERTAIN };

struct advice_figure {
    const char *name;
    int64_t value; /* HANDSHAKE_NULL: not known */
};

struct advice_finding {
    const char *rule;
    enum advice_certainty certainty;
    struct proportion part; /* what it is about, of what it was looked for in */
    double gain_ns;         /* to gain in all of them; 0: nothing, or not known */
    struct text_sentence sentence;
    struct advice_figure figures[ADVICE_FIGURES_MAX]; /* further ones */
    size_t figure_count;
};

const char *advice_certainty_name(enum advice_certainty certainty);

size_t advice_rules_count(void);
const char *advice_rules_name(size_t rule);

/* False, and *out is undefined, where the rule has nothing to say of the host. */
bool advice_rules_apply(size_t rule, const struct advice_host *host, struct advice_finding *out);

/* How findings come about; goes on with a sentence. */
void advice_rules_method(struct text_sentence *out);

#endif
