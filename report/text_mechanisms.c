#include "report/format.h"
#include "report/formats.h"
#include "report/sentences.h"
#include "report/text_page.h"

#include <string.h>

enum {
    HOST_COLUMNS_MAX = 60,
    OFFER_COLUMNS = 9,
    OTHER_COLUMNS = 2 * MECHANISM_COUNT * OFFER_COLUMNS,
    AT_ONCE_COLUMNS = 8,
    BYTES_COLUMNS = 9,
    CLIENTS_COLUMNS = 10,
    HELD_COLUMNS = 18, /* the last five: as wide as the offers above them, all together */
    TLS13_COLUMNS = 9,
};

static size_t host_columns(const struct formats_state *state)
{
    const size_t columns = formats_columns(state->columns) - OTHER_COLUMNS;

    return columns < HOST_COLUMNS_MAX ? columns : HOST_COLUMNS_MAX;
}

/* What has no room must not push the rest aside. */
static void print_text(FILE *out, int columns, const char *text)
{
    fprintf(out, "%*s", columns, strlen(text) < (size_t)columns ? text : "***");
}

static void print_count(FILE *out, int columns, uint64_t count)
{
    char text[FORMAT_BYTES];
    print_text(out, columns, format_count(count, text));
}

static void print_bytes(FILE *out, int columns, uint64_t bytes)
{
    char text[FORMAT_BYTES];
    print_text(out, columns, format_bytes(bytes, text));
}

static void print_heading(FILE *out, const char *words, bool use_color)
{
    text_page_bold(out, use_color);
    fputs(words, out);
    text_page_plain(out, use_color);
    fputc('\n', out);
}

static void print_offers(FILE *out, const struct mechanisms_host *host, size_t columns)
{
    char rate[FORMAT_BYTES];

    text_page_name(out, host->host.text, host->host.len, columns);
    for (int i = 0; i < MECHANISM_COUNT; i++) {
        const struct mechanisms_offers *offers = &host->offers[i];
        const uint64_t all = offers->accepted + offers->refused;
        print_count(out, OFFER_COLUMNS, all);
        fprintf(out, "%*s", OFFER_COLUMNS,
                all == 0 ? "-" : format_rate((double)offers->refused / (double)all, rate));
    }
    fputc('\n', out);
}

static void print_all_offers(FILE *out, const struct mechanisms *mechanisms, size_t columns,
                             bool use_color)
{
    char heading[256];

    (void)snprintf(heading, sizeof(heading), "%-*s%*s%*s%*s", (int)columns, "", 2 * OFFER_COLUMNS,
                   "IDs", 2 * OFFER_COLUMNS, "tickets", 2 * OFFER_COLUMNS, "PSKs");
    print_heading(out, heading, use_color);
    (void)snprintf(heading, sizeof(heading), "%-*s%*s%*s%*s%*s%*s%*s", (int)columns, "host",
                   OFFER_COLUMNS, "offered", OFFER_COLUMNS, "refused", OFFER_COLUMNS, "offered",
                   OFFER_COLUMNS, "refused", OFFER_COLUMNS, "offered", OFFER_COLUMNS, "refused");
    print_heading(out, heading, use_color);
    for (size_t i = 0; i < mechanisms_hosts(mechanisms); i++) {
        if (mechanisms_host(mechanisms, i)->has_session) {
            print_offers(out, mechanisms_host(mechanisms, i), columns);
        }
    }
}

static void print_held(FILE *out, const struct mechanisms_host *host)
{
    char sessions[2 * FORMAT_BYTES];
    char most[FORMAT_BYTES];
    char median[FORMAT_BYTES];

    if (host->clients == 0) {
        fprintf(out, "%*s%*s", CLIENTS_COLUMNS, "-", HELD_COLUMNS, "-");
        return;
    }
    (void)snprintf(sessions, sizeof(sessions), "%s/%s", format_count(host->sessions.most, most),
                   format_count(host->sessions.median, median));
    print_text(out, CLIENTS_COLUMNS, sessions);
    (void)snprintf(sessions, sizeof(sessions), "%s/%s", format_bytes(host->bytes.most, most),
                   format_bytes(host->bytes.median, median));
    print_text(out, HELD_COLUMNS, sessions);
}

static void print_cost(FILE *out, const struct mechanisms_host *host, size_t columns)
{
    text_page_name(out, host->host.text, host->host.len, columns);
    print_count(out, AT_ONCE_COLUMNS, host->ids_at_once);
    print_bytes(out, BYTES_COLUMNS, host->ids_at_once * MECHANISMS_SESSION_BYTES);
    print_bytes(out, BYTES_COLUMNS, host->issued_bytes + host->offered_bytes);
    print_held(out, host);
    fputc('\n', out);
}

