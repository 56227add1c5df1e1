/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a review looks: "local", "ssh://[user@]host[:port]", or a bare Host alias of ssh_config,
 * which is the same as ssh://alias; "openssh://" instead of "ssh://" asks for the system's OpenSSH
 * client. Hops lead on into what runs there: "ssh://sandbox7/docker:web". A strict grammar: what
 * could be read as an option, a shell word or a path by any program that we hand it to is refused.
 */
#ifndef TARGET_SPEC_H
#define TARGET_SPEC_H

#include "base/array.h"
#include "base/error.h"

#define TARGET_HOPS_MAX 8

enum target_kind { TARGET_LOCAL, TARGET_SSH };

/* X(name, text, value): how a hop's shell is started, and what stands behind the colon */
#define TARGET_HOPS(X)                                                                             \
    X(DOCKER, "docker", "CONTAINER")                                                               \
    X(PODMAN, "podman", "CONTAINER")                                                               \
    X(NERDCTL, "nerdctl", "CONTAINER")                                                             \
    X(CRICTL, "crictl", "CONTAINER")                                                               \
    X(KUBECTL, "kubectl", "[NAMESPACE:]POD[:CONTAINER]")                                           \
    X(LXC, "lxc", "CONTAINER") /* lxc-attach(1) */                                                 \
    X(LXD, "lxd", "INSTANCE")  /* LXD's "lxc exec" */                                              \
    X(INCUS, "incus", "INSTANCE")                                                                  \
    X(MACHINECTL, "machinectl", "MACHINE")                                                         \
    X(NSENTER, "nsenter", "PID")                                                                   \
    X(CHROOT, "chroot", "FOLDER")                                                                  \
    X(EXEC, "exec", "COMMAND") /* words before "/bin/sh -s", with blanks between */                \
    X(SUDO, "sudo", "")                                                                            \
    X(DOAS, "doas", "")

enum target_hop_kind {
#define X(name, text, value) TARGET_HOP_##name,
    TARGET_HOPS(X)
#undef X
};
const char *target_hop_text(enum target_hop_kind kind);

struct target_hop {
    enum target_hop_kind kind;
    char *value; /* "" for sudo and doas */
};

struct target_spec {
    enum target_kind kind;
    bool by_client; /* through the OpenSSH client, whatever ssh_config asks for */
    char *user;     /* NULL: from ssh_config, else the name of the local account */
    char *host;     /* NULL for local; an IPv6 address without its brackets */
    int port;       /* 0: from ssh_config, else 22 */
    struct target_hop hops[TARGET_HOPS_MAX]; /* outermost first */
    size_t hop_count;
};

void target_spec_release(struct target_spec *spec);
void target_spec_copy(const struct target_spec *spec, struct target_spec *ret_copy);
bool target_spec_parse(const char *text, struct target_spec *ret_spec,
                       struct error *error) MUST_USE;
/* The spec in its one normal form; free with free(). */
char *target_spec_text(const struct target_spec *spec) MUST_USE;
/* How many hops lead into the innermost sandbox: those that its host's view leaves out; 0 where no
 * hop leads into one. */
size_t target_outside(const struct target_spec *spec);
/* The first of the last OUTSIDE hops: what is looked at from its host; NULL for 0. Borrowed. */
const struct target_hop *target_outside_hop(const struct target_spec *spec, size_t outside);
/* Why the target itself has no address for programs of the reviewer's machine; NULL where the spec
 * alone does not tell. Static. */
const char *target_obstacle(const struct target_spec *spec);
/* Append the words that start "/bin/sh -s" behind the first HOPS hops. */
void target_shell_words(const struct target_spec *spec, size_t hops, struct strings *ret_words);
/* The same as one line for any login shell. Free with free(). */
char *target_shell_line(const struct target_spec *spec, size_t hops) MUST_USE;
/* Split "name=TARGET"; without a name, one is made from the host ("local", "sandbox7"). Names are
 * [a-z0-9][a-z0-9._-]{0,62}. */
bool target_name_parse(const char *text, char **ret_name, char **ret_spec,
                       struct error *error) MUST_USE;

#endif
