/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the messages say: C structures to the bodies of messages and back. Both readers take nothing
 * on trust: the worker's because a defect in walkdown must not become one in the worker, walkdown's
 * because the worker talks to hostile servers. Structures that were read are released by their
 * owner, also after an error.
 */
#ifndef PROBE_WIRE_H
#define PROBE_WIRE_H

#include "probe/message.h"
#include "probe/plan.h"
#include "target/connection.h"

/* OPEN */
struct wire_open {
    char *spec, *pinned_key, *identity, *known_hosts; /* NULL: none */
    struct hostkey_list jump_keys;
    bool allow_password;
    bool from_reviewer; /* not on the target: on this machine, which looks at it */
};
void wire_open_release(struct wire_open *open);
void wire_write_open(struct buffer *out, const struct wire_open *open);
bool wire_read_open(const struct message *message, struct wire_open *ret_open,
                    struct error *error) MUST_USE;

/* PLAN: the commands travel as raw bytes, exactly as they are; what names them stays here. */
void wire_write_plan(struct buffer *out, const struct plan *plan);
bool wire_read_plan(const struct message *message, struct plan *ret_plan,
                    struct error *error) MUST_USE;

/* ANSWER: SECRET NULL: none will come */
void wire_write_answer(struct buffer *out, bool accept, const char *secret);

/* PROGRESS */
void wire_write_progress(struct buffer *out, const char *text);

/* HOSTKEY */
struct wire_hostkey {
    struct hostkey hostkey;
    enum hostkey_verdict verdict;
    char *where;
};
void wire_hostkey_release(struct wire_hostkey *hostkey);
void wire_write_hostkey(struct buffer *out, const struct wire_hostkey *hostkey);
bool wire_read_hostkey(const struct message *message, struct wire_hostkey *ret_hostkey,
                       struct error *error) MUST_USE;

/* PROMPT; the text lives as long as MESSAGE */
void wire_write_prompt(struct buffer *out, const struct prompt *prompt);
bool wire_read_prompt(const struct message *message, struct prompt *ret_prompt,
                      struct error *error) MUST_USE;

/* CONNECTED; the texts live as long as MESSAGE, but the list of jump hosts is the reader's */
void wire_write_identity(struct buffer *out, const struct connection_identity *identity);
void wire_read_identity(const struct message *message, struct connection_identity *ret_identity);

/* BEGUN */
void wire_write_begun(struct buffer *out, size_t step);
bool wire_read_begun(const struct message *message, size_t step, struct error *error) MUST_USE;

/* RESULT of STEP of PLAN, which bounds what it may hold */
void wire_write_result(struct buffer *out, const struct step_result *result);
bool wire_read_result(const struct message *message, const struct plan *plan, size_t step,
                      struct step_result *ret_result, struct error *error) MUST_USE;

/* FAILED */
void wire_write_error(struct buffer *out, const struct error *error);
void wire_read_error(const struct message *message, struct error *ret_error);

#endif
