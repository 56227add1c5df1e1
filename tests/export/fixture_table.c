/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture_table.h"

#include "base/memory.h"
#include "review/way.h"

#define ROOT_LOGIN "Root cannot log in over SSH with a password"
#define SUDO       "No account may use sudo without a password"
#define GLASS      "The break-glass account is known, approved and watched"
#define LOCKDOWN   "The kernel is locked down"
#define SOCKET     "No container can reach the Docker socket"
#define METADATA   "The cloud metadata service cannot be reached"
#define LOGS       "Logs leave the machine"
#define SECRETS    "No process carries secrets in its environment"

#define LINE(probe, number, bad)                                                                   \
    "[{\"probe\":\"" probe "\",\"stream\":\"stdout\",\"line\":" number ",\"bad\":" bad "}]"

const struct fixture_item fixture_items[] = {
    {"ssh-root-password", "sandbox-7", ROOT_LOGIN, "access", "high", .suggestion = "fail",
     .reason = "Root may log in with a password: permitrootlogin yes",
     .lines = LINE("effective", "31", "true"), .verdict = "fail",
     .note = "Password logins of root are possible from the whole office network.\n\n"
             "Agreed with the owner to close this before the next release.",
     .by = FIXTURE_ADA, .then = "fail", .evidence = 2, .comments = 1},
    {"ssh-root-password", "agent", ROOT_LOGIN, "access", "high", .suggestion = "not-applicable",
     .reason = "there is no command sshd", .verdict = "not-applicable", .by = FIXTURE_ADA,
     .then = "not-applicable", .evidence = 1},
    {"sudo-nopasswd", "sandbox-7", SUDO, "access", "high", .suggestion = "fail",
     .reason = "A rule lets somebody use sudo without a password: line 9",
     .lines = LINE("rules", "9", "true"), .verdict = "pass", .by = FIXTURE_ADA, .then = "pass",
     .is_stale = true, .evidence = 2},
    {"sudo-nopasswd", "agent", SUDO, "access", "high", .suggestion = "pass",
     .reason = "no line matches NOPASSWD", .verdict = "pass", .by = FIXTURE_GRACE, .then = "pass",
     .evidence = 1},
    {"break-glass", "sandbox-7", GLASS, "access", "medium", .verdict = "pass",
     .note = "Two people, both on call; every use pages the security team.", .by = FIXTURE_GRACE,
     .answers = 2, .comments = 1},
    {"break-glass", "agent", GLASS, "access", "medium", .suggestion = NULL},
    {"kernel-lockdown", "sandbox-7", LOCKDOWN, "configuration", "medium", .suggestion = "fail",
     .reason = "Kernel lockdown is off: [none] integrity confidentiality",
     .lines = LINE("state", "1", "true"), .verdict = "pass",
     .because = "The host has no module loader and no kexec: CONFIG_MODULES and CONFIG_KEXEC are "
                "not set, see the comment. Lockdown would add nothing here.",
     .by = FIXTURE_ADA, .then = "fail", .evidence = 1},
    {"kernel-lockdown", "agent", LOCKDOWN, "configuration", "medium", .suggestion = "blocked",
     .reason = "probe state: permission denied; nothing can be said", .evidence = 1},
    {"docker-socket", "sandbox-7", SOCKET, "isolation", "critical", .suggestion = "pass",
     .reason = "no line matches docker\\.sock", .verdict = "disputed", .by = FIXTURE_GRACE,
     .then = "pass", .evidence = 1},
    {"docker-socket", "agent", SOCKET, "isolation", "critical", .suggestion = "fail",
     .reason = "The Docker socket is mounted into the container: line 17",
     .lines = LINE("mounts", "17", "true"), .verdict = "fail",
     .note = "Any build job is root on the host.", .by = FIXTURE_ADA, .then = "fail", .evidence = 2,
     .attachments = 1},
    {"metadata-service", "sandbox-7", METADATA, "isolation", "high", .suggestion = NULL},
    {"metadata-service", "agent", METADATA, "isolation", "high", .suggestion = "fail",
     .reason = "The metadata service answers",
     .lines = "[{\"probe\":\"connect\",\"stream\":\"exit\",\"line\":0,\"bad\":true}]",
     .evidence = 1},
    {"log-forwarding", "sandbox-7", LOGS, "monitoring", "low", .suggestion = "undecided",
     .reason = "the checklist leaves it to the reviewer", .verdict = "pass", .by = FIXTURE_GRACE,
     .then = "undecided", .evidence = 1},
    {"log-forwarding", "agent", LOGS, "monitoring", "low", .verdict = "not-applicable",
     .note = "The container writes to standard output alone; its host forwards that.",
     .by = FIXTURE_GRACE},
    {"secrets-in-environment", "sandbox-7", SECRETS, "data", "high", .suggestion = "pass",
     .reason = "no line matches", .verdict = "pass", .by = FIXTURE_ADA, .then = "pass",
     .evidence = 1},
    {"secrets-in-environment", "agent", SECRETS, "data", "high", .suggestion = "fail",
     .reason = "The environment of process 1 holds a secret: lines 3 and 6",
     .lines = "[{\"probe\":\"names\",\"stream\":\"stdout\",\"line\":3,\"bad\":true},"
              "{\"probe\":\"names\",\"stream\":\"stdout\",\"line\":6,\"bad\":true}]",
     .verdict = "fail", .by = FIXTURE_GRACE, .then = "fail", .evidence = 1},
};
const size_t fixture_item_count = LENGTH(fixture_items);

