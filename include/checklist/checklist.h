/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of a checklist: what there is to check, how to look, and what a good answer is. Plain
 * data, made by checklist/load.h from YAML and read-only afterwards. Everything in it belongs to
 * the struct checklist; pointers into it live as long as it does. All text is valid UTF-8, but
 * hostile: it is shown through base/utf8 only. docs/checklist-format.md describes the YAML.
 */
#ifndef CHECKLIST_CHECKLIST_H
#define CHECKLIST_CHECKLIST_H

#include "base/array.h"
#include "base/digest.h"

/* Where a thing stands in its file, both from 1; 0 when unknown. */
struct position {
    int line;
    int column;
};

/* X(name, text) in rising order */
#define SEVERITIES(X)                                                                              \
    X(INFO, "info") X(LOW, "low") X(MEDIUM, "medium") X(HIGH, "high") X(CRITICAL, "critical")
/* NIST SP 800-53A assessment methods */
#define METHODS(X) X(EXAMINE, "examine") X(INTERVIEW, "interview") X(TEST, "test")
/* What a probe does to its target: nothing; or something, for which consent is needed. */
#define EFFECTS(X) X(READ, "read") X(ACTIVE, "active")
/* Where a probe runs: in the sandbox (the target itself), on its host, on the reviewer's machine.
 */
#define VANTAGES(X) X(INSIDE, "inside") X(HOST, "host") X(REVIEWER, "reviewer")
#define ANSWER_TYPES(X)                                                                            \
    X(TEXT, "text") X(YES_NO, "yes-no") X(CHOICE, "choice") X(DATE, "date") X(NUMBER, "number")

enum severity {
#define X(name, text) SEVERITY_##name,
    SEVERITIES(X)
#undef X
};
enum method {
#define X(name, text) METHOD_##name,
    METHODS(X)
#undef X
};
enum effect {
#define X(name, text) EFFECT_##name,
    EFFECTS(X)
#undef X
};
enum vantage {
#define X(name, text) VANTAGE_##name,
    VANTAGES(X)
#undef X
};
enum answer_type {
#define X(name, text) ANSWER_##name,
    ANSWER_TYPES(X)
#undef X
};

const char *severity_text(enum severity severity);
bool severity_parse(const char *text, enum severity *ret_severity) MUST_USE;
const char *method_text(enum method method);
const char *effect_text(enum effect effect);
const char *vantage_text(enum vantage vantage);
/* A vantage's text, which may be anything, in words behind the name of a probe: "from the host",
 * "on the reviewer's machine"; "" for inside and what is none. */
const char *vantage_words(const char *text);
const char *answer_type_text(enum answer_type type);

/* A value of the checklist that a review may set: one string, or a list of them. */
struct parameter {
    char *id;
    char *help;
    bool is_list;
    struct strings values; /* the default; exactly one when it is no list */
    struct position position;
};

/* When a check applies: a tree. Leaves ask the target one question. */
enum condition_kind {
    CONDITION_ALL,     /* children */
    CONDITION_ANY,     /* children */
    CONDITION_NOT,     /* one child */
    CONDITION_COMMAND, /* argument: a program in the fixed PATH */
    CONDITION_PATH,    /* argument: something exists at this absolute path */
    CONDITION_PROCESS, /* argument: a process of this name runs (comm of /proc/PID) */
    CONDITION_SHELL,   /* argument: a shell test, exit status 0 = applies */
    CONDITION_FACT     /* argument: a value of the fact, in which "*" stands for any text */
};

struct condition {
    enum condition_kind kind;
    int fact; /* of CONDITION_FACT: its number in src/checklist/fact.h */
    char *argument;
    char *id;          /* of the named condition that this is a copy of, or NULL */
    char *met, *unmet; /* how to say that it holds or not; NULL: by what it asks */
    struct condition *children;
    size_t child_count;
    struct position position;
};

