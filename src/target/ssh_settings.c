/* SPDX-License-Identifier: Apache-2.0 */
#include "ssh_settings.h"

#include "ssh_answers.h"

#include "account.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"

#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    QUESTION_TIMEOUT_MS = 10000,
    FILES_MAX = 64,
    PORT_MAX = 65535,
    PUBLIC_KEY_MAX_BYTES = 16 * 1024
};

void ssh_settings_release(struct ssh_settings *settings)
{
    free(settings->host);
    free(settings->user);
    free(settings->record_name);
    free(settings->agent_socket);
    strings_release(&settings->identity_files);
    strings_release(&settings->known_hosts);
    *settings = (struct ssh_settings){0};
}

static void set_text(char **text, const char *value)
{
    free(*text);
    *text = memory_copy_text(value);
}

/* ---- what the configuration asks for and this program cannot do ---- */

struct lacking {
    const char *keyword; /* as "ssh -G" prints it */
    const char *name;    /* as the manual writes it */
    bool is_about_dialling;
    bool is_proxy;
    bool is_left_to_client;
    const char *hint;
};

static const char client_hint[] = "only the OpenSSH client can do that";

static const struct lacking lacking[] = {
    {"proxyjump", "ProxyJump", true, true, true, client_hint},
    {"proxycommand", "ProxyCommand", true, true, true, client_hint},
    {"bindaddress", "BindAddress", true, false, true, client_hint},
    {"bindinterface", "BindInterface", true, false, true, client_hint},
    {"certificatefile", "CertificateFile", false, false, true, client_hint},
    {"pkcs11provider", "PKCS11Provider", false, false, true, client_hint},
    {"revokedhostkeys", "RevokedHostKeys", false, false, true, client_hint},
    {"knownhostscommand", "KnownHostsCommand", false, false, false,
     "put the host keys into known_hosts instead"},
};

/* True where the setting is fine, or the client can be left to follow it. */
static bool look_for_lack(const char *keyword, const char *value,
                          const struct ssh_settings_source *source, struct ssh_settings *settings,
                          struct error *error)
{
    for (size_t i = 0; i < LENGTH(lacking); i++) {
        if (strcmp(keyword, lacking[i].keyword) != 0 || strcasecmp(value, "none") == 0 ||
            (lacking[i].is_about_dialling && !source->is_dialled))
            continue;
        if (lacking[i].is_proxy)
            settings->proxy = lacking[i].name;
        if (lacking[i].is_left_to_client && source->by_client) {
            settings->needs_client = lacking[i].name;
            continue;
        }
        error_set(error, ERROR_UNSUPPORTED,
                  "ssh_config sets %s for this host ('%.200s'), which "
                  "walkdown does not know",
                  lacking[i].name, value);
        return error_hint(error, "%s", lacking[i].hint);
    }
    return true;
}

/* ---- names of files ---- */

/* What the expansion of one value needs. */
struct expansion {
    const struct ssh_settings *settings;
    const char *home;
};

/* What a token of ssh_config(5), TOKENS, stands for; NULL: it is not known here. */
static char *token_value(char token, const struct expansion *expansion)
{
    const struct ssh_settings *settings = expansion->settings;
    char local_host[256] = "";
    gethostname(local_host, sizeof(local_host) - 1);
    switch (token) {
    case '%':
        return memory_copy_text("%");
    case 'd':
        return memory_copy_text(expansion->home);
    case 'h':
        return memory_copy_text(settings->host);
    case 'i':
        return memory_format("%u", (unsigned)getuid());
    case 'k':
        return memory_copy_text(settings->record_name != NULL ? settings->record_name
                                                              : settings->host);
    case 'L':
        return memory_copy(local_host, strcspn(local_host, "."));
    case 'l':
        return memory_copy_text(local_host);
    case 'p':
        return memory_format("%d", settings->port);
    case 'r':
        return memory_copy_text(settings->user);
    case 'u':
        return account_name();
    default:
        return NULL;
    }
}

