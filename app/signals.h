/* Signals as questions that the pipeline asks between two frames. */
#ifndef REPRISE_APP_SIGNALS_H
#define REPRISE_APP_SIGNALS_H

#include "capture/capture.h"

#include "base/attributes.h"

#include <stdbool.h>

/* From now on INT and TERM stop the capture, USR1 and HUP wait to be asked for, and PIPE is
 * ignored, so that writing tells of a reader that went away. The capture must outlive
 * signals_release(). */
void signals_install(struct capture *capture);
void signals_release(void);

/* Ignores PIPE only: for commands without a capture. */
void signals_ignore_pipe(void);

/* Whether INT or TERM has come. */
bool signals_stopped(void);

/* Whether USR1 (counters, please) or HUP (commit and reopen) has come since last asked. */
MUST_CHECK bool signals_take_counters(void);
MUST_CHECK bool signals_take_reopen(void);

#endif
