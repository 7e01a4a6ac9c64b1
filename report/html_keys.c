#include "report/html_chart.h"
#include "report/html_parts.h"
#include "report/sentences.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    HOSTS_DRAWN = 50, /* where nobody says how many */
    HOSTS_DRAWN_MAX = 500,
    LINES_MAX = 12,   /* of a picture */
    ROWS_MAX = 40,    /* of the table behind it */
    LINE_HEIGHT = 24, /* where there are few */
    NAME_DIGITS = 8,
};

static const double least_width = 3; /* of a bar: a key that was seen once is seen */

/* From top to bottom: a server, or a key at the server above it. */
struct line {
    const struct key_timeline_use *use;
    bool is_server;
};

struct lines {
    struct line line[LINES_MAX];
    size_t count;
    size_t keys; /* of them */
};

bool html_has_keys(const struct html_page *page)
{
    return page->ledger != NULL && page->ledger->keys.timeline != NULL &&
           key_timeline_hosts(page->ledger->keys.timeline) > 0;
}

/* As many as there is room for; a server without a key below it says nothing. */
static void lay_out(const struct html_page *page, const struct key_timeline_host *host,
                    struct lines *lines)
{
    const struct key_timeline_use *before = NULL;

    *lines = (struct lines){.count = 0};
    for (size_t i = 0; i < host->count; i++) {
        const struct key_timeline_use *use =
            key_timeline_use(page->ledger->keys.timeline, host->first + i);
        const bool is_new = before == NULL || !key_timeline_is_same_server(before, use);
        if (lines->count + is_new + 1 > LINES_MAX) {
            return;
        }
        if (is_new) {
            lines->line[lines->count++] = (struct line){use, true};
        }
        lines->line[lines->count++] = (struct line){use, false};
        lines->keys++;
        before = use;
    }
}

static double line_height(const struct lines *lines)
{
    return fmin(LINE_HEIGHT, (CHART_BOTTOM - CHART_TOP / 2.0) / (double)lines->count);
}

/* They stand on the axis. */
static double line_top(const struct lines *lines, size_t line)
{
    return CHART_BOTTOM - (double)(lines->count - line) * line_height(lines);
}

static double place_of(const struct series_scale *scale, int64_t time_ns)
{
    const double start = (double)series_scale_start_ns(scale, 0);
    const double span = (double)scale->width_ns * (double)scale->count;

    return CHART_LEFT + ((double)time_ns - start) * (CHART_RIGHT - CHART_LEFT) / span;
}

/* Kept near the plot, whatever a damaged database says: the clip path hides the rest. */
static struct svg_box box_of(const struct html_page *page, const struct lines *lines, size_t line)
{
    const struct key_timeline_use *use = lines->line[line].use;
    const double from = fmax(place_of(&page->scale, use->first_seen_ns), CHART_LEFT - CHART_WIDTH);
    const double to = fmin(place_of(&page->scale, use->last_seen_ns), CHART_RIGHT + CHART_WIDTH);
    const double height = line_height(lines);

    return (struct svg_box){from, line_top(lines, line) + height * 0.15,
                            fmax(to - from, least_width), height * 0.7};
}

static void draw_bars(const struct html_page *page, const struct lines *lines)
{
    static const struct chart_look plain = {"k-ticket", NULL};
    static const struct chart_look warned = {"k-failed", "s-failed"};

    for (size_t i = 0; i < lines->count; i++) {
        const struct svg_box box = box_of(page, lines, i);
        if (!lines->line[i].is_server) {
            html_chart_boxes(page, lines->line[i].use->warnings != 0 ? warned : plain, &box, 1);
        }
    }
}

static void server_words(const struct key_timeline_use *use, char out[2 * FORMAT_BYTES])
{
    char address[FORMAT_BYTES];

    (void)snprintf(out, (size_t)2 * FORMAT_BYTES, "%s port %u",
                   format_address(&use->server, address), (unsigned)use->server.port);
}