#define MOUNTS                                                                                     \
    "611 500 0:52 / / rw,relatime - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l\n"      \
    "612 611 0:55 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n"                        \
    "613 611 0:56 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755\n"                        \
    "614 613 0:57 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw,gid=5,mode=620\n"        \
    "615 611 0:58 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro\n"                       \
    "616 615 0:30 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw\n"          \
    "617 613 0:54 / /dev/mqueue rw,nosuid,nodev,noexec,relatime - mqueue mqueue rw\n"              \
    "618 613 0:59 / /dev/shm rw,nosuid,nodev,noexec,relatime - tmpfs shm rw,size=65536k\n"         \
    "619 611 8:1 /build /build rw,relatime - ext4 /dev/sda1 rw\n"                                  \
    "620 611 8:1 /resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/sda1 rw\n"                  \
    "621 611 8:1 /hostname /etc/hostname rw,relatime - ext4 /dev/sda1 rw\n"                        \
    "622 611 8:1 /hosts /etc/hosts rw,relatime - ext4 /dev/sda1 rw\n"                              \
    "623 613 0:57 /0 /dev/console rw,nosuid,noexec,relatime - devpts devpts rw\n"                  \
    "624 612 0:55 /bus /proc/bus ro,nosuid,nodev,noexec,relatime - proc proc rw\n"                 \
    "625 612 0:55 /fs /proc/fs ro,nosuid,nodev,noexec,relatime - proc proc rw\n"                   \
    "626 612 0:60 / /proc/acpi ro,relatime - tmpfs tmpfs ro\n"                                     \
    "627 611 0:24 /docker.sock /run/docker.sock rw,nosuid,nodev - tmpfs tmpfs rw,size=804352k\n"   \
    "628 612 0:61 / /proc/scsi ro,relatime - tmpfs tmpfs ro\n"                                     \
    "629 615 0:62 / /sys/firmware ro,relatime - tmpfs tmpfs ro\n"

#define SSHD_EFFECTIVE                                                                             \
    "port 22\naddressfamily any\nlistenaddress 0.0.0.0:22\nlistenaddress [::]:22\nusepam yes\n"    \
    "logingracetime 120\nx11displayoffset 10\nmaxauthtries 6\nmaxsessions 10\n"                    \
    "clientaliveinterval 0\nclientalivecountmax 3\nstreamlocalbindmask 0177\n"                     \
    "pubkeyauthentication yes\nkerberosauthentication no\ngssapiauthentication no\n"               \
    "hostbasedauthentication no\nignorerhosts yes\nignoreuserknownhosts no\n"                      \
    "passwordauthentication yes\nkbdinteractiveauthentication no\nprintmotd no\n"                  \
    "printlastlog yes\nx11forwarding yes\nx11uselocalhost yes\npermittty yes\npermituserrc yes\n"  \
    "strictmodes yes\ntcpkeepalive yes\npermitemptypasswords no\ncompression yes\n"                \
    "permitrootlogin yes\ngatewayports no\nusedns no\nallowtcpforwarding yes\n"                    \
    "allowagentforwarding yes\ndisableforwarding no\nfingerprinthash SHA256\n"

