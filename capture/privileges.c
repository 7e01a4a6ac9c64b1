#include "capture/privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A whole decimal number below 2^32 - 1, which means "no id". */
static bool parse_id(const char *text, uint32_t *out)
{
    char *end = NULL;

    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || value >= UINT32_MAX) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

static void take_entry(const struct passwd *entry, struct privileges *out)
{
    out->uid = entry->pw_uid;
    out->gid = entry->pw_gid;
    (void)snprintf(out->user, sizeof(out->user), "%s", entry->pw_name);
}

static bool find_named(const char *user, struct privileges *out, struct error *error)
{
    uint32_t uid;
    const struct passwd *entry = getpwnam(user);

    if (entry == NULL && parse_id(user, &uid)) {
        entry = getpwuid(uid);
    }
    if (entry == NULL) {
        return error_set(error, "%s: no such user", user);
    }
    take_entry(entry, out);
    return true;
}

/* Who called sudo. False when nobody did, or when root did. */
static bool find_sudo_caller(struct privileges *out)
{
    uint32_t uid;
    uint32_t gid;

    if (!parse_id(getenv("SUDO_UID"), &uid) || !parse_id(getenv("SUDO_GID"), &gid) || uid == 0) {
        return false;
    }
    const struct passwd *entry = getpwuid(uid);
    if (entry != NULL) {
        take_entry(entry, out);
    }
    out->uid = uid;
    out->gid = gid;
    return true;
}

bool privileges_find(const char *user, struct privileges *out, struct error *error)
{
    *out = (struct privileges){.is_root = geteuid() == 0, .uid = getuid(), .gid = getgid()};
    if (user != NULL && !out->is_root) {
        return error_set(error, "only root can become %s", user);
    }
    if (!out->is_root) {
        return true;
    }
    if (user != NULL) {
        return find_named(user, out, error);
    }
    return find_sudo_caller(out) || find_named("nobody", out, error);
}

/* By name, not by descriptor: closing any descriptor of a file drops all the locks that this
 * process has on it (fcntl(2)), and SQLite lives by them. */
bool privileges_give_file(const struct privileges *privileges, const char *path,
                          struct error *error)
{
    if (lchown(path, privileges->uid, privileges->gid) != 0 && errno != ENOENT) {
        return error_set(error, "%s: cannot be handed over: %s", path, strerror(errno));
    }
    return true;
}

static bool set_groups(const struct privileges *privileges)
{
    if (privileges->user[0] != '\0') {
        return initgroups(privileges->user, privileges->gid) == 0;
    }
    return setgroups(1, &privileges->gid) == 0;
}

static bool become(const struct privileges *privileges, struct error *error)
{
    if (!set_groups(privileges) ||
        setresgid(privileges->gid, privileges->gid, privileges->gid) != 0 ||
        setresuid(privileges->uid, privileges->uid, privileges->uid) != 0) {
        return error_set(error, "root cannot be given up: %s", strerror(errno));
    }
    return true;
}

/* Also for an ordinary user whose program file has cap_net_raw: the interfaces are open now. */
static bool drop_capabilities(struct error *error)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

    if (syscall(SYS_capset, &header, none) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return error_set(error, "capabilities cannot be given up: %s", strerror(errno));
    }
    return true;
}

static bool is_root_for_ever_gone(const struct privileges *privileges)
{
    uid_t uid[3];
    gid_t gid[3];

    if (getresuid(&uid[0], &uid[1], &uid[2]) != 0 || getresgid(&gid[0], &gid[1], &gid[2]) != 0) {
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        if (uid[i] != privileges->uid || gid[i] != privileges->gid) {
            return false;
        }
    }
    return setuid(0) != 0 && seteuid(0) != 0 && (privileges->gid == 0 || setgid(0) != 0);
}

bool privileges_drop(const struct privileges *privileges, struct error *error)
{
    const bool stays_root = privileges->uid == 0; /* -Z root: asked for, so be it */

    if (!privileges->is_root) {
        return drop_capabilities(error);
    }
    if (stays_root) {
        return true;
    }
    if (!become(privileges, error) || !drop_capabilities(error)) {
        return false;
    }
    if (!is_root_for_ever_gone(privileges)) {
        return error_set(error, "root was given up, but could be had again");
    }
    return true;
}
