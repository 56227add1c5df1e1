/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if __has_include(<linux/landlock.h>) && defined(SYS_landlock_create_ruleset)
#define HAS_LANDLOCK 1
#include <linux/landlock.h>
#endif

static const int allowed_calls[] = {
    /* reading: opening is a rule of its own */
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv), SCMP_SYS(lseek),
    SCMP_SYS(_llseek), SCMP_SYS(close), SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat),
    SCMP_SYS(lstat64), SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(newfstatat),
    SCMP_SYS(fstatat64), SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(statfs64), SCMP_SYS(fstatfs),
    SCMP_SYS(fstatfs64), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(getdents64),
    /* telling */
    SCMP_SYS(write), SCMP_SYS(writev),
    /* memory */
    SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(munmap), SCMP_SYS(mremap),
    SCMP_SYS(mprotect), SCMP_SYS(madvise),
    /* what is asked of oneself and the clock */
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
    SCMP_SYS(getegid), SCMP_SYS(getuid32), SCMP_SYS(geteuid32), SCMP_SYS(getgid32),
    SCMP_SYS(getegid32), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(uname), SCMP_SYS(getrlimit),
    SCMP_SYS(getrusage), SCMP_SYS(sysinfo), SCMP_SYS(futex), SCMP_SYS(sched_yield),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
#ifdef __SANITIZE_ADDRESS__ /* it asks for its stack before the end */
    SCMP_SYS(sigaltstack),
#endif
    /* the end */
    SCMP_SYS(exit), SCMP_SYS(exit_group)};

/* Anything but O_RDONLY that would make, change or lock something. */
enum { OPEN_DENIED = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND };

static int allow_opening(scmp_filter_ctx filter)
{
    int problem = seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
        SCMP_A2(SCMP_CMP_MASKED_EQ, (scmp_datum_t)OPEN_DENIED, (scmp_datum_t)O_RDONLY));
    return problem != 0 ? problem
                        : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                                           SCMP_A1(SCMP_CMP_MASKED_EQ, (scmp_datum_t)OPEN_DENIED,
                                                   (scmp_datum_t)O_RDONLY));
}

/* Locks and flags; not the signals that a descriptor can be made to send. */
static const int descriptor_questions[] = {F_GETFD, F_SETFD,  F_GETFL,        F_GETLK,
                                           F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC};

static int allow_locking(scmp_filter_ctx filter)
{
    int problem = 0;
    for (size_t i = 0; i < LENGTH(descriptor_questions) && problem == 0; i++) {
        const struct scmp_arg_cmp is_it =
            SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)descriptor_questions[i]);
        problem = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, is_it);
        if (problem == 0)
            problem = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl64), 1, is_it);
    }
    return problem;
}

/* Limits may be asked for, not set. */
static int allow_asking_for_limits(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                            SCMP_A2(SCMP_CMP_EQ, 0));
}

static int fill(scmp_filter_ctx filter)
{
    int problem = 0;
    for (size_t i = 0; i < LENGTH(allowed_calls) && problem == 0; i++)
        problem = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
    if (problem == 0)
        problem = allow_opening(filter);
    if (problem == 0)
        problem = allow_locking(filter);
    return problem != 0 ? problem : allow_asking_for_limits(filter);
}

static bool filter_calls(struct error *error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int problem = filter == NULL ? -ENOMEM : fill(filter);
    if (problem == 0)
        problem = seccomp_load(filter);
    seccomp_release(filter);
    return problem == 0 ||
           error_set(error, ERROR_UNSUPPORTED,
                     "the process that reads the file cannot be confined: %s", strerror(-problem));
}

#ifdef HAS_LANDLOCK

/* All that the first version of Landlock can deny. */
#define FILE_RIGHTS                                                                                \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |   \
     LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |                                 \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |   \
     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

/* A file that is not there, or that we may not look at, is none that may be read. */
static void allow_reading(int rules, const char *path, bool has_one_name)
{
    struct landlock_path_beneath_attr only = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE};
    struct stat status;
    only.parent_fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (only.parent_fd < 0)
        return;
    bool is_plain = fstat(only.parent_fd, &status) == 0 && S_ISREG(status.st_mode);
    if (!has_one_name || (is_plain && status.st_nlink == 1))
        syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &only, 0);
    close(only.parent_fd);
}

static bool restrict_files(const char *path, const char *beside)
{
    const struct landlock_ruleset_attr attributes = {.handled_access_fs = FILE_RIGHTS};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
    if (rules < 0)
        return true; /* the kernel has none */
    allow_reading(rules, path, false);
    allow_reading(rules, beside, true);
    bool is_done = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return is_done;
}

bool sandbox_can_hide_files(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

#else

static bool restrict_files(const char *path UNUSED, const char *beside UNUSED)
{
    return true;
}

bool sandbox_can_hide_files(void)
{
    return false;
}

#endif

bool sandbox_confine_reader(const char *path, const char *beside, struct error *error)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !restrict_files(path, beside))
        return error_set(error, ERROR_UNSUPPORTED,
                         "the process that reads the file cannot be confined: %s", strerror(errno));
    return filter_calls(error);
}
