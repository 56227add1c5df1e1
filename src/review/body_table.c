/* SPDX-License-Identifier: Apache-2.0 */
#include "body.h"
#include "review/query.h"

/* clang-format off */
#define REQUIRED(name, type)     {name, MEMBER_##type, false, NULL, NULL, NULL}
#define OPTIONAL(name, type)     {name, MEMBER_##type, true, NULL, NULL, NULL}
#define WORD(name, words)        {name, MEMBER_WORD, false, NULL, words, NULL}
#define OBJECT(name, members)    {name, MEMBER_OBJECT, false, members, NULL, NULL}
#define LIST(name, inner)        {name, MEMBER_LIST, false, inner, NULL, NULL}
#define OPTIONAL_LIST(name, inner) {name, MEMBER_LIST, true, inner, NULL, NULL}
#define ROWS(name, inner, insert) {name, MEMBER_ROWS, false, inner, NULL, insert}
#define END                      {NULL, MEMBER_NAME, false, NULL, NULL, NULL}

static const struct member review_members[] = {
    OPTIONAL("title", LINE),
    OPTIONAL("tool", LINE),
    END
};

static const struct member author_members[] = {
    REQUIRED("name", LINE),
    OPTIONAL("email", LINE),
    OPTIONAL("key", KEY),
    END
};

