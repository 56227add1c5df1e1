/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a command change its target? A list of names and redirections, not a proof: it catches the
 * slip of an honest author. What keeps a dishonest one away is that every command is shown before
 * it runs.
 */
#include "checklist/command.h"

#include "base/array.h"
#include "shell.h"

#include <ctype.h>

#define WORD_BYTES 128

/* Names that change something whatever their arguments are. */
static const char *const changers[] = {
    "rm",       "rmdir",      "mv",       "cp",         "ln",        "dd",          "tee",
    "touch",    "truncate",   "shred",    "install",    "mkdir",     "mkfifo",      "mknod",
    "unlink",   "chmod",      "chown",    "chgrp",      "chattr",    "setfacl",     "setcap",
    "kill",     "pkill",      "killall",  "reboot",     "shutdown",  "poweroff",    "halt",
    "useradd",  "usermod",    "userdel",  "groupadd",   "groupdel",  "groupmod",    "adduser",
    "deluser",  "chpasswd",   "visudo",   "modprobe",   "insmod",    "rmmod",       "mkfs",
    "umount",   "setenforce", "sponge",   "patch",      "logrotate", "update-grub", "killall5",
    "skill",    "telinit",    "init",     "wipefs",     "mkswap",    "losetup",     "tune2fs",
    "pvremove", "vgremove",   "lvremove", "restorecon", "at",        "batch",       "newusers",
    "chsh",     "chfn",       "chage",    "gpasswd",    "vipw",      "vigr",        "wget"};

/* Names that change something with one of these words among their arguments: an option anywhere,
 * another word only among the first DEPTH that are no options. */
static const struct {
    const char *name;
    int depth;
    const char *words; /* blanks around each */
} conditional_changers[] = {
    {"apt", 1, " install remove purge autoremove upgrade full-upgrade dist-upgrade update clean "},
    {"apt-get", 1, " install remove purge autoremove upgrade dist-upgrade update clean "},
    {"apt-mark", 1, " hold unhold auto manual "},
    {"aptitude", 1, " install remove purge upgrade full-upgrade update "},
    {"dpkg", 0, " -i --install -r --remove -P --purge --configure --unpack "},
    {"rpm", 0, " -i -e -U -F --install --erase --upgrade -ivh -Uvh "},
    {"dnf", 1, " install remove erase upgrade update downgrade reinstall autoremove "},
    {"yum", 1, " install remove erase upgrade update downgrade reinstall autoremove "},
    {"zypper", 1, " install in remove rm update up patch dist-upgrade dup "},
    {"apk", 1, " add del upgrade fix update "},
    {"pacman", 0, " -S -R -U -Syu -Sy -Su -Rs -Rns "},
    {"snap", 1, " install remove refresh "},
    {"pip", 1, " install uninstall "},
    {"pip3", 1, " install uninstall "},
    {"npm", 1, " install uninstall update ci "},
    {"gem", 1, " install uninstall update "},
    {"systemctl", 1,
     " start stop restart reload try-restart reload-or-restart enable disable mask unmask kill "
     "isolate daemon-reload daemon-reexec set-property edit reboot poweroff halt "},
    {"service", 2, " start stop restart reload force-reload "},
    {"rc-service", 2, " start stop restart reload "},
    {"rc-update", 1, " add del delete "},
    {"update-rc.d", 2, " enable disable defaults remove "},
    {"sysctl", 0, " -w --write -p --load --system "},
    {"passwd", 0, " -l -u -d -e -x --lock --unlock --delete --expire "},
    {"sed", 0, " -i --in-place "},
    {"perl", 0, " -i -pi "},
    {"find", 0, " -delete -fprint -fprintf -fls "},
    {"mount", 0, " -o -t --bind --rbind --move -a "},
    {"swapon", 0, " -a "},
    {"swapoff", 0, " -a "},
    {"iptables", 0, " -A -D -I -R -F -X -P -N -Z "},
    {"ip6tables", 0, " -A -D -I -R -F -X -P -N -Z "},
    {"nft", 1, " add delete flush insert replace reset -f "},
    {"ip", 2, " add del delete set flush replace change "},
    {"ufw", 1, " enable disable allow deny reject delete reset reload "},
    {"docker", 1,
     " run start stop restart rm rmi kill pull push build create commit update pause unpause "
     "rename prune load import tag cp "},
    {"podman", 1,
     " run start stop restart rm rmi kill pull push build create commit update pause unpause "
     "rename prune load import tag cp "},
    {"kubectl", 1,
     " create apply delete edit patch replace scale run label annotate taint drain cordon uncordon "
     "set cp "},
    {"virsh", 1,
     " start shutdown destroy undefine define create reboot reset suspend resume edit "},
    {"crontab", 0, " -e -r - "},
    {"auditctl", 0, " -a -A -d -D -e -w -W "},
    {"initctl", 1, " start stop restart reload emit "},
    {"supervisorctl", 1, " start stop restart reload update shutdown "},
    {"sv", 1, " up down once pause cont hup term kill start stop restart reload "},
    {"s6-svc", 0, " -u -d -o -k -t -h -r -x "},
    {"openrc", 1, " boot default shutdown reboot "},
    {"loginctl", 1, " terminate-session terminate-user kill-session kill-user lock-sessions "},
    {"machinectl", 1, " start stop poweroff reboot terminate kill enable disable remove "},
    {"hostnamectl", 1, " set-hostname set-chassis set-deployment "},
    {"timedatectl", 1, " set-time set-timezone set-ntp set-local-rtc "},
    {"localectl", 1, " set-locale set-keymap "},
    {"firewall-cmd", 0, " --reload --complete-reload --panic-on --panic-off --permanent "},
    {"semanage", 2, " -a -d -m --add --delete --modify "},
    {"setsebool", 0, " -P "},
    {"curl", 0, " -o -O -T --output --remote-name --upload-file -d --data -F --form "},
    {"tar", 0, " -x -c -r -u --extract --create --append --delete "},
    {"nerdctl", 1, " run start stop restart rm rmi kill pull push build create commit update cp "},
    {"crictl", 1, " run create start stop rm rmi rmp stopp runp pull update "},
    {"incus", 1, " launch create start stop restart delete move copy rename publish restore "},
    {"lxc", 1, " launch init start stop restart delete move copy rename publish restore "},
    {"lxc-stop", 0, " -n --name "},
    {"lxc-start", 0, " -n --name "},
    {"lxc-destroy", 0, " -n --name "},
    {"git", 1, " commit push pull checkout reset clean merge rebase clone init "},
};

