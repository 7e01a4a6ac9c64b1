#include "report/html_chart.h"
#include "report/html_parts.h"

#include <inttypes.h>
#include <string.h>

/* NULL: no session of the host was seen. */
static const struct mechanisms_host *find(const struct mechanisms *mechanisms, const char *name,
                                          size_t len)
{
    for (size_t i = 0; i < mechanisms_hosts(mechanisms); i++) {
        const struct mechanisms_host *host = mechanisms_host(mechanisms, i);
        if (host->host.len == len && (len == 0 || memcmp(host->host.text, name, len) == 0)) {
            return host;
        }
    }
    return NULL;
}

static void print_offers(const struct html_page *page, const char *words,
                         const struct mechanisms_offers *offers)
{
    const uint64_t all = offers->accepted + offers->refused;
    const unsigned share = html_share(offers->refused, all);
    char number[FORMAT_BYTES];
    char rate[FORMAT_BYTES];

    fprintf(page->out, "<tr><th scope=\"row\">%s</th><td>%s</td>", words, html_count(all, number));
    fprintf(page->out, "<td>%s</td>", html_count(offers->refused, number));
    if (share > 0) {
        fprintf(page->out, "<td class=\"p%u\">%s</td></tr>\n", share,
                format_rate((double)offers->refused / (double)all, rate));
    } else {
        fprintf(page->out, "<td>%s</td></tr>\n", all > 0 ? "0.0 %" : "-");
    }
}

static void print_table(const struct html_page *page, const struct mechanisms_host *host)
{
    static const char *const words[MECHANISM_COUNT] = {
        [MECHANISM_ID] = "session IDs",
        [MECHANISM_TICKET] = "tickets",
        [MECHANISM_PSK] = "PSKs (TLS 1.3)",
    };

    html_table_begin(page, "bars", "IDs, tickets and PSKs: offers accepted or refused");
    fputs("<thead><tr><th scope=\"col\">Mechanism</th><th scope=\"col\">Offered</th>"
          "<th scope=\"col\">Refused</th><th scope=\"col\">Share refused</th></tr></thead>\n"
          "<tbody>\n",
          page->out);
    for (int mechanism = 0; mechanism < MECHANISM_COUNT; mechanism++) {
        print_offers(page, words[mechanism], &host->offers[mechanism]);
    }
    fputs("</tbody>\n", page->out);
    html_table_end(page);
}

/* IDs that were live at once need memory at the server; tickets cost bytes. */
static void print_costs(FILE *out, const struct mechanisms_host *host)
{
    char number[FORMAT_BYTES];
    char memory[FORMAT_BYTES];
    char life[FORMAT_BYTES];

    fprintf(out, "<div><dt>ID cache</dt><dd>%s for the %s IDs",
            format_bytes(host->ids_at_once * MECHANISMS_SESSION_BYTES, memory),
            html_count(host->ids_at_once, number));
    fprintf(out, " live at the peak (%d bytes each, assumed; live for %s)</dd></div>\n",
            MECHANISMS_SESSION_BYTES, format_seconds(host->id_lifetime_s, life));
    fprintf(out, "<div><dt>Ticket bytes</dt><dd>%s issued in clear, ",
            format_bytes(host->issued_bytes, memory));
    fprintf(out, "%s offered</dd></div>\n", format_bytes(host->offered_bytes, memory));
}

static void print_held(FILE *out, const struct mechanisms_host *host)
{
    char sessions[FORMAT_BYTES];
    char bytes[FORMAT_BYTES];

    if (host->clients == 0) {
        return;
    }
    fprintf(out, "<div><dt>A client held</dt><dd>at most %s session%s at once, %s of tickets",
            html_count(host->sessions.most, sessions), html_plural(host->sessions.most),
            format_bytes(host->bytes.most, bytes));
    if (host->clients > 1) {
        fprintf(out, "; medians of %s clients: ", html_count(host->clients, sessions));
        fprintf(out, "%s session%s, %s", html_count(host->sessions.median, sessions),
                html_plural(host->sessions.median), format_bytes(host->bytes.median, bytes));
    }
    fputs("</dd></div>\n", out);
}

void html_mechanisms(const struct html_page *page, const struct html_group *group)
{
    if (page->ledger == NULL || page->ledger->mechanisms == NULL) {
        return;
    }
    const struct mechanisms_host *host =
        find(page->ledger->mechanisms, group->name, group->name_len);
    if (host == NULL) {
        return;
    }
    fputs("<div>\n", page->out);
    print_table(page, host);
    fputs("<dl class=\"facts\">\n", page->out);
    print_costs(page->out, host);
    print_held(page->out, host);
    fputs("</dl>\n</div>\n", page->out);
}
