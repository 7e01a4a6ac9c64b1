#include "report/html_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double key_name(const struct figures *figures)
{
    (void)figures;
    return 0;
}

static double key_rate(const struct figures *figures)
{
    return isnan(figures->rate) ? 2 : figures->rate;
}

static double key_refused(const struct figures *figures)
{
    return -(double)figures->outcomes[OUTCOME_REFUSED];
}

static double key_saved(const struct figures *figures)
{
    return -figures->saved.headline_ns;
}

static double key_full_time(const struct figures *figures)
{
    return figures->full_cost.median_ns == HANDSHAKE_NULL ? 0
                                                          : -(double)figures->full_cost.median_ns;
}

/* The variable of a row that holds its place, smaller first. */
static const struct {
    const char *id;
    const char *label;
    char variable;
    double (*key)(const struct figures *figures);
} orders[] = {
    {"by-name", "name", 'n', key_name},
    {"by-rate", "lowest rate", 'r', key_rate},
    {"by-refused", "most refused", 'f', key_refused},
    {"by-saved", "most saved", 's', key_saved},
    {"by-time", "slowest full", 't', key_full_time},
};

enum { ORDERS = sizeof(orders) / sizeof(orders[0]) };

size_t html_rules_orders(void)
{
    return ORDERS;
}

const char *html_rules_order_id(size_t order)
{
    return orders[order].id;
}

const char *html_rules_order_label(size_t order)
{
    return orders[order].label;
}

struct row {
    size_t place; /* in the order of the page */
    double key;
    const char *name;
    size_t name_len;
};

/* By key, then by name, byte by byte; no two names are equal. */
static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;

    if (a->key < b->key || a->key > b->key) {
        return a->key < b->key ? -1 : 1;
    }
    const size_t common = a->name_len < b->name_len ? a->name_len : b->name_len;
    const int order = common == 0 ? 0 : memcmp(a->name, b->name, common);
    if (order != 0) {
        return order;
    }
    return (a->name_len > b->name_len) - (a->name_len < b->name_len);
}

struct workplace {
    struct row *rows; /* one a group */
    struct figures *figures;
    uint32_t *ranks; /* ORDERS of them a group */
};

static void rank_rows(const struct workplace *place, const struct summary *summary, size_t order)
{
    const size_t groups = summary_groups(summary);

    for (size_t i = 0; i < groups; i++) {
        struct row *row = &place->rows[i];
        row->place = i;
        row->key = orders[order].key(&place->figures[i]);
        row->name = summary_name(summary, i, &row->name_len);
    }
    qsort(place->rows, groups, sizeof(*place->rows), compare_rows);
    for (size_t i = 0; i < groups; i++) {
        place->ranks[place->rows[i].place * ORDERS + order] = (uint32_t)i;
    }
}

/* The variables of each row, and for each order the rule that chooses among them. */
static void write_orders(FILE *out, const struct workplace *place, size_t groups)
{
    for (size_t order = 0; order < ORDERS; order++) {
        fprintf(out, "#%s:checked~.wide tbody tr{order:var(--%c)}\n", orders[order].id,
                orders[order].variable);
    }
    for (size_t i = 0; i < groups; i++) {
        fprintf(out, "#r%zu{", i);
        for (size_t order = 0; order < ORDERS; order++) {
            fprintf(out, "%s--%c:%u", order > 0 ? ";" : "", orders[order].variable,
                    place->ranks[i * ORDERS + order]);
        }
        fputs("}\n", out);
    }
}

static void write_widths(FILE *out)
{
    for (int percent = 1; percent <= 100; percent++) {
        fprintf(out, ".p%d{--p:%d%%}", percent, percent);
    }
    fputc('\n', out);
}

static bool make_orders(FILE *out, const struct summary *summary)
{
    const size_t groups = summary_groups(summary);
    struct workplace place = {
        .rows = calloc(groups, sizeof(*place.rows)),
        .figures = calloc(groups, sizeof(*place.figures)),
        .ranks = calloc(groups * ORDERS, sizeof(*place.ranks)),
    };
    const bool has_room = place.rows != NULL && place.figures != NULL && place.ranks != NULL;

    for (size_t i = 0; has_room && i < groups; i++) {
        summary_figures(summary, i, &place.figures[i]);
    }
    for (size_t order = 0; has_room && order < ORDERS; order++) {
        rank_rows(&place, summary, order);
    }
    if (has_room) {
        write_orders(out, &place, groups);
    }
    free(place.rows);
    free(place.figures);
    free(place.ranks);
    return has_room;
}

void html_rules_make(struct html_rules *rules, const struct summary *summary)
{
    const size_t groups = summary_groups(summary);

    *rules = (struct html_rules){NULL, 0, false};
    FILE *out = open_memstream(&rules->text, &rules->len);
    if (out == NULL) {
        return;
    }
    write_widths(out);
    if (groups > 1 && groups <= HTML_RULES_GROUPS_MAX) {
        rules->has_orders = make_orders(out, summary);
    }
    const bool is_whole = ferror(out) == 0;
    if (fclose(out) != 0 || !is_whole) {
        html_rules_clear(rules);
    }
}

void html_rules_clear(struct html_rules *rules)
{
    free(rules->text);
    *rules = (struct html_rules){NULL, 0, false};
}