static void print_costs(FILE *out, const struct mechanisms *mechanisms, size_t columns,
                        bool use_color)
{
    char heading[256];

    fputc('\n', out);
    (void)snprintf(heading, sizeof(heading), "%-*s%*s%*s%*s%*s", (int)columns, "", AT_ONCE_COLUMNS,
                   "IDs live", BYTES_COLUMNS, "cache", BYTES_COLUMNS, "tickets",
                   CLIENTS_COLUMNS + HELD_COLUMNS, "a client held: most/median");
    print_heading(out, heading, use_color);
    (void)snprintf(heading, sizeof(heading), "%-*s%*s%*s%*s%*s%*s", (int)columns, "host",
                   AT_ONCE_COLUMNS, "at once", BYTES_COLUMNS, "memory", BYTES_COLUMNS, "on wire",
                   CLIENTS_COLUMNS, "sess.", HELD_COLUMNS, "ticket bytes");
    print_heading(out, heading, use_color);
    for (size_t i = 0; i < mechanisms_hosts(mechanisms); i++) {
        if (mechanisms_host(mechanisms, i)->has_session) {
            print_cost(out, mechanisms_host(mechanisms, i), columns);
        }
    }
}

static void print_method(FILE *out, void (*add)(struct text_sentence *sentence))
{
    struct text_sentence sentence = {0};

    add(&sentence);
    fputc('\n', out);
    text_page_paragraph(out, &sentence);
}

static void print_ids_and_tickets(FILE *out, const struct mechanisms *mechanisms,
                                  struct formats_state *state)
{
    const size_t columns = host_columns(state);

    text_page_heading(out, "IDS AND TICKETS", state->use_color);
    print_all_offers(out, mechanisms, columns, state->use_color);
    print_costs(out, mechanisms, columns, state->use_color);
    print_method(out, sentences_mechanisms);
}

static void print_tls13(FILE *out, const struct mechanisms_host *host, size_t columns)
{
    const struct ticket_estimates_host *tls13 = &host->tls13;

    text_page_name(out, host->host.text, host->host.len, columns);
    print_count(out, TLS13_COLUMNS, tls13->handshakes);
    print_count(out, TLS13_COLUMNS, tls13->known);
    print_count(out, TLS13_COLUMNS, tls13->tickets);
    print_bytes(out, TLS13_COLUMNS, tls13->bytes);
    print_count(out, TLS13_COLUMNS, tls13->confirmed);
    print_count(out, TLS13_COLUMNS, tls13->unfitting);
    fputc('\n', out);
}

static void print_estimates(FILE *out, const struct mechanisms *mechanisms,
                            struct formats_state *state)
{
    const size_t columns = host_columns(state);
    char heading[256];

    text_page_heading(out, "TICKETS OF TLS 1.3 (ESTIMATED)", state->use_color);
    (void)snprintf(heading, sizeof(heading), "%-*s%*s%*s%*s", (int)columns, "", 2 * TLS13_COLUMNS,
                   "handshakes", 2 * TLS13_COLUMNS, "tickets issued", 2 * TLS13_COLUMNS,
                   "later offers");
    print_heading(out, heading, state->use_color);
    (void)snprintf(heading, sizeof(heading), "%-*s%*s%*s%*s%*s%*s%*s", (int)columns, "host",
                   TLS13_COLUMNS, "all", TLS13_COLUMNS, "known", TLS13_COLUMNS, "about",
                   TLS13_COLUMNS, "on wire", TLS13_COLUMNS, "confirm", TLS13_COLUMNS, "fit none");
    print_heading(out, heading, state->use_color);
    for (size_t i = 0; i < mechanisms_hosts(mechanisms); i++) {
        if (mechanisms_host(mechanisms, i)->tls13.handshakes > 0) {
            print_tls13(out, mechanisms_host(mechanisms, i), columns);
        }
    }
    print_method(out, sentences_ticket_estimates);
}

void text_mechanisms(FILE *out, const struct mechanisms *mechanisms, struct formats_state *state)
{
    if (mechanisms_has_sessions(mechanisms)) {
        print_ids_and_tickets(out, mechanisms, state);
    }
    if (mechanisms_has_tls13(mechanisms)) {
        print_estimates(out, mechanisms, state);
    }
}