/* "${NAME}" at TEXT: append its value and return its length, 0 where it is not one. */
static size_t append_variable(struct buffer *buffer, const char *text)
{
    if (strncmp(text, "${", 2) != 0)
        return 0;
    size_t length = strcspn(text + 2, "}");
    if (text[2 + length] == '\0')
        return 0;
    AUTO_FREE char *name = memory_copy(text + 2, length);
    const char *value = getenv(name);
    buffer_append_text(buffer, value == NULL ? "" : value);
    return length + 3;
}

static bool append_token(struct buffer *buffer, char token, const struct expansion *expansion)
{
    AUTO_FREE char *value = token_value(token, expansion);
    if (value != NULL)
        buffer_append_text(buffer, value);
    return value != NULL;
}

static bool expand(const char *value, const struct expansion *expansion, char **ret_path,
                   struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    const char *at = value;
    if (strncmp(at, "~/", 2) == 0) {
        buffer_append_text(&text, expansion->home);
        at++;
    }
    while (*at != '\0') {
        size_t used = append_variable(&text, at);
        if (used == 0 && *at == '%') {
            if (!append_token(&text, at[1], expansion))
                return error_set(error, ERROR_UNSUPPORTED,
                                 "ssh_config names the file '%.200s' for this host, with a token "
                                 "that walkdown does not know",
                                 value);
            used = 2;
        } else if (used == 0) {
            buffer_append_byte(&text, *at);
            used = 1;
        }
        at += used;
    }
    *ret_path = buffer_take(&text);
    return true;
}

static bool push_file(struct strings *files, const char *value, const struct expansion *expansion,
                      struct error *error)
{
    char *path;
    if (strcasecmp(value, "none") == 0 || files->count >= FILES_MAX)
        return true;
    if (!expand(value, expansion, &path, error))
        return false;
    strings_push_take(files, path);
    return true;
}

/* The client prints several names with blanks between them and does not quote blanks inside. A part
 * that does not begin like an absolute name is taken for the rest of the one before. */
static bool push_files(struct strings *files, const char *value, const struct expansion *expansion,
                       struct error *error)
{
    AUTO_RELEASE(strings) struct strings parts = {0};
    AUTO_RELEASE(buffer) struct buffer name = {0};
    strings_split(&parts, value, ' ');
    for (size_t i = 0; i < parts.count; i++) {
        if (name.length > 0)
            buffer_append_byte(&name, ' ');
        buffer_append_text(&name, parts.items[i]);
        bool is_last = i + 1 == parts.count;
        if (!is_last && strchr("/~%$", parts.items[i + 1][0]) == NULL)
            continue;
        if (!push_file(files, buffer_text(&name), expansion, error))
            return false;
        buffer_clear(&name);
    }
    return true;
}

/* To the client "~" is the account's home folder even where $HOME is another; what it printed does
 * not tell "~" from the folder's name. Its default files are replaced; for others both are asked,
 * because a record too many can only make the decision stricter. */
static void move_home(struct strings *files, const char *home, const char *account_folder)
{
    static const char *const defaults[] = {".ssh/known_hosts", ".ssh/known_hosts2"};
    size_t length = strlen(account_folder), count = files->count;
    for (size_t i = 0; i < count; i++) {
        char *file = files->items[i];
        if (strncmp(file, account_folder, length) != 0 || file[length] != '/')
            continue;
        const char *name = file + length + 1;
        char *moved = path_join(home, name);
        bool is_default = strcmp(name, defaults[0]) == 0 || strcmp(name, defaults[1]) == 0;
        if (is_default) {
            files->items[i] = moved;
            free(file);
        } else {
            strings_push_take(files, moved);
        }
    }
}

/* ---- lines of "ssh -G" ---- */

static bool is_switched_off(const char *value)
{
    return strcasecmp(value, "no") == 0 || strcasecmp(value, "false") == 0;
}

static bool lists_method(const char *list, const char *method)
{
    AUTO_RELEASE(strings) struct strings methods = {0};
    strings_split(&methods, list, ',');
    return strings_contains(&methods, method);
}

