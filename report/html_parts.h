/* The parts of the HTML page, in the order in which they come (report/html.c). */
#ifndef REPRISE_REPORT_HTML_PARTS_H
#define REPRISE_REPORT_HTML_PARTS_H

#include "report/html_page.h"
#include "report/html_rules.h"

/* The sentence to read if one reads only one, what it rests on, and the figures beside it. */
void html_headline(const struct html_page *page);

/* What could be done, the most to gain first; nothing where nothing is advised. */
void html_advice(const struct html_page *page);

/* All handshakes: over time, by verdict and outcome, how long they took. */
void html_overview(struct html_page *page);

/* One row a group. */
void html_groups(const struct html_page *page);

/* Refusals by cause, and what was missed; nothing where there is none. */
bool html_has_refusals(const struct html_page *page);
void html_refusals(const struct html_page *page);

/* The ticket keys of hosts over time; nothing where none is known. */
bool html_has_keys(const struct html_page *page);
void html_keys(struct html_page *page);

/* A section for each of the first groups. */
void html_details(struct html_page *page);

/* In it: IDs, tickets and PSKs side by side; refusals, what was not handled as promised, what the
 * server did that it should not. Nothing where there is nothing of it. */
void html_mechanisms(const struct html_page *page, const struct html_group *group);
void html_conduct(const struct html_page *page, const struct html_group *group);

/* What a cause of refusal is, for those who do not know the word. */
const char *html_cause_meaning(enum refusal_cause cause);

/* What was not seen, and how the figures are made. */
void html_coverage(const struct html_page *page);

/* The sentence about what resumption saved in some handshakes; plain text. */
void html_saving(FILE *out, const struct figures *figures);

/* Pictures, each with the table behind it. They give themselves numbers. */
void html_time_picture(struct html_page *page, const struct html_group *group);
void html_cost_picture(struct html_page *page, const struct html_group *group);
void html_age_picture(struct html_page *page, const struct html_group *group);

/* Times below a picture whose plot is as wide as this scale. */
void html_time_axis(const struct html_page *page, const struct series_scale *scale);

/* Tables with bars: what handshakes turned out to be, and what became of offers. */
void html_verdicts(const struct html_page *page, const struct html_group *group);
void html_offers(const struct html_page *page, const struct html_group *group);

#endif
