/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/resource.h>
#include <sys/socket.h>

static const int denied_calls[] = {
    /* other processes */
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(process_madvise),
    SCMP_SYS(move_pages),
    SCMP_SYS(migrate_pages),
    /* the kernel's interior */
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(lookup_dcookie),
    SCMP_SYS(fanotify_init),
    SCMP_SYS(vmsplice),
    SCMP_SYS(syslog),
    SCMP_SYS(personality),
    SCMP_SYS(modify_ldt),
    /* keyrings */
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    /* file systems and namespaces */
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(quotactl),
    SCMP_SYS(quotactl_fd),
    SCMP_SYS(nfsservctl),
    /* the machine */
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(vhangup),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
};

enum {
    FAMILY_MAX = 64, /* above all that exist */
    MEMORY_MAX_BYTES = 1024 * 1024 * 1024
};

static int deny_calls(scmp_filter_ctx filter)
{
    int problem = 0;
    for (size_t i = 0; i < LENGTH(denied_calls) && problem == 0; i++)
        problem = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), denied_calls[i], 0);
    return problem;
}

static int deny_families(scmp_filter_ctx filter)
{
    int problem = 0;
    for (int family = 0; family < FAMILY_MAX && problem == 0; family++) {
        bool is_needed =
            family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK;
        if (!is_needed)
            problem = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                                       SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family));
    }
    return problem;
}

static bool limit_memory(struct error *error)
{
#ifdef __SANITIZE_ADDRESS__
    /* AddressSanitizer reserves terabytes. */
    (void)error;
    return true;
#else
    const struct rlimit limit = {.rlim_cur = MEMORY_MAX_BYTES, .rlim_max = MEMORY_MAX_BYTES};
    return setrlimit(RLIMIT_AS, &limit) == 0 ||
           error_set(error, ERROR_IO, "the worker's memory cannot be limited: %s", strerror(errno));
#endif
}

bool sandbox_confine(struct error *error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL)
        return error_set(error, ERROR_IO, "the worker cannot be confined: no filter");
    int problem = deny_calls(filter);
    if (problem == 0)
        problem = deny_families(filter);
    if (problem == 0)
        problem = seccomp_load(filter);
    seccomp_release(filter);
    bool is_limited = limit_memory(error);
    return problem == 0 ? is_limited
                        : error_set(error, ERROR_UNSUPPORTED,
                                    "the worker goes on without a system call filter: %s",
                                    strerror(-problem));
}
