/* Which hosts miss what is asked of all of them. Pure but for the lines it writes. */
#ifndef REPRISE_REPORT_THRESHOLDS_H
#define REPRISE_REPORT_THRESHOLDS_H

#include "report/report.h"
#include "report/summary.h"

/* Judges each group of a finished summary, whether or not it is shown. A resumption rate is judged
 * from PROPORTION_ENOUGH evaluated handshakes on, a share of refused offers from as many offers
 * that were accepted or refused; the groups that have fewer are counted in a line of their own. */
void thresholds_judge(const struct summary *summary, struct report_judgement *judgement);

#endif
