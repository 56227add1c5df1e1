/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of a target that conditions ask for: "when: {fact: {init: systemd}}". Each is a command
 * that prints its values, a line each, and fails where it cannot tell; the target answers it
 * itself, so that it is true in the moment of the probe.
 */
#ifndef CHECKLIST_FACT_H
#define CHECKLIST_FACT_H

/* X(name, what it is, its values with blanks between or NULL for any text, command) */
#define FACTS(X)                                                                                   \
    X(distribution, "distribution", NULL,                                                          \
      "for r in /etc/os-release /usr/lib/os-release; do if [ -r \"$r\" ]; then sed -n -e "         \
      "'s/^ID=//p' -e 's/^ID_LIKE=//p' \"$r\" | tr -d \"\\\"'\"; exit 0; fi; done; exit 2")        \
    X(release, "release", NULL,                                                                    \
      "for r in /etc/os-release /usr/lib/os-release; do if [ -r \"$r\" ]; then sed -n "            \
      "'s/^VERSION_ID=//p' \"$r\" | tr -d \"\\\"'\"; exit 0; fi; done; exit 2")                    \
    X(kernel, "kernel", NULL, "uname -r")                                                          \
    X(machine, "machine", NULL, "uname -m")                                                        \
    X(init, "init", NULL, "IFS= read -r c < /proc/1/comm && echo \"$c\"")                          \
    X(virtualisation, "virtualisation", "sandbox virtual-machine hardware",                        \
      "if grep -qE 'gVisor|15:06:54 PST 2016' /proc/version; then echo sandbox; exit 0; fi; "      \
      "for e in pid:4026531836 user:4026531837 uts:4026531838 ipc:4026531839; do "                 \
      "l=$(readlink \"/proc/self/ns/${e%:*}\") || exit 2; "                                        \
      "if [ \"$l\" != \"${e%:*}:[${e#*:}]\" ]; then echo sandbox; exit 0; fi; done; "              \
      "if [ -e /.dockerenv ] || [ -e /run/.containerenv ]; then echo sandbox; "                    \
      "elif grep -qw hypervisor /proc/cpuinfo; then echo virtual-machine; else echo hardware; fi") \
    X(cgroup, "cgroup version", "v2 v1 none",                                                      \
      "[ -d /sys/fs ] || exit 2; if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo v2; "      \
      "elif [ -d /sys/fs/cgroup/memory ]; then echo v1; else echo none; fi")                       \
    X(runtime, "container runtime",                                                                \
      "dockerd containerd crio kubelet libvirtd virtqemud firecracker incusd lxd runsc-sandbox "   \
      "none",                                                                                      \
      "IFS= read -r c < /proc/1/comm || exit 2; n=none; for f in /proc/[0-9]*/comm; do c=; "       \
      "{ IFS= read -r c < \"$f\"; } 2>/dev/null; if [ \"$c\" = exe ]; then c=$(tr '\\000' '\\n' "  \
      "< \"${f%comm}cmdline\" | head -n 1); fi; "                                                  \
      "case $c in dockerd|containerd|crio|kubelet|"                                                \
      "libvirtd|virtqemud|firecracker|incusd|lxd|runsc-sandbox) echo \"$c\"; n= ;; esac; done; "   \
      "echo \"$n\"")                                                                               \
    X(user, "user", NULL, "id -un")                                                                \
    X(rights, "way to root", "root sudo doas none",                                                \
      "if [ \"$(id -u)\" = 0 ]; then echo root; "                                                  \
      "elif sudo -n true; then echo sudo; elif doas -n true; then echo doas; else echo none; fi")

enum fact {
#define X(name, what, values, command) FACT_##name,
    FACTS(X)
#undef X
        FACT_COUNT
};

struct fact_info {
    const char *name, *what, *values, *command;
};
extern const struct fact_info fact_infos[FACT_COUNT];

#endif
