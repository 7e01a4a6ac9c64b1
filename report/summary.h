/* The arithmetic of a report: records in, groups out. Pure: no I/O, no clock.
 *
 * Savings are always computed by host and version, whatever the groups are by, and then counted in
 * the groups their handshakes belong to. Memory: 64 bytes for each handshake and what its group's
 * name takes; while finishing, about 30 bytes more, and 16 for those of the largest group. */
#ifndef REPRISE_REPORT_SUMMARY_H
#define REPRISE_REPORT_SUMMARY_H

#include "report/coverage.h"
#include "report/drift.h"
#include "report/figures.h"
#include "report/name_table.h"
#include "report/report.h"
#include "report/rolled_picture.h"
#include "report/sample.h"
#include "report/series.h"

struct summary;

/* NULL without memory. key: any unpredictable bytes (report/name_table.h). */
MUST_CHECK struct summary *summary_new(enum report_by by, const uint8_t key[NAME_TABLE_KEY_BYTES]);
void summary_free(struct summary *summary);

/* False without memory: the record is not counted. */
MUST_CHECK bool summary_add(struct summary *summary, const struct record *record);
/* Instead of records: all handshakes of a host, summed up. Of groups by host only. */
MUST_CHECK bool summary_add_rolled(struct summary *summary, const struct query_rolled_host *host);
void summary_add_run(struct summary *summary, const struct run_record *run);
void summary_add_not_analysed(struct summary *summary, const struct run_not_analysed *row);

/* Once, after the last record: measures the savings and puts the groups in order. False without
 * memory. The functions below are for afterwards. */
MUST_CHECK bool summary_finish(struct summary *summary, enum report_sort sort);

size_t summary_groups(const struct summary *summary);

/* The group that stands at this place in the order. Its name is untrusted bytes, not terminated,
 * borrowed; len 0: the handshakes that have none (no application label, version not known). */
const char *summary_name(const struct summary *summary, size_t place, size_t *len);
void summary_figures(const struct summary *summary, size_t place, struct figures *out);

/* figures.handshakes of it. */
uint64_t summary_handshakes(const struct summary *summary, size_t place);

/* Of all handshakes, in one group. */
void summary_total(const struct summary *summary, struct figures *out);

const struct coverage *summary_coverage(const struct summary *summary);

/* From the first to the last handshake of all groups; report/series.h. One second, the first one of
 * the epoch, where there is none. */
void summary_scale(const struct summary *summary, int64_t least_ns, struct series_scale *out);

/* A group's handshakes over time, and those of all; the scale is that of summary_scale(). */
void summary_series(const struct summary *summary, size_t place, const struct series_scale *scale,
                    struct series *out);
void summary_total_series(const struct summary *summary, const struct series_scale *scale,
                          struct series *out);

/* Where a group's resumption rate changed (report/drift.h): the groups in their order, the changes
 * of each in that of time. None of groups that are hours or days. */
struct summary_change {
    size_t place;
    struct drift_change change;
};

size_t summary_changes(const struct summary *summary);
const struct summary_change *summary_change(const struct summary *summary, size_t index);

#define SUMMARY_ALL SIZE_MAX

/* How times and ages of a group, or of all, are spread. Borrowed until the next call for figures or
 * a spread. */
void summary_spread(const struct summary *summary, size_t place, enum spread_kind kind,
                    struct distribution_values bands[SPREAD_BANDS]);

/* Whether hosts came summed up. Series and spreads of places are then empty but for those that are
 * added afterwards: all hosts together need to be wanted before the first one comes, a place the
 * rollup of its host, after summary_finish(). False without memory. */
bool summary_is_rolled(const struct summary *summary);
MUST_CHECK bool summary_want_pictures(struct summary *summary);
int64_t summary_host_id(const struct summary *summary, size_t place);
MUST_CHECK bool summary_add_picture(struct summary *summary, const struct query_rolled_host *host);

#endif
