#include "report/advice_words.h"

#include "report/format.h"

#include <inttypes.h>

#define NS_PER_S INT64_C(1000000000)

bool advice_words_has_hint(const struct advice_host *host)
{
    return host->figures.hint_min_s != HANDSHAKE_NULL && host->figures.hint_min_s > 0;
}

static void say(struct advice_finding *out, const char *words)
{
    text_page_add(&out->sentence, "%s", words);
}

static void add_figure(struct advice_finding *out, const char *name, int64_t value)
{
    out->figures[out->figure_count++] = (struct advice_figure){name, value};
}

/* "(5 min)", "(5 min to 1 d)": of tickets seen in the period. */
static void say_hint(const struct advice_host *host, struct advice_finding *out)
{
    const struct figures *figures = &host->figures;
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    add_figure(out, "hint_min_s", figures->hint_min_s);
    add_figure(out, "hint_max_s", figures->hint_max_s);
    if (!advice_words_has_hint(host)) {
        return;
    }
    text_page_add(&out->sentence, " (%s", format_seconds(figures->hint_min_s, low));
    if (figures->hint_max_s != figures->hint_min_s) {
        text_page_add(&out->sentence, " to %s", format_seconds(figures->hint_max_s, high));
    }
    say(out, ")");
}

void advice_words_share_key(const struct advice_host *host, struct advice_finding *out)
{
    const struct host_keys *keys = &host->keys;
    char one[FORMAT_BYTES];
    char other[FORMAT_BYTES];

    add_figure(out, "ticket_keys", (int64_t)keys->keys);
    say(out, " were of sessions issued by another server, or under another ticket key, than the "
             "one that refused them; ");
    if (keys->split == HOST_KEYS_BY_SERVER) {
        text_page_add(&out->sentence,
                      "the servers %s and %s issue under different keys at the same time: share "
                      "one ticket key between all servers",
                      format_address(&keys->servers[0], one),
                      format_address(&keys->servers[1], other));
    } else {
        text_page_add(&out->sentence,
                      "two keys are in use side by side at %s, as if several servers stood behind "
                      "it: share one ticket key between them",
                      format_address(&keys->servers[0], one));
    }
}

void advice_words_share_sessions(const struct advice_host *host, struct advice_finding *out)
{
    (void)host;
    say(out, " were refused at another server address than the one that issued the session: share "
             "the session cache, or the ticket key, between servers");
}

void advice_words_expired(const struct advice_host *host, struct advice_finding *out)
{
    say(out, " were of sessions older than their lifetime hint");
    say_hint(host, out);
    say(out, " and refused: clients return later than sessions live; keep them longer and raise "
             "the hint, where policy allows");
}

void advice_words_keep_keys(const struct advice_host *host, struct advice_finding *out)
{
    const struct host_keys *keys = &host->keys;
    char period[FORMAT_BYTES];

    say(out, " were of tickets under a former key, refused before their lifetime hint");
    say_hint(host, out);
    say(out, " was over");
    if (keys->rotations == 1) {
        say(out, "; one new key was seen");
    } else if (keys->rotations > 1) {
        text_page_add(&out->sentence, "; a new key comes every %s (median of %" PRIu64 ")",
                      format_duration((double)keys->rotation_ns, period), keys->rotations);
    }
    if (keys->rotations > 0) {
        add_figure(out, "rotation_s", keys->rotation_ns / NS_PER_S);
        add_figure(out, "rotations", (int64_t)keys->rotations);
    }
    say(out, ": go on accepting tickets under old keys for as long as the hint");
}

void advice_words_keep_promise(const struct advice_host *host, struct advice_finding *out)
{
    say(out, " were of tickets refused before their lifetime hint");
    say_hint(host, out);
    say(out, " was over, by the server that issued them and without a change of key seen: accept "
             "them for as long as is promised, or lower the hint");
}

void advice_words_keep_ids(const struct advice_host *host, struct advice_finding *out)
{
    (void)host;
    say(out, " were of session IDs refused by the server that issued them, and no ID was accepted: "
             "it hands them out but seems to keep no sessions; turn on its session cache");
}

/* Sessions that go at an age have a timeout; where one was refused that was younger than one
 * accepted, something else made it go. */
void advice_words_keep_ids_longer(const struct advice_host *host, struct advice_finding *out)
{
    const int64_t refused_s = host->counts.refused_id_age_s;
    const int64_t accepted_s = host->counts.accepted_id_age_s;
    char youngest[FORMAT_BYTES];
    char oldest[FORMAT_BYTES];

    add_figure(out, "youngest_refused_s", refused_s);
    add_figure(out, "oldest_accepted_s", accepted_s);
    say(out, " were of session IDs refused by the server that issued them");
    if (refused_s != HANDSHAKE_NULL && accepted_s != HANDSHAKE_NULL) {
        text_page_add(&out->sentence, " (the youngest refused was %s old, the oldest accepted %s)",
                      format_seconds(refused_s, youngest), format_seconds(accepted_s, oldest));
    }
    say(out, ": its cache lets sessions go before clients return; give it ");
    say(out, refused_s > accepted_s ? "a longer timeout, or more room"
                                    : "more room, and let it outlive restarts");
}

void advice_words_raise_hint(const struct advice_host *host, struct advice_finding *out)
{
    say(out, " were of sessions more than twice as old as the lifetime hint");
    say_hint(host, out);
    say(out, ": clients that keep to the hint throw sessions away that would be accepted; raise "
             "it");
}

void advice_words_not_offered(const struct advice_host *host, struct advice_finding *out)
{
    say(out, " were full because a client that had been given a session did not offer it");
    if (host->figures.resumed == 0) {
        say(out, ", and none was resumed");
    }
    say(out, ": have the programs of clients keep sessions and offer them, unless one address is "
             "many clients");
}

void advice_words_issue(const struct advice_host *host, struct advice_finding *out)
{
    (void)host;
    say(out, " issued neither a session ID nor a ticket: turn on a session cache or tickets");
}

void advice_words_change_key(const struct advice_host *host, struct advice_finding *out)
{
    char days[FORMAT_BYTES];

    text_page_add(&out->sentence,
                  "the name of the ticket key did not change for %s, over %" PRIu64
                  " tickets: change the key more often; whoever gets hold of it can decrypt all "
                  "of these sessions",
                  format_seconds(host->keys.span_ns / NS_PER_S, days), host->keys.issued);
    add_figure(out, "span_s", host->keys.span_ns / NS_PER_S);
}

void advice_words_zero_name(const struct advice_host *host, struct advice_finding *out)
{
    (void)host;
    say(out, "the name of a ticket key is all zero, as if none had been set: set a random key");
}

void advice_words_plaintext(const struct advice_host *host, struct advice_finding *out)
{
    (void)host;
    say(out, "a ticket is not encrypted, for it holds a long run of text or of one byte: encrypt "
             "tickets; whoever sees one can read what is in it");
}

void advice_words_repeated_iv(const struct advice_host *host, struct advice_finding *out)
{
    (void)host;
    say(out, "two tickets under one key have the same IV, which can give away what is in them: "
             "replace the program or the random numbers that make them");
}

void advice_words_stalled(const struct advice_host *host, struct advice_finding *out)
{
    (void)host;
    say(out, " waited for a further round trip inside a flight, as with certificates too large for "
             "it: shorten the certificate chain; resumption avoids it, too");
}

void advice_words_retried(const struct advice_host *host, struct advice_finding *out)
{
    (void)host;
    say(out, " took a HelloRetryRequest, which costs a round trip: let the server accept a group "
             "that clients send a key share of, or clients send one of the server's");
}