static const struct member area_members[] = {
    REQUIRED("id", NAME),
    OPTIONAL("title", LINE),
    END
};
static const struct member area_row = OBJECT(NULL, area_members);
static const struct member check_members[] = {
    REQUIRED("id", NAME),
    OPTIONAL("title", LINE),
    REQUIRED("area", NAME),
    REQUIRED("severity", NAME),
    REQUIRED("digest", HASH),
    END
};
static const struct member check_row = OBJECT(NULL, check_members);
static const struct member checklist_members[] = {
    REQUIRED("id", NAME),
    OPTIONAL("title", LINE),
    OPTIONAL("version", LINE),
    REQUIRED("digest", HASH),
    REQUIRED("blob", BLOB),
    REQUIRED("size", COUNT),
    ROWS("areas", &area_row, "INSERT INTO checklist_area VALUES(?1, ?2, ?3, ?4, ?5)"),
    ROWS("checks", &check_row,
         "INSERT INTO checklist_check VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
    END
};

static const struct member any_text = OPTIONAL(NULL, TEXT);
static const struct member parameter_members[] = {
    REQUIRED("id", NAME),
    LIST("values", &any_text),
    END
};

static const struct member target_members[] = {
    REQUIRED("name", NAME),
    REQUIRED("spec", LINE),
    END
};

static const struct member hostkey_members[] = {
    REQUIRED("target", NAME),
    REQUIRED("host", LINE),
    REQUIRED("port", NUMBER),
    REQUIRED("type", NAME),
    REQUIRED("fingerprint", LINE),
    REQUIRED("key", KEY),
    REQUIRED("how", NAME),
    END
};

static const struct member consent_members[] = {
    REQUIRED("target", NAME),
    REQUIRED("class", NAME),
    REQUIRED("digest", HASH),
    REQUIRED("commands", COUNT),
    END
};

static const char *const run_states[] = {"started", "finished", "failed", "cancelled", NULL};
static const struct member run_members[] = {
    REQUIRED("run", NAME),
    REQUIRED("target", NAME),
    WORD("state", run_states),
    OPTIONAL("detail", TEXT),
    REQUIRED("checks", COUNT),
    REQUIRED("probes", COUNT),
    END
};

static const struct member stream_members[] = {
    OPTIONAL("blob", BLOB),
    REQUIRED("size", COUNT),
    END
};
/* Secrets that were kept out of the file when the evidence was gathered. */
static const struct member masked_members[] = {
    REQUIRED("stream", NAME),
    REQUIRED("rule", NAME),
    REQUIRED("action", NAME),
    REQUIRED("count", COUNT),
    REQUIRED("bytes", COUNT),
    END
};
static const struct member masked_row = OBJECT(NULL, masked_members);
static const struct member evidence_members[] = {
    REQUIRED("run", NAME),
    REQUIRED("target", NAME),
    REQUIRED("check", NAME),
    REQUIRED("probe", NAME),
    REQUIRED("check_digest", HASH),
    REQUIRED("command", TEXT),
    REQUIRED("as_root", BOOL),
    REQUIRED("outcome", NAME),
    OPTIONAL("detail", TEXT),
    REQUIRED("exit", NUMBER),
    REQUIRED("started_ms", NUMBER),
    REQUIRED("duration_ms", COUNT),
    OBJECT("out", stream_members),
    OBJECT("err", stream_members),
    REQUIRED("noise", COUNT),
    OPTIONAL_LIST("masked", &masked_row),
    OPTIONAL("from", NAME),
    END
};

static const struct member line_members[] = {
    REQUIRED("probe", NAME),
    REQUIRED("stream", NAME),
    REQUIRED("line", COUNT),
    REQUIRED("bad", BOOL),
    END
};
static const struct member line_row = OBJECT(NULL, line_members);
static const struct member suggestion_members[] = {
    REQUIRED("run", NAME),
    REQUIRED("target", NAME),
    REQUIRED("check", NAME),
    REQUIRED("suggestion", NAME),
    OPTIONAL("reason", TEXT),
    LIST("lines", &line_row),
    END
};

static const struct member answer_members[] = {
    REQUIRED("target", NAME),
    REQUIRED("check", NAME),
    REQUIRED("question", NAME),
    OPTIONAL("value", TEXT),
    END
};

static const char *const verdicts[] = {"pass", "fail", "not-applicable", NULL};
static const struct member entry_name = REQUIRED(NULL, ENTRY);
static const struct member decision_members[] = {
    REQUIRED("target", NAME),
    REQUIRED("check", NAME),
    WORD("verdict", verdicts),
    OPTIONAL("note", TEXT),
    OPTIONAL("because", TEXT),
    OPTIONAL("suggestion", NAME),
    OPTIONAL_LIST("supersedes", &entry_name),
    END
};

static const struct member retraction_members[] = {
    REQUIRED("entry", ENTRY),
    OPTIONAL("why", TEXT),
    END
};

static const struct member comment_members[] = {
    OPTIONAL("target", NAME),
    OPTIONAL("check", NAME),
    REQUIRED("text", TEXT),
    END
};

static const struct member attachment_members[] = {
    OPTIONAL("target", NAME),
    OPTIONAL("check", NAME),
    REQUIRED("name", LINE),
    REQUIRED("blob", BLOB),
    REQUIRED("size", COUNT),
    REQUIRED("digest", HASH),
    END
};

static const struct member signoff_members[] = {
    REQUIRED("role", NAME),
    REQUIRED("manifest", TEXT),
    REQUIRED("signature", TEXT),
    REQUIRED("key", KEY),
    REQUIRED("signer", LINE),
    END
};

/* "of" names the entry that made it; an entry without it makes a new one. */
static const char *const finding_states[] = {
#define X(name, text) text,
    FINDING_STATES(X)
#undef X
    NULL};
static const struct member finding_members[] = {
    OPTIONAL("of", ENTRY),
    WORD("state", finding_states),
    OPTIONAL("check", NAME),
    OPTIONAL("target", NAME),
    REQUIRED("title", LINE),
    REQUIRED("severity", NAME),
    OPTIONAL("description", TEXT),
    OPTIONAL("recommendation", TEXT),
    OPTIONAL("because", TEXT),
    OPTIONAL("cvss", NAME),
    OPTIONAL("owner", LINE),
    OPTIONAL("due", DATE),
    END
};

static const char *const exception_states[] = {"accepted", "ended", NULL};
static const struct member exception_members[] = {
    OPTIONAL("of", ENTRY),
    WORD("state", exception_states),
    REQUIRED("check", NAME),
    OPTIONAL("target", NAME),
    OPTIONAL("category", NAME),
    REQUIRED("reason", TEXT),
    OPTIONAL("control", TEXT),
    OPTIONAL("risk", LINE),
    OPTIONAL("requester", LINE),
    REQUIRED("approver", LINE),
    OPTIONAL("ticket", LINE),
    REQUIRED("from", DATE),
    REQUIRED("until", DATE),
    END
};

static const struct member span_members[] = {
    REQUIRED("offset", COUNT),
    REQUIRED("length", COUNT),
    OPTIONAL("rule", NAME),
    END
};
static const struct member span_row = OBJECT(NULL, span_members);
static const struct member redaction_members[] = {
    REQUIRED("blob", HASH),
    REQUIRED("size", COUNT),
    REQUIRED("why", TEXT),
    OBJECT("kept", stream_members),
    OPTIONAL_LIST("spans", &span_row),
    END
};

static const struct member rule_members[] = {
    REQUIRED("name", NAME),
    OPTIONAL("value", LINE),
    END
};
static const struct member rule_row = OBJECT(NULL, rule_members);
static const struct member policy_members[] = {
    REQUIRED("topic", NAME),
    ROWS("rules", &rule_row, "INSERT INTO policy_rule VALUES(?1, ?2, ?3, ?4, ?5)"),
    END
};

static const char *const handoff_ways[] = {"sent", "received", "salvaged", NULL};
static const struct member handoff_members[] = {
    WORD("way", handoff_ways),
    OPTIONAL("party", LINE),
    OPTIONAL("file", LINE),
    OPTIONAL("digest", HASH),
    OPTIONAL("note", TEXT),
    END
};

static const char *const flow_protocols[] = {"tcp", "tcp4", "tcp6", "udp", "udp4", "udp6", NULL};
static const char *const flow_expectations[] = {"allow", "deny", "not-declared", NULL};
static const struct member flow_line_members[] = {
    REQUIRED("from", NAME),
    REQUIRED("to", NAME),
    REQUIRED("places", LINE),
    REQUIRED("ports", LINE),
    WORD("protocol", flow_protocols),
    WORD("expected", flow_expectations),
    END
};
static const struct member flow_line_row = OBJECT(NULL, flow_line_members);
static const struct member flows_members[] = {
    OPTIONAL("file", LINE),
    ROWS("lines", &flow_line_row,
         "INSERT INTO flow_line VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
    END
};

static const char *const transports[] = {"tcp", "udp", NULL};
static const char *const flow_states[] = {"open",    "refused", "filtered", "unreachable",
                                          "prohibited", "open|filtered", "absent", "blocked", NULL};
static const struct member reach_flow_members[] = {
    REQUIRED("to", NAME),
    WORD("protocol", transports),
    REQUIRED("family", COUNT),
    REQUIRED("port", COUNT),
    OPTIONAL("address", NAME),
    WORD("state", flow_states),
    OPTIONAL("tool", NAME),
    OPTIONAL("proof", LINE),
    OPTIONAL("detail", LINE),
    END
};
static const struct member reach_flow_row = OBJECT(NULL, reach_flow_members);
static const struct member reach_members[] = {
    REQUIRED("run", NAME),
    REQUIRED("target", NAME),
    REQUIRED("command", TEXT),
    REQUIRED("outcome", NAME),
    OPTIONAL("detail", TEXT),
    REQUIRED("started_ms", NUMBER),
    REQUIRED("duration_ms", COUNT),
    OBJECT("out", stream_members),
    OBJECT("err", stream_members),
    ROWS("flows", &reach_flow_row,
         "INSERT INTO reach_flow VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"),
    END
};

static const char *const access_words[] = {"approved", "questioned", NULL};
static const struct member access_members[] = {
    REQUIRED("target", NAME),
    REQUIRED("account", NAME),
    WORD("word", access_words),
    OPTIONAL("comment", TEXT),
    REQUIRED("facts", TEXT),
    OPTIONAL_LIST("supersedes", &entry_name),
    END
};

static const struct body_kind kinds[] = {
    [ENTRY_REVIEW] = {
        review_members, "INSERT INTO review VALUES(?1, ?2, ?3, ?4)", "{title}", true},
    [ENTRY_AUTHOR] = {author_members, NULL, "{name}[ <{email}>]", true},
    [ENTRY_CHECKLIST] = {
        checklist_members, "INSERT INTO checklist VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        "{id}[ {version}][: {title}]", false},
    [ENTRY_PARAMETER] = {
        parameter_members, "INSERT INTO parameter VALUES(?1, ?2, ?3, ?4)",
        "{id} = {values}", false},
    [ENTRY_TARGET] = {
        target_members, "INSERT INTO target VALUES(?1, ?2, ?3, ?4)", "{name}: {spec}", false},
    [ENTRY_HOSTKEY] = {
        hostkey_members, "INSERT INTO hostkey VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        "{how}: {type} {fingerprint} of {host}", false},
    [ENTRY_CONSENT] = {
        consent_members, "INSERT INTO consent VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        "{commands} {class} commands", false},
    [ENTRY_RUN] = {
        run_members, "INSERT INTO run VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        "{state}[: {detail}]", true},
    [ENTRY_EVIDENCE] = {
        evidence_members,
        "INSERT INTO evidence VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
        " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        "{probe}: {outcome}[, exit {exit}][: {detail}]", true},
    [ENTRY_SUGGESTION] = {
        suggestion_members, "INSERT INTO suggestion VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        "{suggestion}[: {reason}]", true},
    [ENTRY_ANSWER] = {
        answer_members, "INSERT INTO answer VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        "{question}: {value}", false},
    [ENTRY_DECISION] = {
        decision_members, "INSERT INTO decision VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)",
        "{verdict}[: {note}][ (because {because})]", false},
    [ENTRY_RETRACTION] = {
        retraction_members, "INSERT INTO retraction VALUES(?1, ?2, ?3, ?4, ?5)",
        "[: {why}]", false},
    [ENTRY_COMMENT] = {
        comment_members, "INSERT INTO comment VALUES(?1, ?2, ?3, ?4, ?5)", "{text}", false},
    [ENTRY_ATTACHMENT] = {
        attachment_members, "INSERT INTO attachment VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        "{name}, {size} bytes", false},
    [ENTRY_SIGNOFF] = {
        signoff_members, "INSERT INTO signoff VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        "{role}: {signer}", true},
    [ENTRY_FINDING] = {
        finding_members,
        "INSERT INTO finding VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
        " ?14, ?15)",
        "{state}, {severity}: {title}", false},
    [ENTRY_EXCEPTION] = {
        exception_members,
        "INSERT INTO exception VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
        " ?14, ?15, ?16)",
        "{state} until {until}, approved by {approver}: {reason}", false},
    [ENTRY_REDACTION] = {
        redaction_members, "INSERT INTO redaction VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        "{size} bytes: {why}", true},
    [ENTRY_POLICY] = {policy_members, "INSERT INTO policy VALUES(?1, ?2, ?3)", "{topic}", false},
    [ENTRY_HANDOFF] = {
        handoff_members, "INSERT INTO handoff VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        "{way}[ {file}][, {party}][: {note}]", true},
    [ENTRY_FLOWS] = {
        flows_members, "INSERT INTO flows VALUES(?1, ?2, ?3)", "expected flows[ of {file}]", false},
    [ENTRY_REACH] = {
        reach_members,
        "INSERT INTO reach VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        "flows measured: {outcome}[: {detail}]", true},
    [ENTRY_ACCESS] = {
        access_members, "INSERT INTO access VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        "account {account} {word}[: {comment}]", false},
};
/* clang-format on */

const struct body_kind *body_kind(enum entry_kind kind)
{
    return (size_t)kind < LENGTH(kinds) ? &kinds[kind] : NULL;
}
