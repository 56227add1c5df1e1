/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mappings read by table: each kind of mapping has a table of its keys, and each key the function
 * that reads its value into a member of a struct. What is wrong becomes a diagnostic; the reading
 * goes on, and the struct stays fit for checklist_free().
 */
#ifndef CHECKLIST_KEYS_H
#define CHECKLIST_KEYS_H

#include "checklist/parameters.h"
#include "diagnostics.h"
#include "node.h"
#include "terms.h"

/* What readers share. */
struct reader {
    struct checklist *checklist;
    struct diagnostics *diagnostics;
    struct parameters defaults; /* good once the parameters are read */
    struct check *check;        /* the one being read */
    size_t copied_bytes;        /* of named conditions */
};

enum key_need { KEY_OPTIONAL, KEY_REQUIRED };

struct key {
    const char *name;
    enum key_need need;
    void (*read)(struct reader *reader, const struct node *value, void *member);
    size_t offset; /* of the member in the struct */
};

struct key_table {
    const char *object; /* "a check" */
    const struct key *keys;
    size_t count;
};

/* All tables, in the order of docs/checklist-format.md. */
extern const struct key_table checklist_keys, parameter_keys, area_keys, check_keys, probe_keys,
    question_keys, expectation_keys, condition_keys, named_condition_keys, fixtures_keys,
    fixture_keys, fixture_answer_keys;

/* Read the keys of a mapping in the order of TABLE into OBJECT. False when VALUE is no mapping. */
bool reader_mapping(struct reader *reader, const struct node *value, const struct key_table *table,
                    void *object);
/* True when VALUE is a list; else a diagnostic says that WHAT was expected to be one. */
bool reader_expect_list(struct reader *reader, const struct node *value, const char *what) MUST_USE;
/* The text of VALUE, or NULL and a diagnostic when it is no text, or an empty one. */
const char *reader_expect_text(struct reader *reader, const struct node *value);
/* An error at VALUE's place. */
void reader_error(struct reader *reader, const struct node *value, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Readers of one value each. */
void reader_id(struct reader *reader, const struct node *value, void *member);   /* char * */
void reader_line(struct reader *reader, const struct node *value, void *member); /* char * */
void reader_text(struct reader *reader, const struct node *value, void *member); /* char * */
/* struct strings: a list of texts, or one text. */
void reader_texts(struct reader *reader, const struct node *value, void *member);
void reader_bool(struct reader *reader, const struct node *value, void *member); /* bool */
/* The index of a term; false and a diagnostic when there is no such term. */
bool reader_term(struct reader *reader, const struct node *value, const struct terms *terms,
                 size_t *ret_index) MUST_USE;
/* A whole number written in decimal digits from LOWEST to HIGHEST. */
bool reader_parse_whole(const char *text, int64_t lowest, int64_t highest,
                        int64_t *ret_number) MUST_USE;
/* A whole number followed by one of UNITS, each of which is "name" x factor; "" is a unit too. */
struct unit {
    const char *name;
    int64_t factor;
};
bool reader_parse_with_unit(const char *text, const struct unit *units, size_t unit_count,
                            int64_t *ret_number) MUST_USE;
/* [a-z0-9][a-z0-9-]{0,62} */
bool reader_is_id(const char *text, size_t length);

#endif
