#include "store/refusal_claims.h"

#include "store/statements.h"
#include "store/text.h"

/* Runs a question, whose values are bound already. */
static bool ask(struct database *db, size_t statement, bool *out, struct error *error)
{
    if (database_step(db, statement, error) != DATABASE_ROW) {
        return false;
    }
    *out = sqlite3_column_int(db->statements[statement], 0) != 0;
    database_reset(db, statement);
    return true;
}

bool refusal_claims_exist(struct database *db, bool *out, struct error *error)
{
    return ask(db, WRITE_ANY_CLAIMS, out, error);
}

static bool has_other_key(struct database *db, const struct refusals *refusals, bool *out,
                          struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_OTHER_KEY];

    number_bind(statement, 1, refusals->host);
    number_bind(statement, 2, refusals->server);
    number_bind(statement, 3, refusals->key);
    return ask(db, WRITE_OTHER_KEY, out, error);
}

static bool run_on(struct database *db, size_t statement, const struct refusals *refusals,
                   struct error *error)
{
    if (!database_ready(db, statement, error)) {
        return false;
    }
    number_bind(db->statements[statement], 1, refusals->host);
    number_bind(db->statements[statement], 2, refusals->server);
    number_bind(db->statements[statement], 3, refusals->from_handshake);
    return database_run(db, statement, error);
}

bool refusal_claims_judge(struct database *db, const struct refusals *refusals, bool *may_exist,
                          struct error *error)
{
    bool is_possible;

    if (!has_other_key(db, refusals, &is_possible, error)) {
        return false;
    }
    if (!is_possible) {
        return true;
    }
    if (!run_on(db, WRITE_JUDGE_REFUSALS, refusals, error)) {
        return false;
    }
    if (sqlite3_changes(db->handle) == 0) {
        return true;
    }
    *may_exist = true;
    return run_on(db, WRITE_MARK_CLAIMS, refusals, error);
}

static bool has_claims(struct database *db, int64_t key, int64_t host, bool *out,
                       struct error *error)
{
    number_bind(db->statements[WRITE_HAS_CLAIMS], 1, host);
    number_bind(db->statements[WRITE_HAS_CLAIMS], 2, key);
    return ask(db, WRITE_HAS_CLAIMS, out, error);
}

bool refusal_claims_take_back(struct database *db, int64_t key, int64_t host, int64_t accepted_ns,
                              struct error *error)
{
    bool is_needed;

    if (!has_claims(db, key, host, &is_needed, error)) {
        return false;
    }
    if (!is_needed) {
        return true;
    }
    if (!database_ready(db, WRITE_TAKE_BACK, error) ||
        !database_ready(db, WRITE_COUNT_CLAIMS, error)) {
        return false;
    }
    number_bind(db->statements[WRITE_TAKE_BACK], 1, host);
    number_bind(db->statements[WRITE_TAKE_BACK], 2, key);
    number_bind(db->statements[WRITE_TAKE_BACK], 3, accepted_ns);
    number_bind(db->statements[WRITE_COUNT_CLAIMS], 1, host);
    number_bind(db->statements[WRITE_COUNT_CLAIMS], 2, key);
    return database_run(db, WRITE_TAKE_BACK, error) && database_run(db, WRITE_COUNT_CLAIMS, error);
}

bool refusal_claims_judge_unknown(struct database *db, const struct refusals *refusals,
                                  bool *may_exist, struct error *error)
{
    bool is_needed;

    number_bind(db->statements[WRITE_ANY_UNKNOWN], 1, refusals->host);
    number_bind(db->statements[WRITE_ANY_UNKNOWN], 2, refusals->server);
    if (!ask(db, WRITE_ANY_UNKNOWN, &is_needed, error)) {
        return false;
    }
    if (!is_needed) {
        return true;
    }
    if (!run_on(db, WRITE_JUDGE_UNKNOWN, refusals, error)) {
        return false;
    }
    *may_exist |= sqlite3_changes(db->handle) > 0;
    return true;
}

bool refusal_claims_take_back_unknown(struct database *db, int64_t host, int64_t seen_ns,
                                      struct error *error)
{
    if (!database_ready(db, WRITE_TAKE_BACK_UNKNOWN, error)) {
        return false;
    }
    number_bind(db->statements[WRITE_TAKE_BACK_UNKNOWN], 1, host);
    number_bind(db->statements[WRITE_TAKE_BACK_UNKNOWN], 2, seen_ns);
    return database_run(db, WRITE_TAKE_BACK_UNKNOWN, error);
}