static void draw_labels(FILE *out, const struct lines *lines)
{
    char server[2 * FORMAT_BYTES];
    char name[NAME_DIGITS + 1];

    for (size_t i = 0; i < lines->count; i++) {
        const double y = line_top(lines, i) + line_height(lines) / 2 + 4;
        if (lines->line[i].is_server) {
            server_words(lines->line[i].use, server);
            svg_label(out, "legend", (struct svg_point){CHART_LEFT, y}, server);
        } else {
            (void)snprintf(name, sizeof(name), "%.*s", NAME_DIGITS, lines->line[i].use->name);
            svg_label(out, "key", (struct svg_point){CHART_LEFT - 4, y}, name);
        }
    }
}

static void print_use(const struct html_page *page, const struct key_timeline_use *use)
{
    char text[2 * FORMAT_BYTES];
    char time[FORMAT_BYTES];

    fputs("<tr><th scope=\"row\">", page->out);
    html_name(page->out, use->name, strnlen(use->name, NAME_DIGITS));
    server_words(use, text);
    fprintf(page->out, "</th><td>%s</td><td>%s</td><td>%s</td>",
            use->format < 0 ? "-" : ticket_layout_name((enum ticket_layout)use->format), text,
            format_second(use->first_seen_ns, time));
    fprintf(page->out, "<td>%s</td>", format_second(use->last_seen_ns, time));
    html_chart_cell(page, use->issued_count < 0 ? 0 : (uint64_t)use->issued_count);
    html_chart_cell(page, use->accepted_count < 0 ? 0 : (uint64_t)use->accepted_count);
    html_chart_cell(page, use->refused_count < 0 ? 0 : (uint64_t)use->refused_count);
    html_chart_end_row(page);
}

static void print_table(const struct html_page *page, const struct key_timeline_host *host)
{
    static const char *const heads[] = {"Key",    "Format",   "Server",  "First seen", "Last seen",
                                        "Issued", "Accepted", "Refused", NULL};
    char caption[FORMAT_BYTES * 2];
    char all[FORMAT_BYTES];

    if (host->count > ROWS_MAX) {
        (void)snprintf(caption, sizeof(caption), "Keys at each server: the first %d of %s, UTC",
                       ROWS_MAX, html_count(host->count, all));
    } else {
        (void)snprintf(caption, sizeof(caption), "Keys at each server, UTC");
    }
    html_chart_begin_table(page, caption, heads);
    for (size_t i = 0; i < host->count && i < ROWS_MAX; i++) {
        print_use(page, key_timeline_use(page->ledger->keys.timeline, host->first + i));
    }
    html_chart_end(page);
}

static void print_picture(struct html_page *page, const struct key_timeline_host *host)
{
    struct lines lines;
    char caption[3 * FORMAT_BYTES];
    char drawn[FORMAT_BYTES];
    char all[FORMAT_BYTES];
    struct svg_words words = {
        caption, host->host.text, host->host.len,
        "A bar for each key at each server from its first to its last sight; a striped one has a "
        "warning. The table below has the numbers."};

    lay_out(page, host, &lines);
    if (lines.keys == host->count) {
        (void)snprintf(caption, sizeof(caption), "Keys from first to last sight");
    } else {
        (void)snprintf(caption, sizeof(caption), "Keys from first to last sight: %s of %s",
                       html_count(lines.keys, drawn), html_count(host->count, all));
    }
    html_chart_begin_low(page, line_top(&lines, 0), caption, &words);
    draw_bars(page, &lines);
    html_chart_end_plot(page);
    svg_line(page->out, "axis", (struct svg_point){CHART_LEFT, CHART_BOTTOM},
             (struct svg_point){CHART_RIGHT, CHART_BOTTOM});
    html_time_axis(page, &page->scale);
    draw_labels(page->out, &lines);
    print_table(page, host);
}