const struct fixture_evidence fixture_evidence[] = {
    {"ssh-root-password", "sandbox-7", "when", "command -v sshd", "done", "", "/usr/sbin/sshd\n",
     "", 0, 2, .as_root = false},
    {"ssh-root-password", "sandbox-7", "effective", "sshd -T", "done", "", SSHD_EFFECTIVE, "", 0, 2,
     .as_root = true},
    {"ssh-root-password", "agent", "when", "command -v sshd", "done", "", "", "", 1, 4,
     .as_root = false},
    {"sudo-nopasswd", "sandbox-7", "rules", "cat /etc/sudoers /etc/sudoers.d/*", "done", "",
     "Defaults\tenv_reset\nroot\tALL=(ALL:ALL) ALL\n", "", 0, 2, .as_root = true, .is_old = true},
    {"sudo-nopasswd", "sandbox-7", "rules", "cat /etc/sudoers /etc/sudoers.d/*", "done", "",
     "#\n# This file MUST be edited with the 'visudo' command as root.\n#\n"
     "Defaults\tenv_reset\nDefaults\tmail_badpass\nroot\tALL=(ALL:ALL) ALL\n"
     "%admin\tALL=(ALL) ALL\n@includedir /etc/sudoers.d\nci\tALL=(ALL) NOPASSWD: ALL\n",
     "", 0, 40, .as_root = true},
    {"sudo-nopasswd", "agent", "rules", "cat /etc/sudoers /etc/sudoers.d/*", "done", "",
     "root\tALL=(ALL:ALL) ALL\n", "cat: '/etc/sudoers.d/*': No such file or directory\n", 0, 4,
     .as_root = true},
    {"kernel-lockdown", "sandbox-7", "state", "cat /sys/kernel/security/lockdown", "done", "",
     "[none] integrity confidentiality\n", "", 0, 2, .as_root = false},
    {"kernel-lockdown", "agent", "state", "cat /sys/kernel/security/lockdown", "done",
     "exit status 1 is no answer", "", "cat: /sys/kernel/security/lockdown: Permission denied\n", 1,
     4, .as_root = false},
    {"docker-socket", "sandbox-7", "mounts", "cat /proc/self/mountinfo", "done", "",
     "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n", "", 0, 2, .as_root = false},
    {"docker-socket", "agent", "mounts", "cat /proc/self/mountinfo", "done", "", MOUNTS, "", 0, 4,
     .as_root = false},
    {"docker-socket", "agent", "socket", "ls -l /run/docker.sock /var/run/docker.sock", "done", "",
     "srw-rw---- 1 root 998 0 Nov 23 08:12 /run/docker.sock\n",
     "ls: cannot access '/var/run/docker.sock': No such file or directory\n", 2, 4,
     .as_root = false},
    {"metadata-service", "agent", "connect",
     "for address in 169.254.169.254 fd00:ec2::254; do\n"
     "    nc -z -w 2 \"$address\" 80 && echo \"$address is open\"\ndone",
     "done", "", "169.254.169.254 is open\n", "", 0, 5, .as_root = false, .from = "reviewer"},
    {"log-forwarding", "sandbox-7", "sockets", "ss -tnp", "truncated",
     "more output than 65536 bytes",
     "State Recv-Q Send-Q Local Address:Port  Peer Address:Port\n"
     "ESTAB 0      0      10.20.7.2:48122     10.20.1.9:6514\n",
     "", 0, 3, .as_root = false},
    {"secrets-in-environment", "sandbox-7", "names", "tr '\\0' '\\n' < /proc/1/environ", "done", "",
     "HOME=/\nTERM=linux\nBOOT_IMAGE=/boot/vmlinuz-6.1.0\n"
     "NOTE=\xE2\x80\xAE"
     "drowssap ym\n"
     "RAW=\xFF\xFE\x1B[2Jgone\n",
     "", 0, 3, .as_root = false},
    {"secrets-in-environment", "agent", "names", "tr '\\0' '\\n' < /proc/1/environ", "done", "",
     "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nHOSTNAME=agent\n"
     "CI_JOB_TOKEN=an-example-of-a-token\nLANG=C.UTF-8\nHOME=/root\n"
     "DB_PASSWORD=correct horse battery staple\n",
     "", 0, 5, .as_root = false},
    {WAY_CHECK, "agent", "hop-1-docker", "docker container inspect agent", "done", "",
     "id: 4f66aa\nimage: localhost/agent:7\n", "", 0, 3, .as_root = false, .is_old = true},
    {WAY_CHECK, "agent", "hop-1-docker", "docker container inspect agent", "done", "",
     "id: 90c1bb\nimage: localhost/agent:7\n", "", 0, 5, .as_root = false, .from = "host"},
};
const size_t fixture_evidence_count = LENGTH(fixture_evidence);

const struct fixture_decision fixture_decisions[] = {
    {"ssh-root-password", "sandbox-7", "fail",
     "Password logins of root are possible from the whole office network.", "fail", FIXTURE_ADA, 10,
     .is_retracted = false},
    {"docker-socket", "sandbox-7", "pass", "", "pass", FIXTURE_ADA, 12, .is_retracted = true},
    {"docker-socket", "sandbox-7", "pass", "The mount table is clean.", "pass", FIXTURE_ADA, 14,
     .is_retracted = false},
    {"docker-socket", "sandbox-7", "fail", "The group docker still has members.", "pass",
     FIXTURE_GRACE, 15, .is_retracted = false},
};
const size_t fixture_decision_count = LENGTH(fixture_decisions);
