/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A real OpenSSH server for one test, with a host key, a user key and a configuration of its own
 * in a folder below testing_folder(). It answers on a socket pair ("sshd -i", no port) or on a free
 * port of 127.0.0.1. The login is the account that runs the test. Every failure in here fails the
 * test.
 */
#ifndef SUPPORT_SSHD_H
#define SUPPORT_SSHD_H

#include "base/buffer.h"
#include "base/error.h"

#include <sys/types.h>

struct sshd;

/* Where this is false, a test skips. */
bool sshd_is_installed(void);
/* A new folder with keys; nothing runs yet. */
struct sshd *sshd_new(void) MUST_USE;
/* Ends what still runs. NULL is fine. */
void sshd_free(struct sshd *sshd);

/* Put lines of sshd_config(5) before the fixture's own: the first value of a keyword counts. */
void sshd_configure(struct sshd *sshd, const char *lines);
/* Start one server on a socket pair and return the client's end, which is the caller's. */
int sshd_connect(struct sshd *sshd);
/* The process at the other end of the newest sshd_connect(). */
pid_t sshd_process(const struct sshd *sshd);
/* Start a server that listens, and return its port. Once a fixture. */
int sshd_listen(struct sshd *sshd);

const char *sshd_user(const struct sshd *sshd);             /* the account to log in to */
const char *sshd_identity(const struct sshd *sshd);         /* file of the private key it takes */
const char *sshd_host_key(const struct sshd *sshd);         /* "ssh-ed25519 AAAA..." */
const char *sshd_file(struct sshd *sshd, const char *name); /* a name in its folder */
/* Write a file into its folder, mode 0600, and return its name. */
const char *sshd_write(struct sshd *sshd, const char *name, const char *text);
/* Make a key pair "NAME" and "NAME.pub" in its folder and return the name. PASSPHRASE may be "". */
const char *sshd_make_key(struct sshd *sshd, const char *name, const char *type,
                          const char *passphrase);
/* "type base64" of the public key in the file NAME.pub of its folder; lives as long as SSHD. */
const char *sshd_public_key(struct sshd *sshd, const char *name);
/* Let the key in NAME.pub log in too. */
void sshd_authorize(struct sshd *sshd, const char *name);
/* Run a program to its end, which must be exit status 0. RET_OUTPUT may be NULL. */
void sshd_run(const char *const *arguments, struct buffer *ret_output);

#endif