/* Objects that docker's subcommands may stand behind: "docker container rm". */
static const char managed[] =
    " container image network volume system builder context plugin secret "
    "service stack swarm node config compose pod machine ";

/* Names that run the command in their arguments. */
static const char wrappers[] = " sudo doas env nice ionice nohup timeout xargs exec command time "
                               "setsid stdbuf chroot nsenter unshare busybox su runuser ";
/* Shells, whose argument behind -c is a command of its own. */
static const char shells[] = " sh bash dash ash zsh ksh mksh ";
/* Words behind which a command still begins. */
static const char keywords[] = " if then else elif do while until ! { ";

enum { DEPTH_MAX = 4 };

enum place { PLACE_COMMAND, PLACE_ARGUMENT, PLACE_NO_COMMAND };

struct linter {
    struct shell_scan scan;
    struct buffer *text;
    struct buffer word; /* the one being read, quotes gone */
    int depth;          /* of commands inside commands: sh -c '...' */
    bool has_word;
    /* Of each nesting level: */
    struct {
        enum place place;
        char command[WORD_BYTES];
        int argument_count; /* that are no options */
        bool is_wrapped;    /* behind a wrapper: any argument may be the command */
        bool is_script;     /* the next argument is a command of its own */
    } levels[SHELL_NESTING_MAX + 1];
    size_t level;
    bool is_redirect_target;
};

static bool is_among(const char *words, const char *word)
{
    size_t length = strlen(word);
    /* An empty word is found everywhere, also behind the end. */
    if (length == 0)
        return false;
    for (const char *found = words; (found = strstr(found, word)) != NULL; found++)
        if (found > words && found[-1] == ' ' && found[length] == ' ')
            return true;
    return false;
}

static void add_change(struct linter *linter, const char *verb, const char *object,
                       const char *argument)
{
    AUTO_FREE char *change =
        memory_format("%s %s%s%s", verb, object, *argument == '\0' ? "" : " ", argument);
    if (strstr(buffer_text(linter->text), change) != NULL || linter->text->length > 200)
        return;
    buffer_append_format(linter->text, "%s%s", linter->text->length == 0 ? "" : ", ", change);
}

