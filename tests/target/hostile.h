/* SPDX-License-Identifier: Apache-2.0 */
/* A server that does not behave: a child process at the other end of a socket pair. */
#ifndef TARGET_HOSTILE_H
#define TARGET_HOSTILE_H

#include <sys/types.h>

/* X(name): what it does. Those from PASSWORD on speak SSH with the key in HOST_KEY. */
#define HOSTILE_MANNERS(X)                                                                         \
    X(SILENT)          /* never says anything */                                                   \
    X(HALF_BANNER)     /* "SSH-2.0-" and nothing more */                                           \
    X(OTHER_PROTOCOL)  /* talks HTTP */                                                            \
    X(NOISE)           /* bytes without any meaning */                                             \
    X(ENDLESS_BANNER)  /* lines before its banner, for ever */                                     \
    X(BANNER_ONLY)     /* a banner, then no key exchange */                                        \
    X(HANGS_UP)        /* closes at once */                                                        \
    X(SLOW)            /* one byte of its banner a tenth of a second */                            \
    X(PASSWORD)        /* takes only the password "secret" */                                      \
    X(QUESTIONS)       /* keyboard-interactive: two questions, "one" and "two" */                  \
    X(MANY_QUESTIONS)  /* asks for ever */                                                         \
    X(NO_QUESTIONS)    /* offers questions, has none, takes the password "secret" */               \
    X(MUTE_LOGIN)      /* never answers a login */                                                 \
    X(RUDE)            /* refuses with escape sequences and hangs up */                            \
    X(OPENS_CHANNELS)  /* after the login, opens channels of all kinds towards us */               \
    X(NO_CHANNEL)      /* never answers the request for a channel */                               \
    X(REFUSES_CHANNEL) /* refuses it */                                                            \
    X(NO_SHELL)        /* never answers the request for a shell */                                 \
    X(REFUSES_SHELL)   /* refuses it */                                                            \
    X(TWO_STATUSES)    /* ends the shell with two different exit statuses */                       \
    X(ODD_STATUS)      /* ends it with exit status 0xffffffff */                                   \
    X(NO_STATUS)       /* ends it with none */                                                     \
    X(SIGNAL)          /* ends it with an exit signal of escape sequences */                       \
    X(HUNG_END)        /* says that the output is over, and never closes */                        \
    X(FLOOD)           /* a gigabyte on one line, without a frame */                               \
    X(CUT)             /* hangs up in the middle of the output */                                  \
    X(BEHIND_CLOSE)    /* gives every frame but the last, closes, and sends that one still */

enum hostile_manner {
#define X(name) HOSTILE_##name,
    HOSTILE_MANNERS(X)
#undef X
};

/* Start one; returns the client's end, which is the caller's. HOST_KEY: file of a private key. */
int hostile_start(enum hostile_manner manner, const char *host_key, pid_t *ret_process);
/* End it. */
void hostile_stop(pid_t process);

#endif
