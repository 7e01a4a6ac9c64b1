#include "report/markdown_ledger.h"

#include "report/escape.h"
#include "report/format.h"
#include "report/sentences.h"

#include <inttypes.h>
#include <string.h>

static void print_cause(FILE *out, const struct refusals *refusals, enum refusal_cause which)
{
    const struct occurrences *cause = &refusals->causes[which];
    char share[FORMAT_BYTES];
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    fprintf(out, "| %s | %" PRIu64 " | %s | %s | %s |", refusal_cause_name(which), cause->count,
            format_rate((double)cause->count / (double)refusals->count, share),
            format_second(cause->first_ns, first), format_second(cause->last_ns, last));
    for (size_t i = 0; i < occurrences_examples(cause); i++) {
        fprintf(out, "%s%" PRId64, i > 0 ? ", " : " ", cause->examples[i]);
    }
    fputs(" |\n", out);
}

void markdown_refusals(FILE *out, const struct refusals *refusals)
{
    const uint64_t *missed = refusals->missed;

    if (refusals->count == 0 && missed[MISSED_NOT_OFFERED] + missed[MISSED_REFUSED] == 0) {
        return;
    }
    fputs("\n## Refusals\n\n", out);
    if (refusals->count > 0) {
        fputs("| cause | offers | share | first | last | examples (id) |\n"
              "|---|--:|--:|--:|--:|---|\n",
              out);
    }
    for (int cause = REFUSAL_CAUSE_NONE + 1; cause < REFUSAL_CAUSE_COUNT; cause++) {
        if (refusals->causes[cause].count > 0) {
            print_cause(out, refusals, (enum refusal_cause)cause);
        }
    }
    fprintf(out,
            "\nMissed, though the client held a session of the host: %" PRIu64
            " not offered, %" PRIu64 " refused.\n",
            missed[MISSED_NOT_OFFERED], missed[MISSED_REFUSED]);
}

static void print_warnings(FILE *out, uint8_t warnings)
{
    bool is_first = true;

    for (int warning = 0; warning < TICKET_WARNING_COUNT; warning++) {
        if ((warnings >> warning & 1) != 0) {
            fprintf(out, "%s%s", is_first ? " " : ", ",
                    ticket_warning_name((enum ticket_warning)warning));
            is_first = false;
        }
    }
    fputs(" |\n", out);
}

/* The name is hex, checked by nobody: the file may have been written by anybody. */
static void print_key(FILE *out, const struct key_history_key *key)
{
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    fputs("| ", out);
    escape_markdown(out, key->name, strnlen(key->name, sizeof(key->name)));
    fprintf(out,
            " | %s | %" PRIu64 " | %" PRIu64 " | %s | %s | %" PRId64 " | %" PRId64 " | %" PRId64
            " |",
            key->format < 0 ? "-" : ticket_layout_name((enum ticket_layout)key->format), key->hosts,
            key->servers, format_second(key->first_seen_ns, first),
            format_second(key->last_seen_ns, last), key->issued_count, key->accepted_count,
            key->refused_count);
    print_warnings(out, key->warnings);
}

static void print_sharing(FILE *out, const struct report_keys *keys, size_t place)
{
    size_t others[KEY_OWNERS_NAMED];
    const size_t count = key_owners_sharing(keys->owners, place, others);

    for (size_t i = 0; i < count && i < KEY_OWNERS_NAMED; i++) {
        const struct wire_text *other = &key_timeline_host(keys->timeline, others[i])->host;
        fputs(i > 0 ? ", " : " ", out);
        escape_markdown(out, other->text, other->len);
    }
    fputs(count > KEY_OWNERS_NAMED ? ", and others |\n" : " |\n", out);
}

static void print_host(FILE *out, const struct report_keys *keys, size_t place)
{
    const struct key_history_host *host = key_history_host(keys->history, place);
    char rotation[FORMAT_BYTES] = "-";

    if (host->rotation_ns != HANDSHAKE_NULL) {
        (void)format_duration((double)host->rotation_ns, rotation);
    }
    fputs("| ", out);
    escape_markdown(out, host->host.text, host->host.len);
    fprintf(out, " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %s |", host->keys, host->at_once,
            host->shared, rotation);
    print_sharing(out, keys, place);
}

