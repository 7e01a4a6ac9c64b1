/* The SQL of the write side: one table, prepared once. */
#ifndef REPRISE_STORE_STATEMENTS_H
#define REPRISE_STORE_STATEMENTS_H

#include "store/database.h"

enum write_statement {
    WRITE_BEGIN,
    WRITE_COMMIT,
    WRITE_ROLLBACK,
    WRITE_FIND_META,
    WRITE_ADD_META,
    WRITE_SET_WORD,
    WRITE_FIND_TEXT,
    WRITE_ADD_TEXT,
    WRITE_FIND_HOST,
    WRITE_ADD_HOST,
    WRITE_FIND_SERVER,
    WRITE_ADD_SERVER,
    WRITE_FIND_SESSION,
    WRITE_ADD_SESSION,
    WRITE_ISSUE_SESSION,
    WRITE_OFFER_SESSION,
    WRITE_ADD_HANDSHAKE,
    WRITE_ADD_RUN,
    WRITE_UPDATE_RUN,
    WRITE_STATEMENT_COUNT,
};

extern const struct statement_text write_statements[WRITE_STATEMENT_COUNT];

#endif
