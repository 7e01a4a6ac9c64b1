/* What the files of the summary share. Private to them. */
#ifndef REPRISE_REPORT_SUMMARY_PARTS_H
#define REPRISE_REPORT_SUMMARY_PARTS_H

#include "report/baseline.h"
#include "report/grouping.h"
#include "report/host_numbers.h"
#include "report/rolled_figures.h"
#include "report/summary.h"

/* What a change of a group's rate is kept as until groups have places. */
struct group_change {
    uint32_t group;
    struct drift_change change;
};

/* Of hosts that came summed up; figures are then in struct summary's kept. */
struct summary_rolled {
    struct rolled_figures *figures; /* NULL: none came */
    struct figures total;
    size_t kept_capacity;
    struct group_change *changes;
    size_t change_count;
    size_t change_capacity;
    struct drift_trial *trials; /* of one host */
    size_t trial_capacity;
};

/* What pictures are made of where hosts came summed up. */
struct summary_pictures {
    struct spectrum *scratch; /* NULL: none are wanted */
    struct spectrum *ages;    /* of all, SPREAD_BANDS of them */
    struct rolled_slots slots;
    int64_t slot_s;
    struct rolled_picture all; /* its spreads */
    int64_t *ids;              /* of hosts, by group */
    size_t id_capacity;
    size_t *place_of; /* by group */
    struct rolled_picture *of_places;
    size_t places;
};

struct place {
    uint32_t group;
    double key; /* smaller first */
    const char *name;
    size_t name_len;
};

struct summary {
    enum report_by by;
    struct name_table *names;
    struct host_numbers hosts; /* where groups are hosts */
    struct baseline_table *baselines;
    struct sample *samples;
    size_t count;
    size_t capacity;
    struct coverage coverage;
    /* Made by summary_finish(). */
    struct saving_cells full_cells;
    struct saving_cells resumed_cells;
    struct saving_costs costs;
    struct grouping grouping;
    struct place *places;
    uint32_t *everything; /* 0, 1, 2, ...: the order of the total */
    struct figures_rtts *rtts;
    struct estimate_work work;
    struct figures *kept; /* by group; NULL: there are too many of them */
    struct summary_rolled rolled;
    struct summary_pictures pictures;
    struct summary_change *changes;
    size_t change_count;
    size_t change_capacity;
};

void summary_figures_of_group(const struct summary *summary, uint32_t group, struct figures *out);
void summary_put_in_order(struct summary *summary, enum report_sort sort);
MUST_CHECK bool summary_finish_rolled(struct summary *summary, enum report_sort sort);
void summary_rolled_clear(struct summary_rolled *rolled);

/* A host of this group; all are there, and have places; false without memory. */
MUST_CHECK bool summary_pictures_see(struct summary *summary, const struct query_rolled_host *host,
                                     uint32_t group);
MUST_CHECK bool summary_pictures_finish(struct summary *summary);
void summary_pictures_clear(struct summary_pictures *pictures);

#endif
