#include "report/advice_rules.h"

#include "report/advice_words.h"
#include "report/format.h"

#include <inttypes.h>

static const int64_t day_ns = 86400 * INT64_C(1000000000);

struct rule {
    const char *name;
    enum advice_certainty certainty;
    uint64_t samples_min;
    double share_min;
    const char *of; /* what the samples are, to begin with; NULL: no share is said */
    struct proportion (*part)(const struct advice_host *host);
    bool (*applies)(const struct advice_host *host);        /* NULL: always */
    double (*gain_each_ns)(const struct advice_host *host); /* NULL: none known; or 0 */
    advice_words *write;
};

/* ---- Parts ---- */

static struct proportion of_offers(const struct advice_host *host, uint64_t part)
{
    return (struct proportion){part, figures_refused(&host->figures).of};
}

static struct proportion refused_elsewhere(const struct advice_host *host)
{
    const uint64_t *refused = host->counts.refused;
    return of_offers(host,
                     refused[REFUSAL_CAUSE_KEY_CHANGED] + refused[REFUSAL_CAUSE_OTHER_SERVER]);
}

static struct proportion refused_other_server(const struct advice_host *host)
{
    return of_offers(host, host->counts.refused[REFUSAL_CAUSE_OTHER_SERVER]);
}

static struct proportion refused_expired(const struct advice_host *host)
{
    return of_offers(host, host->counts.refused[REFUSAL_CAUSE_EXPIRED]);
}

static struct proportion refused_key_changed(const struct advice_host *host)
{
    return of_offers(host, host->counts.refused[REFUSAL_CAUSE_KEY_CHANGED]);
}

static struct proportion refused_tickets(const struct advice_host *host)
{
    return of_offers(host, host->counts.refused[REFUSAL_CAUSE_UNEXPLAINED] -
                               host->counts.unexplained_ids);
}

static struct proportion refused_ids(const struct advice_host *host)
{
    return of_offers(host, host->counts.unexplained_ids);
}

static struct proportion accepted_past_hint(const struct advice_host *host)
{
    return (struct proportion){host->figures.accepted_past, host->figures.accepted_aged};
}

static struct proportion not_offered(const struct advice_host *host)
{
    return (struct proportion){host->counts.missed[MISSED_NOT_OFFERED], host->figures.evaluated};
}

static struct proportion not_issuing(const struct advice_host *host)
{
    const struct host_counts *counts = &host->counts;
    return (struct proportion){counts->full_in_clear - counts->full_issuing, counts->full_in_clear};
}

static struct proportion tickets_of_keys(const struct advice_host *host)
{
    return (struct proportion){host->keys.issued, host->keys.issued};
}

static struct proportion warned(const struct advice_host *host, enum ticket_warning warning)
{
    const uint64_t is_warned = host->keys.warnings >> warning & 1;
    return (struct proportion){is_warned, is_warned};
}

static struct proportion zero_name(const struct advice_host *host)
{
    return warned(host, TICKET_WARNING_ZERO_NAME);
}

static struct proportion plaintext(const struct advice_host *host)
{
    return warned(host, TICKET_WARNING_PLAINTEXT);
}

static struct proportion repeated_iv(const struct advice_host *host)
{
    return warned(host, TICKET_WARNING_REPEATED_IV);
}

static struct proportion stalled(const struct advice_host *host)
{
    return (struct proportion){host->counts.full_stalled, host->counts.full_flights};
}

static struct proportion retried(const struct advice_host *host)
{
    return (struct proportion){host->counts.retried, host->counts.tls13};
}

/* ---- What else must be so ---- */

static bool is_split(const struct advice_host *host)
{
    return host->keys.split != HOST_KEYS_TOGETHER;
}

static bool is_not_split(const struct advice_host *host)
{
    return !is_split(host);
}

static bool has_hint_and_is_not_split(const struct advice_host *host)
{
    return is_not_split(host) && advice_words_has_hint(host);
}

static bool issues_nothing(const struct advice_host *host)
{
    return host->counts.full_issuing == 0;
}

