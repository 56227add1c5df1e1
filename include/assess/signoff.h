/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sign-off: what stands in its way, the text that is signed, the signature by ssh-keygen -Y (keys
 * in files and in an agent), and the verification of a whole file.
 */
#ifndef ASSESS_SIGNOFF_H
#define ASSESS_SIGNOFF_H

#include "assess/session.h"
#include "review/verify.h"

enum preflight_level { PREFLIGHT_OK, PREFLIGHT_WARNING, PREFLIGHT_PROBLEM };

/* One line of the list before a sign-off. */
struct preflight_point {
    enum preflight_level level;
    char *text;
    size_t count; /* of items it speaks about */
};
struct preflight {
    struct preflight_point *points;
    size_t point_count;
    size_t problem_count, warning_count;
};
void preflight_release(struct preflight *preflight);
bool session_preflight(struct session *session, struct preflight *ret_preflight,
                       struct error *error) MUST_USE;

struct signing {
    const char *key;       /* private key file; or a .pub file whose private half an agent holds */
    const char *role;      /* "reviewer", "approver" */
    const char *statement; /* may be NULL */
    bool despite_problems; /* sign although the preflight names problems; they stand in the manifest
                            */
};
/* The text that would be signed now; free with free(). */
bool session_manifest(struct session *session, const struct signing *signing, char **ret_text,
                      struct error *error) MUST_USE;
/* Whether session_sign() would be refused; the key need not be given. ERROR_DENIED says why. */
bool session_check_sign(struct session *session, const struct signing *signing,
                        struct error *error) MUST_USE;
/* Run ssh-keygen on our terminal (it may ask for a passphrase or a touch) and record the sign-off.
 * Leave the alternate screen before. */
bool session_sign(struct session *session, const struct signing *signing,
                  struct error *error) MUST_USE;

/* Whose signatures count. NULL: allowed_signers and revoked_keys in the config folder, where they
 * are. */
struct verify_keys {
    const char *allowed_signers;
    const char *revoked; /* a KRL or a list of public keys */
};
/* Verify a file that may come from a stranger: review_verify() in a confined process of its own,
 * then here what needs other files and programs: known heads, every signature with ssh-keygen -Y
 * verify (without a list of allowed signers they stay unchecked, which is noted), and what the
 * review's policy asks of the keys that signed. */
void assess_verify(const char *path, const struct verify_keys *keys,
                   struct verify_report *ret_report);
/* The answer for the session's own file, without signatures; kept until the file changes. It is
 * found in this process, which has the file open anyway.
 * RET_PROBLEM: the first problem, "" when there is none, borrowed until the next call. */
enum verify_answer session_verify(struct session *session, const char **ret_problem);
/* Find out the same in the background, with signatures as assess_verify() checks them: PROGRAM,
 * which is walkdown, is run with "verify". The answer comes as the event "verified"; where nothing
 * was written meanwhile, session_verify() knows it as well. Needs the session's loop. */
bool session_verify_start(struct session *session, const char *program,
                          struct error *error) MUST_USE;

#endif