static void print_facts(FILE *out, const struct key_history_host *host)
{
    char keys[FORMAT_BYTES];
    char at_once[FORMAT_BYTES];
    char shared[FORMAT_BYTES];
    char time[FORMAT_BYTES];

    fprintf(out, "<p class=\"say\">%s key%s, at most %s at once", html_count(host->keys, keys),
            html_plural(host->keys), html_count(host->at_once, at_once));
    if (host->shared > 0) {
        fprintf(out, "; %s shared with other hosts", html_count(host->shared, shared));
    }
    if (host->rotation_ns != HANDSHAKE_NULL) {
        fprintf(out, "; a new one after %s (median of %" PRIu64 ")",
                format_duration((double)host->rotation_ns, time), host->rotations);
    }
    fputs(".</p>\n", out);
}

static void print_sharing(const struct html_page *page, size_t place)
{
    const struct report_keys *keys = &page->ledger->keys;
    size_t others[KEY_OWNERS_NAMED];
    const size_t count = key_owners_sharing(keys->owners, place, others);

    if (count == 0) {
        return;
    }
    fputs("<p class=\"say\">Shared with ", page->out);
    for (size_t i = 0; i < count && i < KEY_OWNERS_NAMED; i++) {
        const struct wire_text *other = &key_timeline_host(keys->timeline, others[i])->host;
        fputs(i > 0 ? ", " : "", page->out);
        html_name(page->out, other->text, other->len);
    }
    fputs(count > KEY_OWNERS_NAMED ? ", and others.</p>\n" : ".</p>\n", page->out);
}

/* Of all keys of the host, each once. */
static void print_warnings(const struct html_page *page, const struct key_timeline_host *host)
{
    uint8_t warnings = 0;

    for (size_t i = 0; i < host->count; i++) {
        warnings |= key_timeline_use(page->ledger->keys.timeline, host->first + i)->warnings;
    }
    for (int warning = 0; warning < TICKET_WARNING_COUNT; warning++) {
        if ((warnings >> warning & 1) != 0) {
            fprintf(page->out, "<p><b>Warning:</b> %s.</p>\n",
                    sentences_ticket_warning((enum ticket_warning)warning));
        }
    }
}

static void print_host(struct html_page *page, size_t place)
{
    const struct key_timeline_host *host = key_timeline_host(page->ledger->keys.timeline, place);

    fputs("<div class=\"keys\"><h3>", page->out);
    html_name(page->out, host->host.text, host->host.len);
    fputs("</h3>\n", page->out);
    print_facts(page->out, key_history_host(page->ledger->keys.history, place));
    print_sharing(page, place);
    print_warnings(page, host);
    print_picture(page, host);
    fputs("</div>\n", page->out);
}

static void print_choice(const struct html_page *page, size_t shown)
{
    const size_t hosts = key_timeline_hosts(page->ledger->keys.timeline);
    char drawn[FORMAT_BYTES];
    char all[FORMAT_BYTES];

    if (shown < hosts) {
        fprintf(page->out,
                "<p>The %s hosts with the most keys of %s; <code>reprise tickets</code> has "
                "all.</p>\n",
                html_count(shown, drawn), html_count(hosts, all));
    }
}

void html_keys(struct html_page *page)
{
    size_t places[HOSTS_DRAWN_MAX];
    const unsigned top = page->options->top;
    size_t most = top == 0 ? HOSTS_DRAWN : top;

    if (!html_has_keys(page)) {
        return;
    }
    most = most < HOSTS_DRAWN_MAX ? most : HOSTS_DRAWN_MAX;
    const size_t shown = key_timeline_busiest(page->ledger->keys.timeline, most, places);
    fputs(
        "<section id=\"keys\" aria-labelledby=\"keys-heading\">\n"
        "<h2 id=\"keys-heading\">Ticket keys</h2>\n"
        "<p>A key is known by its name, from three different tickets on; the same name is no "
        "proof of the same key. A bar goes from a key's first sight at a server to its last; what "
        "lies outside the period is cut off, and in the table.</p>\n",
        page->out);
    print_choice(page, shown);
    fputs("<div class=\"charts\">\n", page->out);
    for (size_t i = 0; i < shown; i++) {
        print_host(page, places[i]);
    }
    fputs("</div>\n</section>\n", page->out);
}