static void take_methods(struct ssh_settings *settings, const char *value)
{
    settings->no_keys |= !lists_method(value, "publickey");
    settings->no_password |= !lists_method(value, "password");
    settings->no_keyboard |= !lists_method(value, "keyboard-interactive");
}

static bool take_agent(struct ssh_settings *settings, const char *value,
                       const struct expansion *expansion, struct error *error)
{
    free(settings->agent_socket);
    settings->agent_socket = NULL;
    if (strcasecmp(value, "none") == 0)
        return true;
    bool is_variable = strcmp(value, "SSH_AUTH_SOCK") == 0 || (value[0] == '$' && value[1] != '{');
    if (!is_variable)
        return expand(value, expansion, &settings->agent_socket, error);
    settings->agent_socket = memory_copy_text(getenv(value + (value[0] == '$')));
    return true;
}

static int family_of(const char *value)
{
    return strcmp(value, "inet") == 0    ? AF_INET
           : strcmp(value, "inet6") == 0 ? AF_INET6
                                         : AF_UNSPEC;
}

/* Plain values; the files among them may hold tokens and wait until these are known. */
static void take_value(struct ssh_settings *settings, const char *keyword, const char *value)
{
    if (strcmp(keyword, "hostname") == 0)
        set_text(&settings->host, value);
    else if (strcmp(keyword, "user") == 0)
        set_text(&settings->user, value);
    else if (strcmp(keyword, "port") == 0)
        settings->port = (int)strtol(value, NULL, 10);
    else if (strcmp(keyword, "hostkeyalias") == 0)
        set_text(&settings->record_name, value);
    else if (strcmp(keyword, "connecttimeout") == 0)
        settings->connect_timeout_ms = 1000 * (int)strtol(value, NULL, 10);
    else if (strcmp(keyword, "addressfamily") == 0)
        settings->address_family = family_of(value);
    else if (strcmp(keyword, "identitiesonly") == 0)
        settings->identities_only = !is_switched_off(value);
    else if (strcmp(keyword, "pubkeyauthentication") == 0)
        settings->no_keys |= is_switched_off(value);
    else if (strcmp(keyword, "passwordauthentication") == 0)
        settings->no_password |= is_switched_off(value);
    else if (strcmp(keyword, "kbdinteractiveauthentication") == 0)
        settings->no_keyboard |= is_switched_off(value);
    else if (strcmp(keyword, "preferredauthentications") == 0)
        take_methods(settings, value);
}

static bool take_files(struct ssh_settings *settings, const char *keyword, const char *value,
                       const struct expansion *expansion, struct error *error)
{
    if (strcmp(keyword, "identityfile") == 0)
        return push_file(&settings->identity_files, value, expansion, error);
    if (strcmp(keyword, "identityagent") == 0)
        return take_agent(settings, value, expansion, error);
    return push_files(&settings->known_hosts, value, expansion, error);
}

/* The value of a line "keyword value" when it has this keyword, else NULL. */
static const char *value_of(const char *line, const char *keyword)
{
    size_t length = strlen(keyword);
    bool has_keyword = strncmp(line, keyword, length) == 0 && line[length] == ' ';
    return has_keyword ? line + length + 1 : NULL;
}

static bool take_lines(const struct strings *lines, const struct ssh_settings_source *source,
                       struct ssh_settings *settings, struct error *error)
{
    for (size_t i = 0; i < lines->count; i++) {
        const char *blank = strchr(lines->items[i], ' ');
        if (blank == NULL)
            continue;
        AUTO_FREE char *keyword = memory_copy(lines->items[i], (size_t)(blank - lines->items[i]));
        if (!look_for_lack(keyword, blank + 1, source, settings, error))
            return false;
        take_value(settings, keyword, blank + 1);
    }
    if (settings->host != NULL && settings->user != NULL && settings->port > 0 &&
        settings->port <= PORT_MAX && settings->connect_timeout_ms >= 0)
        return true;
    return error_set(error, ERROR_INVALID, "'ssh -G' does not name host, user and port");
}

