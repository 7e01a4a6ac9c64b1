/* The part of the style sheet that depends on the report: widths of bars, and the orders in which
 * the table of groups can be read without a script. A strict Content-Security-Policy allows it by
 * its hash, so it is made as a whole before the page begins. */
#ifndef REPRISE_REPORT_HTML_RULES_H
#define REPRISE_REPORT_HTML_RULES_H

#include "report/summary.h"

enum { HTML_RULES_GROUPS_MAX = 20000 }; /* beyond, the orders cost more than they are worth */

struct html_rules {
    char *text; /* NULL: there was no memory for it, and no bar has a width */
    size_t len;
    bool has_orders; /* radio buttons may offer them */
};

void html_rules_make(struct html_rules *rules, const struct summary *summary);
void html_rules_clear(struct html_rules *rules);

/* The orders besides that of the page: what a radio button's id and label say. */
size_t html_rules_orders(void);
const char *html_rules_order_id(size_t order);
const char *html_rules_order_label(size_t order);

#endif