/* A condition that checks refer to by its id: "when: {is: sandbox}". */
struct named_condition {
    char *id;
    struct condition *condition; /* NULL only while errors are reported */
    struct position position;
};

#define PROBE_TIMEOUT_MS_DEFAULT   30000
#define PROBE_TIMEOUT_MS_MAX       300000
#define PROBE_OUTPUT_BYTES_DEFAULT (1024 * 1024)
#define PROBE_OUTPUT_BYTES_MAX     (16 * 1024 * 1024)

/* One question to the target: a command of a POSIX shell. */
struct check_probe {
    char *id;     /* unique in its check; "when" is taken */
    char *run;    /* with ${parameter} references */
    bool as_root; /* needs root; without it the check is blocked */
    enum effect effect;
    enum vantage from;
    int timeout_ms;
    size_t output_max_bytes; /* of stdout */
    /* exits[N]: exit status N is an answer, any other blocks the check. Default: only 0. In YAML
     * "exits: [0, 1]" or "exits: any". */
    bool exits[256];
    struct position position;
};

/* What a good answer looks like: a tree of conditions on evidence; judge/judge.h evaluates it. */
enum expectation_kind {
    EXPECT_ALL, /* children */
    EXPECT_ANY, /* children */
    EXPECT_NOT, /* one child */
    EXPECT_MATCH
};

/* What of a probe's result is looked at. */
enum stream { STREAM_STDOUT, STREAM_STDERR, STREAM_EXIT };

/* How values are cut out of the stream; the line of each value is kept. */
enum extraction {
    EXTRACT_LINES,   /* each non-empty line is a value */
    EXTRACT_WHOLE,   /* the whole stream, last line feed cut, is one value */
    EXTRACT_CAPTURE, /* group 1 of pattern extract_text, of each line that matches */
    EXTRACT_COLUMN, /* column extract_number (from 1) of each line, by `separator` or white space */
    EXTRACT_KEY,    /* the value of key extract_text in "key=value", "key: value", "key value" */
    EXTRACT_POINTER /* RFC 6901 pointer extract_text into JSON; an array gives its elements */
};

/* X(name, YAML key, takes)   takes: r pattern, t text, l list, o id of another probe, n number, p
 * number or pair of numbers (lowest, highest), b boolean, d duration ("90d") or date, m file mode,
 * w networks, v version (R of rpm, A of apk), e exit statuses */
#define MATCHERS(X)                                                                                \
    X(MATCHES, "matches", 'r')           /* at least one value matches */                          \
    X(LACKS, "lacks", 'r')               /* no value matches */                                    \
    X(EACH_MATCHES, "each-matches", 'r') /* every value matches, and there is one */               \
    X(EQUALS, "equals", 't')             /* every value equals it, and there is one */             \
    X(ONE_OF, "one-of", 'l')             /* every value is in the list, and there is one */        \
    X(SUBSET_OF, "subset-of", 'l')       /* every value is in the list; no value is fine */        \
    X(CONTAINS_ALL, "contains-all", 'l') /* every member of the list is a value */                 \
    X(AT_MOST, "at-most", 'n')           /* every value is a number <= it, and there is one */     \
    X(AT_LEAST, "at-least", 'n')                                                                   \
    X(BETWEEN, "between", 'p')                                                                     \
    X(COUNT, "count", 'p')   /* the number of values lies in the range; "count: 1" = [1, 1] */     \
    X(EMPTY, "empty", 'b')   /* true: there is no value */                                         \
    X(EXISTS, "exists", 'b') /* true: there is at least one value */                               \
    X(EXIT, "exit", 'e')     /* the probe's exit status is in the list */                          \
    X(OLDER_THAN, "older-than", 'd') /* every value is a date or Unix time before (now - it) */    \
    X(NEWER_THAN, "newer-than", 'd')                                                               \
    X(MODE_AT_MOST, "mode-at-most", 'm') /* every value has no permission bit that it lacks */     \
    X(IN_NETWORKS, "in-networks", 'w')   /* every value is an address in one of them */            \
    X(VERSION_AT_LEAST, "version-at-least", 'v')         /* every value, in the order of dpkg */   \
    X(RPM_VERSION_AT_LEAST, "rpm-version-at-least", 'R') /* ... of rpm */                          \
    X(APK_VERSION_AT_LEAST, "apk-version-at-least", 'A') /* ... of apk */                          \
    X(SAME_AS, "same-as", 'o') /* every value is one of the other probe's, and there is one */     \
    X(DIFFERS_FROM, "differs-from", 'o') /* no value is one of the other probe's */