bool ssh_settings_parse(const struct ssh_settings_source *source, struct ssh_settings *settings,
                        struct error *error)
{
    /* The user's known_hosts before those of the machine; the client prints them last. */
    static const char *const file_keywords[] = {"identityfile", "identityagent",
                                                "userknownhostsfile", "globalknownhostsfile"};
    const struct expansion expansion = {.settings = settings, .home = source->home};
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, source->text, '\n');
    if (!take_lines(&lines, source, settings, error))
        return false;
    for (size_t i = 0; i < LENGTH(file_keywords); i++) {
        for (size_t j = 0; j < lines.count; j++) {
            const char *value = value_of(lines.items[j], file_keywords[i]);
            if (value != NULL && !take_files(settings, file_keywords[i], value, &expansion, error))
                return false;
        }
    }
    if (source->account_folder != NULL && strcmp(source->home, source->account_folder) != 0)
        move_home(&settings->known_hosts, source->home, source->account_folder);
    return true;
}

/* ---- asking the client ---- */

/* The configuration to name with -F; NULL: the client finds its own. */
static char *configuration_of(const char *home, const char *account_folder)
{
    if (account_folder != NULL && strcmp(home, account_folder) == 0)
        return NULL;
    AUTO_FREE char *path = path_join(home, ".ssh/config");
    return access(path, R_OK) == 0 ? take(&path) : memory_copy_text("none");
}

static bool ask_client(const struct target_spec *spec, const char *configuration,
                       struct process_result *ret_result, struct error *error)
{
    const char *arguments[12] = {"ssh", "-G"};
    size_t count = 2;
    AUTO_FREE char *port = memory_format("%d", spec->port);
    const char *const optional[][2] = {
        {"-F", configuration}, {"-l", spec->user}, {"-p", spec->port == 0 ? NULL : port}};
    for (size_t i = 0; i < LENGTH(optional); i++) {
        if (optional[i][1] == NULL)
            continue;
        arguments[count++] = optional[i][0];
        arguments[count++] = optional[i][1];
    }
    arguments[count++] = "--";
    arguments[count] = spec->host;
    const struct process_options options = {.arguments = arguments,
                                            .environment = (const char *const[]){"LC_ALL=C", NULL},
                                            .timeout_ms = QUESTION_TIMEOUT_MS};
    if (!process_run(&options, ret_result, error))
        return error_prefix(error, "cannot read the configuration of ssh");
    if (ret_result->exit_status == 0)
        return true;
    const char *why = buffer_text(&ret_result->errors);
    error_set(error, ERROR_INVALID, "the configuration of ssh for '%s' has an error: %.*s",
              spec->host, (int)strcspn(why, "\r\n"), why);
    error_hint(error, "'ssh -G %s' shows it", spec->host);
    process_result_release(ret_result);
    return false;
}

/* What the client would do without any configuration. */
static void take_defaults(const struct target_spec *spec, const char *home,
                          struct ssh_settings *settings)
{
    static const char *const identities[] = {
        ".ssh/id_rsa",        ".ssh/id_ecdsa", ".ssh/id_ecdsa_sk", ".ssh/id_ed25519",
        ".ssh/id_ed25519_sk", ".ssh/id_xmss",  ".ssh/id_dsa"};
    static const char *const records[] = {".ssh/known_hosts", ".ssh/known_hosts2"};
    settings->host = memory_copy_text(spec->host);
    settings->port = spec->port == 0 ? 22 : spec->port;
    settings->user = spec->user == NULL ? account_name() : memory_copy_text(spec->user);
    for (size_t i = 0; i < LENGTH(identities); i++)
        strings_push_take(&settings->identity_files, path_join(home, identities[i]));
    for (size_t i = 0; i < LENGTH(records); i++)
        strings_push_take(&settings->known_hosts, path_join(home, records[i]));
    strings_push(&settings->known_hosts, "/etc/ssh/ssh_known_hosts");
    strings_push(&settings->known_hosts, "/etc/ssh/ssh_known_hosts2");
}