static bool has_accepted_ids(const struct advice_host *host)
{
    return host->figures.verdicts[VERDICT_RESUMED_ID] > 0;
}

static bool accepts_no_ids(const struct advice_host *host)
{
    return !has_accepted_ids(host);
}

static bool has_issued(const struct advice_host *host)
{
    return host->figures.tickets_issued + host->figures.ids_issued > 0;
}

static bool keeps_one_key(const struct advice_host *host)
{
    return host->keys.keys == 1 && host->keys.span_ns > ADVICE_KEY_DAYS * day_ns;
}

/* ---- What there is to gain ---- */

static double gain_of(const struct figures_gain *gain)
{
    return gain->headline_samples > 0 && gain->headline_ns > 0
               ? gain->headline_ns / (double)gain->headline_samples
               : 0;
}

static double gain_refused(const struct advice_host *host)
{
    return gain_of(&host->figures.gains[MISSED_REFUSED]);
}

/* What is missed is counted of sessions within their time only: what the host's resumed ones
 * saved stands for what those older would have. */
static double gain_expired(const struct advice_host *host)
{
    const struct figures_saved *saved = &host->figures.saved;

    return saved->headline_samples > 0 && saved->headline_ns > 0
               ? saved->headline_ns / (double)saved->headline_samples
               : 0;
}

static double gain_not_offered(const struct advice_host *host)
{
    return gain_of(&host->figures.gains[MISSED_NOT_OFFERED]);
}

static double mean_or_nothing(const struct mean *mean)
{
    return mean->samples > 0 && mean->sum > 0 ? mean_value(mean) : 0;
}

static double gain_stalled(const struct advice_host *host)
{
    return mean_or_nothing(&host->counts.stalled_ns);
}

static double gain_retried(const struct advice_host *host)
{
    return mean_or_nothing(&host->counts.retried_ns);
}

/* ---- The table ---- */

enum { ENOUGH = ADVICE_SAMPLES_MIN };

/* Shares worth a sentence: few, and where there is many a good reason. */
#define SOME 0.05
#define MANY 0.25

static const struct rule rules[] = {
    {"share-ticket-key", ADVICE_LIKELY, ENOUGH, SOME, "offers", refused_elsewhere, is_split,
     gain_refused, advice_words_share_key},
    {"share-sessions", ADVICE_LIKELY, ENOUGH, SOME, "offers", refused_other_server, is_not_split,
     gain_refused, advice_words_share_sessions},
    {"lengthen-lifetime", ADVICE_CERTAIN, ENOUGH, SOME, "offers", refused_expired, NULL,
     gain_expired, advice_words_expired},
    {"keep-old-keys", ADVICE_LIKELY, ENOUGH, SOME, "offers", refused_key_changed,
     has_hint_and_is_not_split, gain_refused, advice_words_keep_keys},
    {"keep-promise", ADVICE_LIKELY, ENOUGH, SOME, "offers", refused_tickets, advice_words_has_hint,
     gain_refused, advice_words_keep_promise},
    {"keep-ids", ADVICE_LIKELY, ENOUGH, SOME, "offers", refused_ids, accepts_no_ids, gain_refused,
     advice_words_keep_ids},
    {"keep-ids-longer", ADVICE_LIKELY, ENOUGH, SOME, "offers", refused_ids, has_accepted_ids,
     gain_refused, advice_words_keep_ids_longer},
    {"raise-hint", ADVICE_LIKELY, ENOUGH, SOME, "accepted offers", accepted_past_hint,
     advice_words_has_hint, NULL, advice_words_raise_hint},
    {"clients-do-not-offer", ADVICE_LIKELY, ENOUGH, MANY, "handshakes", not_offered, has_issued,
     gain_not_offered, advice_words_not_offered},
    {"issue-sessions", ADVICE_LIKELY, ENOUGH, SOME, "full handshakes up to TLS 1.2", not_issuing,
     issues_nothing, NULL, advice_words_issue},
    {"change-ticket-key", ADVICE_LIKELY, ENOUGH, 0, NULL, tickets_of_keys, keeps_one_key, NULL,
     advice_words_change_key},
    {"zero-key-name", ADVICE_CERTAIN, 1, 0, NULL, zero_name, NULL, NULL, advice_words_zero_name},
    {"plaintext-tickets", ADVICE_CERTAIN, 1, 0, NULL, plaintext, NULL, NULL,
     advice_words_plaintext},
    {"repeated-iv", ADVICE_CERTAIN, 1, 0, NULL, repeated_iv, NULL, NULL, advice_words_repeated_iv},
    {"shorten-chain", ADVICE_LIKELY, ENOUGH, SOME, "full handshakes", stalled, NULL, gain_stalled,
     advice_words_stalled},
    {"match-groups", ADVICE_LIKELY, ENOUGH, SOME, "TLS 1.3 handshakes", retried, NULL, gain_retried,
     advice_words_retried},
};