void markdown_keys(FILE *out, const struct report_keys *keys, struct formats_state *state)
{
    const struct key_history *history = keys->history;

    (void)state;
    if (key_history_keys(history) == 0) {
        return;
    }
    fputs("\n## Keys\n\n| name | format | hosts | servers | first seen | last seen | issued |"
          " accepted | refused | warnings |\n|---|---|--:|--:|--:|--:|--:|--:|--:|---|\n",
          out);
    for (size_t i = 0; i < key_history_keys(history); i++) {
        print_key(out, key_history_key(history, i));
    }
    fputs("\n| host | keys | at once | shared | new key after | shared with "
          "|\n|---|--:|--:|--:|--:|---|\n",
          out);
    for (size_t i = 0; i < key_history_hosts(history); i++) {
        print_host(out, keys, i);
    }
}

static void print_offers(FILE *out, const struct mechanisms_offers *offers)
{
    const uint64_t all = offers->accepted + offers->refused;
    char rate[FORMAT_BYTES] = "-";

    if (all > 0) {
        (void)format_rate((double)offers->refused / (double)all, rate);
    }
    fprintf(out, " %" PRIu64 " | %s |", all, rate);
}

static void print_held(FILE *out, const struct mechanisms_host *host,
                       const struct mechanisms_held *held)
{
    if (host->clients == 0) {
        fputs(" - | - |", out);
    } else {
        fprintf(out, " %" PRIu64 " | %" PRIu64 " |", held->most, held->median);
    }
}

static void print_name(FILE *out, const struct mechanisms_host *host)
{
    fputs("| ", out);
    if (host->host.len == 0) {
        fputs("(not known)", out);
    } else {
        escape_markdown(out, host->host.text, host->host.len);
    }
    fputs(" |", out);
}

static void print_mechanisms(FILE *out, const struct mechanisms_host *host)
{
    print_name(out, host);
    for (int mechanism = 0; mechanism < MECHANISM_COUNT; mechanism++) {
        print_offers(out, &host->offers[mechanism]);
    }
    fprintf(out, " %" PRIu64 " | %" PRIu64 " | %" PRIu64 " |", host->ids_at_once,
            host->ids_at_once * MECHANISMS_SESSION_BYTES, host->issued_bytes + host->offered_bytes);
    print_held(out, host, &host->sessions);
    print_held(out, host, &host->bytes);
    fputc('\n', out);
}

static void print_ids_and_tickets(FILE *out, const struct mechanisms *mechanisms)
{
    struct text_sentence method = {0};

    fputs(
        "\n## IDs and tickets\n\n| host | IDs offered | refused | tickets offered | refused | PSKs"
        " offered | refused | IDs live at once | cache bytes | ticket bytes on wire | sessions a"
        " client held, most | median | ticket bytes a client held, most | median |\n|---|",
        out);
    for (int column = 0; column < 13; column++) {
        fputs("--:|", out);
    }
    fputc('\n', out);
    for (size_t i = 0; i < mechanisms_hosts(mechanisms); i++) {
        if (mechanisms_host(mechanisms, i)->has_session) {
            print_mechanisms(out, mechanisms_host(mechanisms, i));
        }
    }
    sentences_mechanisms(&method);
    fprintf(out, "\n%s\n", method.text);
}

static void print_tls13(FILE *out, const struct mechanisms_host *host)
{
    const struct ticket_estimates_host *tls13 = &host->tls13;

    print_name(out, host);
    fprintf(out, " %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " |", tls13->handshakes,
            tls13->known, tls13->tickets, tls13->bytes);
    fprintf(out, " %" PRIu64 " of %" PRIu64 " | %" PRIu64 " of %" PRIu64 " |\n", tls13->confirmed,
            tls13->issuing, tls13->unfitting, tls13->offers);
}

static void print_estimates(FILE *out, const struct mechanisms *mechanisms)
{
    struct text_sentence method = {0};

    fputs("\n## Tickets of TLS 1.3 (estimated)\n\n| host | handshakes | known | tickets issued |"
          " their bytes | confirm | fit none |\n|---|--:|--:|--:|--:|--:|--:|\n",
          out);
    for (size_t i = 0; i < mechanisms_hosts(mechanisms); i++) {
        if (mechanisms_host(mechanisms, i)->tls13.handshakes > 0) {
            print_tls13(out, mechanisms_host(mechanisms, i));
        }
    }
    sentences_ticket_estimates(&method);
    fprintf(out, "\n%s\n", method.text);
}

void markdown_mechanisms(FILE *out, const struct mechanisms *mechanisms,
                         struct formats_state *state)
{
    (void)state;
    if (mechanisms_has_sessions(mechanisms)) {
        print_ids_and_tickets(out, mechanisms);
    }
    if (mechanisms_has_tls13(mechanisms)) {
        print_estimates(out, mechanisms);
    }
}
