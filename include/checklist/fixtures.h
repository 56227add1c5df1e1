/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recorded outputs of probes, kept beside a checklist, with the suggestion that each has to lead
 * to: a file fixtures/ID.yaml in the folder of the checklist, read by the same rules of YAML.
 * docs/checklist-format.md describes it. Knows no judge: what is suggested is a text here.
 */
#ifndef CHECKLIST_FIXTURES_H
#define CHECKLIST_FIXTURES_H

#include "checklist/load.h"

/* What a probe said, or the check's condition (probe "when"). */
struct fixture_answer {
    char *probe;
    char *outcome; /* "done" */
    int exit_status;
    char *out, *err; /* whole lines; "" for nothing */
    struct position position;
};

/* A value that a review gives to a parameter. */
struct fixture_parameter {
    char *id;
    struct strings values;
    struct position position;
};

struct fixture {
    char *check;
    char *suggests; /* the suggestion expected */
    char *note;     /* what it shows; "" for nothing */
    char *now;      /* when it is judged, for ages; NULL: now */
    struct fixture_parameter *parameters;
    size_t parameter_count;
    struct fixture_answer *answers;
    size_t answer_count;
    struct position position;
};

struct fixtures {
    char *checklist; /* the id */
    struct fixture *items;
    size_t count;
};

void fixtures_free(struct fixtures *fixtures); /* NULL is fine */
DEFINE_AUTO(fixtures, fixtures_free)

/* FOLDER/fixtures/ID.yaml of the checklist at PATH. */
char *fixtures_path(const char *path, const char *checklist) MUST_USE;
/* As checklist_load_file(). ERROR_NOT_FOUND: there is no such file. */
bool fixtures_load_file(const char *path, struct fixtures **ret_fixtures,
                        struct diagnostics *diagnostics, struct error *error) MUST_USE;
/* The same from bytes. */
bool fixtures_load(const void *bytes, size_t length, struct fixtures **ret_fixtures,
                   struct diagnostics *diagnostics, struct error *error) MUST_USE;

/* Append FIXTURE as an item of the list `fixtures`. ERROR_UNSUPPORTED: it holds bytes or lengths
 * that YAML cannot. */
bool fixture_write(const struct fixture *fixture, struct buffer *text,
                   struct error *error) MUST_USE;
/* Append the lines before the first item. */
void fixtures_write_head(const char *checklist, struct buffer *text);

#endif