static bool take_configuration(const struct target_spec *spec, const char *home, bool is_dialled,
                               struct ssh_settings *settings, struct error *error)
{
    AUTO_FREE char *client = path_find_program("ssh");
    AUTO_FREE char *account_folder = account_home();
    AUTO_FREE char *configuration = configuration_of(home, account_folder);
    if (client == NULL || ssh_answer_is_default(spec, configuration, account_folder)) {
        take_defaults(spec, home, settings);
        return true;
    }
    AUTO_RELEASE(process_result) struct process_result result = {0};
    if (!ssh_answer_find(spec, configuration, account_folder, &result.output)) {
        if (!ask_client(spec, configuration, &result, error))
            return false;
        ssh_answer_keep(spec, configuration, account_folder, buffer_text(&result.output));
    }
    const struct ssh_settings_source source = {.text = buffer_text(&result.output),
                                               .home = home,
                                               .account_folder = account_folder,
                                               .is_dialled = is_dialled,
                                               .by_client = is_dialled};
    return ssh_settings_parse(&source, settings, error);
}

static void take_options(const struct connection_options *options, struct ssh_settings *settings)
{
    if (options->identity != NULL) {
        strings_release(&settings->identity_files);
        settings->identity_files = (struct strings){0};
        strings_push(&settings->identity_files, options->identity);
        settings->identities_only = true;
    }
    if (options->known_hosts != NULL) {
        strings_release(&settings->known_hosts);
        settings->known_hosts = (struct strings){0};
        for (size_t i = 0; i < options->known_hosts->count; i++)
            strings_push(&settings->known_hosts, options->known_hosts->items[i]);
    }
}

/* A private key that stays on a token: libssh 0.10 does not speak to it. */
static bool is_hardware_key(const char *path)
{
    static const char prefix[] = "sk-";
    AUTO_FREE char *public_path = memory_format("%s.pub", path);
    AUTO_RELEASE(buffer) struct buffer text = {0};
    return file_read(public_path, PUBLIC_KEY_MAX_BYTES, &text, NULL) &&
           strncmp(buffer_text(&text), prefix, strlen(prefix)) == 0;
}

static void look_for_hardware_keys(struct ssh_settings *settings)
{
    for (size_t i = 0; i < settings->identity_files.count && settings->needs_client == NULL; i++) {
        if (is_hardware_key(settings->identity_files.items[i]))
            settings->needs_client = "a key on a token (IdentityFile)";
    }
}

/* A host that only a certificate can make known: libssh does not ask for one. */
static void look_for_authorities(const struct connection_options *options,
                                 struct ssh_settings *settings)
{
    const char *host = settings->record_name != NULL ? settings->record_name : settings->host;
    int port = settings->record_name != NULL ? 0 : settings->port;
    bool is_pinned = options->pinned_key != NULL && options->pinned_key[0] != '\0';
    AUTO_RELEASE(strings) struct strings types = {0};
    AUTO_FREE char *client = path_find_program("ssh");
    if (settings->needs_client != NULL || is_pinned || client == NULL ||
        !hostkey_has_authority(host, port, &settings->known_hosts))
        return;
    hostkey_known_types(host, port, &settings->known_hosts, &types);
    if (types.count == 0)
        settings->needs_client = "a certificate of the host (@cert-authority)";
}

bool ssh_settings_load(const struct target_spec *spec, const struct connection_options *options,
                       struct ssh_settings *ret_settings, struct error *error)
{
    AUTO_FREE char *home = path_home();
    AUTO_RELEASE(ssh_settings) struct ssh_settings settings = {0};
    settings.agent_socket = memory_copy_text(getenv("SSH_AUTH_SOCK"));
    if (!take_configuration(spec, home, options->socket_fd <= 0, &settings, error))
        return false;
    take_options(options, &settings);
    if (options->socket_fd <= 0) {
        look_for_hardware_keys(&settings);
        look_for_authorities(options, &settings);
    }
    *ret_settings = settings;
    settings = (struct ssh_settings){0};
    return true;
}
