/* What each option does with its argument: the `apply` of the option tables. All: false and a
 * sentence about the value when it will not do. */
#ifndef REPRISE_APP_OPTION_VALUES_H
#define REPRISE_APP_OPTION_VALUES_H

#include "app/options.h"

MUST_CHECK bool set_database(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_filter(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_interface(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_snaplen(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_memory(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_buffer_size(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_not_promiscuous(struct settings *settings, const char *value,
                                    struct error *error);
MUST_CHECK bool set_count(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_autostop(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_follow(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_jobs(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_table(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_quiet(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_verbose(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_numeric(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_user(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_output(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_color(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_report_format(struct settings *settings, const char *value,
                                  struct error *error);
MUST_CHECK bool set_handshakes_format(struct settings *settings, const char *value,
                                      struct error *error);
MUST_CHECK bool set_tickets_format(struct settings *settings, const char *value,
                                   struct error *error);
MUST_CHECK bool set_since(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_until(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_host(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_by(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_sort(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_top(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_period(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_least_rate(struct settings *settings, const char *value, struct error *error);
MUST_CHECK bool set_most_refused(struct settings *settings, const char *value, struct error *error);

#endif