static const char *base_of(const char *word)
{
    const char *slash = strrchr(word, '/');
    return slash == NULL ? word : slash + 1;
}

static bool is_changer(const char *name)
{
    for (size_t i = 0; i < LENGTH(changers); i++)
        if (strcmp(changers[i], name) == 0)
            return true;
    return strncmp(name, "mkfs.", 5) == 0;
}

static bool is_assignment(const char *word)
{
    size_t length = 0;
    while (isalnum((unsigned char)word[length]) || word[length] == '_')
        length++;
    return length > 0 && !isdigit((unsigned char)*word) && word[length] == '=';
}

static void lint(struct buffer *text, const char *command, int depth);

/* A command that stands in one word of another. */
static void take_script(struct linter *linter, const char *command)
{
    if (linter->depth < DEPTH_MAX)
        lint(linter->text, command, linter->depth + 1);
}

static void take_command(struct linter *linter, const char *word)
{
    if (is_among(keywords, word) || is_assignment(word))
        return;
    size_t level = linter->level;
    bool has_no_command = is_among(" for case in ", word);
    linter->levels[level].place = has_no_command ? PLACE_NO_COMMAND : PLACE_ARGUMENT;
    linter->levels[level].is_wrapped = is_among(wrappers, base_of(word));
    snprintf(linter->levels[level].command, WORD_BYTES, "%s", base_of(word));
    linter->levels[level].is_script = strcmp(word, "eval") == 0;
    if (is_changer(base_of(word)))
        add_change(linter, "calls", base_of(word), "");
}

static bool is_changed_by(size_t index, const char *word, int argument_count)
{
    if (*word != '-' && argument_count > conditional_changers[index].depth)
        return false;
    return is_among(conditional_changers[index].words, word);
}

static void take_wrapped(struct linter *linter, const char *name)
{
    if (is_changer(name))
        add_change(linter, "calls", name, "");
    if (is_among(shells, name)) {
        snprintf(linter->levels[linter->level].command, WORD_BYTES, "%s", name);
        linter->levels[linter->level].is_wrapped = false;
    }
    for (size_t i = 0; i < LENGTH(conditional_changers); i++)
        if (strcmp(conditional_changers[i].name, name) == 0) {
            snprintf(linter->levels[linter->level].command, WORD_BYTES, "%s", name);
            linter->levels[linter->level].argument_count = 0;
            linter->levels[linter->level].is_wrapped = false;
        }
}

static void take_argument(struct linter *linter, const char *word)
{
    size_t level = linter->level;
    const char *command = linter->levels[level].command;
    if (linter->levels[level].is_script) {
        take_script(linter, word);
        linter->levels[level].is_script = strcmp(command, "eval") == 0;
        return;
    }
    int count = linter->levels[level].argument_count += *word == '-' ? 0 : 1;
    for (size_t i = 0; i < LENGTH(conditional_changers); i++)
        if (strcmp(conditional_changers[i].name, command) == 0 && is_changed_by(i, word, count))
            add_change(linter, "calls", command, word);
    if (count == 1 && is_among(" docker podman ", command) && is_among(managed, word))
        linter->levels[level].argument_count = 0;
    if (strcmp(command, "sysctl") == 0 && strchr(word, '=') != NULL)
        add_change(linter, "calls", command, word);
    /* "-i.bak", "-Ei"; of a long option only the whole word counts. */
    if (is_among(" sed perl ", command) && word[0] == '-' && word[1] != '-' &&
        word[strcspn(word, "ief")] == 'i')
        add_change(linter, "calls", command, "-i");
    linter->levels[level].is_script = is_among(shells, command) && word[0] == '-' &&
                                      word[1] != '-' && word[strcspn(word, "co")] == 'c';
    /* "command -v rm" only asks; "find -name rm" only looks. */
    if (strcmp(command, "command") == 0 && is_among(" -v -V ", word))
        linter->levels[level].is_wrapped = false;
    if (strcmp(command, "find") == 0 && is_among(" -exec -execdir -ok -okdir ", word))
        linter->levels[level].is_wrapped = true;
    if (linter->levels[level].is_wrapped && *word != '-')
        take_wrapped(linter, base_of(word));
}