enum matcher {
#define X(name, text, takes) MATCHER_##name,
    MATCHERS(X)
#undef X
};
const char *matcher_text(enum matcher matcher);

/* What to suggest when a matcher that needs a value finds none ("none: pass" or "none: fail"). */
enum no_value { NO_VALUE_UNDECIDED, NO_VALUE_PASS, NO_VALUE_FAIL };

struct expectation {
    enum expectation_kind kind;
    struct expectation *children;
    size_t child_count;
    /* EXPECT_MATCH: */
    char *probe; /* id of a probe of the same check */
    enum stream stream;
    enum extraction extraction;
    char *extract_text; /* pattern, key or pointer */
    int extract_number; /* column */
    char *separator;    /* of columns; NULL: white space */
    char *select;       /* pattern: only lines that match; NULL: all */
    char *ignore;       /* pattern: but not lines that match; NULL: none */
    enum matcher matcher;
    struct strings arguments; /* of the matcher, as text, with ${parameter} references */
    bool argument_is_true;    /* of empty and exists */
    enum no_value no_value;
    char *otherwise; /* "else": what is wrong when it does not hold; may be on any node */
    struct position position;
};

struct question {
    char *id; /* unique in its check */
    char *text;
    enum answer_type type;
    struct strings options; /* of a choice */
    struct position position;
};

/* "nist-800-53": ["AC-6(2)"] */
struct reference {
    char *framework;
    struct strings numbers;
};

struct check {
    char *id; /* unique in the checklist */
    char *title;
    size_t area; /* index into the checklist's areas */
    enum severity severity;
    enum method method;
    char *why, *how, *fix;  /* "" where the author gave none */
    struct condition *when; /* NULL: always */
    struct check_probe *probes;
    size_t probe_count;
    struct expectation *expectations; /* all have to hold; none: a human decides alone */
    size_t expectation_count;
    struct question *questions;
    size_t question_count;
    struct reference *references;
    size_t reference_count;
    struct digest digest; /* over question, probes and expectations: equal = same check */
    struct position position;
};

struct area {
    char *id, *title;
    struct position position;
};

struct checklist {
    char *id, *title, *version, *summary;
    struct parameter *parameters;
    size_t parameter_count;
    struct named_condition *conditions; /* checks hold copies */
    size_t condition_count;
    struct area *areas;
    size_t area_count;
    struct check *checks; /* in the order of the file, an area's checks together */
    size_t check_count;
    struct digest digest; /* SHA-256 of the source bytes */
    struct buffer source; /* the bytes it was loaded from */
};

void checklist_free(struct checklist *checklist); /* NULL is fine */
DEFINE_AUTO(checklist, checklist_free)
/* NULL when there is none of that id. */
const struct check *checklist_find_check(const struct checklist *checklist, const char *id);
const struct parameter *checklist_find_parameter(const struct checklist *checklist, const char *id);
/* The id of the probe that a match compares with; NULL where it compares with none. Borrowed. */
const char *expectation_other_probe(const struct expectation *expectation);
/* Whether a match, not its children, looks at this probe. */
bool expectation_looks_at(const struct expectation *expectation, const char *probe);
const struct check_probe *check_find_probe(const struct check *check, const char *id);

#endif