const char *advice_certainty_name(enum advice_certainty certainty)
{
    return certainty == ADVICE_CERTAIN ? "certain" : "likely";
}

size_t advice_rules_count(void)
{
    return sizeof(rules) / sizeof(rules[0]);
}

const char *advice_rules_name(size_t rule)
{
    return rules[rule].name;
}

static bool fires(const struct rule *rule, const struct advice_host *host,
                  const struct proportion *part)
{
    return part->of >= rule->samples_min && part->part > 0 &&
           proportion_interval(part).low >= rule->share_min &&
           (rule->applies == NULL || rule->applies(host));
}

static void say_share(const struct rule *rule, struct advice_finding *out)
{
    char share[FORMAT_BYTES];

    if (rule->of == NULL) {
        return;
    }
    if (out->part.part == out->part.of) {
        text_page_add(&out->sentence, "All %" PRIu64 " %s", out->part.of, rule->of);
    } else {
        text_page_add(&out->sentence, "%s of %" PRIu64 " %s",
                      format_rate(proportion_rate(&out->part), share), out->part.of, rule->of);
    }
}

/* By the day where there are days. */
static void say_gain(const struct advice_host *host, double each_ns, struct advice_finding *out)
{
    const double days = (double)host->span_ns / (double)day_ns;
    const double a_day = days >= 1 ? (double)out->part.part / days : 0;
    char each[FORMAT_BYTES];

    if (each_ns <= 0) {
        return;
    }
    text_page_add(&out->sentence, "; that would save about %s in each of ",
                  format_duration(each_ns, each));
    if (a_day >= 1) {
        text_page_add(&out->sentence, "%.0f handshakes a day", a_day);
    } else {
        text_page_add(&out->sentence, "%" PRIu64 " handshakes", out->part.part);
    }
}

bool advice_rules_apply(size_t number, const struct advice_host *host, struct advice_finding *out)
{
    const struct rule *rule = &rules[number];
    const struct proportion part = rule->part(host);

    if (!fires(rule, host, &part)) {
        return false;
    }
    const double each_ns = rule->gain_each_ns == NULL ? 0 : rule->gain_each_ns(host);
    *out = (struct advice_finding){
        .rule = rule->name,
        .certainty = rule->certainty,
        .part = part,
        .gain_ns = each_ns * (double)part.part,
    };
    say_share(rule, out);
    rule->write(host, out);
    say_gain(host, each_ns, out);
    text_page_add(&out->sentence, ".");
    return true;
}

void advice_rules_method(struct text_sentence *out)
{
    text_page_add(out,
                  "Advice is given from %d offers or handshakes of its kind on, and where its "
                  "share is at least 5 %% (of clients that do not offer 25 %%) with 97.5 %% "
                  "confidence; about tickets that are unsafe, from one on. Certain: no other "
                  "explanation is known. Likely: look before you change anything. The time is the "
                  "mean of all such handshakes of the host, or, of sessions that had expired, "
                  "what those resumed saved.",
                  ADVICE_SAMPLES_MIN);
}