static void take_redirect_target(struct linter *linter, const char *word)
{
    static const char harmless[] = " /dev/null /dev/stdout /dev/stderr /dev/fd/1 /dev/fd/2 ";
    if (!is_among(harmless, word))
        add_change(linter, "writes to", word, "");
}

static void end_word(struct linter *linter)
{
    if (!linter->has_word)
        return;
    const char *word = buffer_text(&linter->word);
    if (linter->is_redirect_target)
        take_redirect_target(linter, word);
    else if (linter->levels[linter->level].place == PLACE_COMMAND)
        take_command(linter, word);
    else if (linter->levels[linter->level].place == PLACE_ARGUMENT)
        take_argument(linter, word);
    linter->is_redirect_target = false;
    linter->has_word = false;
    buffer_clear(&linter->word);
}

static void add_to_word(struct linter *linter, const char *bytes, size_t length)
{
    linter->has_word = true;
    buffer_append(&linter->word, bytes, length);
}

static void begin_command(struct linter *linter)
{
    end_word(linter);
    linter->is_redirect_target = false;
    linter->levels[linter->level].place = PLACE_COMMAND;
    linter->levels[linter->level].is_wrapped = false;
    linter->levels[linter->level].is_script = false;
    linter->levels[linter->level].argument_count = 0;
    linter->levels[linter->level].command[0] = '\0';
}

static void take_quoted(struct linter *linter, const char *text, size_t length)
{
    if (text[0] == '\\' && length == 2)
        add_to_word(linter, text + 1, text[1] == '\n' ? 0 : 1);
    else if (text[0] == '\'' && length >= 2)
        add_to_word(linter, text + 1, length - 2);
    else
        add_to_word(linter, text, length);
}

/* ">&2" and "<" write to no file; ">" does until the word behind it is known. */
static void take_redirect(struct linter *linter, const char *text, size_t length)
{
    bool is_copy = text[length - 1] == '&';
    end_word(linter);
    linter->is_redirect_target = memchr(text, '>', length) != NULL &&
                                 (!is_copy || strchr("0123456789-", text[length]) == NULL);
    /* The number behind ">&" is no word of the command. */
    if (is_copy && !linter->is_redirect_target)
        linter->scan.length += strspn(text + length, "0123456789-");
}

/* A command begins inside a word; the word outside is not a plain one any more. */
static void open_level(struct linter *linter)
{
    if (linter->is_redirect_target)
        take_redirect_target(linter, "$(...)");
    if (linter->level < SHELL_NESTING_MAX) {
        enum place outer = linter->levels[linter->level].place;
        if (outer == PLACE_COMMAND)
            linter->levels[linter->level].place = PLACE_ARGUMENT;
        linter->level++;
    }
    linter->has_word = false;
    buffer_clear(&linter->word);
    begin_command(linter);
}

static void close_level(struct linter *linter)
{
    end_word(linter);
    if (linter->level > 0)
        linter->level--;
}

static void take_unit(struct linter *linter)
{
    const struct shell_scan *scan = &linter->scan;
    const char *text = scan->text + scan->start;
    switch (scan->unit) {
    case SHELL_WORD:
    case SHELL_EXPANSION:
    case SHELL_ARITHMETIC:
        add_to_word(linter, text, scan->length);
        break;
    case SHELL_QUOTED:
        take_quoted(linter, text, scan->length);
        break;
    case SHELL_QUOTE_MARK:
        linter->has_word = true;
        break;
    case SHELL_REDIRECT:
        take_redirect(linter, text, scan->length);
        break;
    case SHELL_OPEN:
        open_level(linter);
        break;
    case SHELL_CLOSE:
        close_level(linter);
        break;
    case SHELL_OPERATOR:
    case SHELL_HERE_DOCUMENT:
        begin_command(linter);
        break;
    default:
        end_word(linter);
        break;
    }
}

static void lint(struct buffer *text, const char *command, int depth)
{
    struct linter linter = {.text = text, .depth = depth};
    for (shell_scan_start(&linter.scan, command); shell_scan_next(&linter.scan);)
        take_unit(&linter);
    end_word(&linter);
    buffer_release(&linter.word);
}

void command_changes(const char *command, struct buffer *text)
{
    lint(text, command, 0);
}
