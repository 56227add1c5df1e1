/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may talk to what, as a file of targets declares it: one text a rule,
 *
 *     FROM -> TO[:PORTS][/PROTOCOL] allow|deny
 *
 * PORTS is "443", "22,80" or "8000-8010". An IPv6 address stands in brackets where ports follow.
 * Who FROM and TO are is known to the file that holds the rule.
 */
#ifndef CHECKLIST_FLOW_RULE_H
#define CHECKLIST_FLOW_RULE_H

#include "base/error.h"

#define FLOW_RULES_MAX  1000 /* of a file */
#define FLOW_RANGES_MAX 32   /* of a rule */
#define FLOW_PORTS_MAX  1024 /* of a rule, ranges counted out */

/* X(name, text, family, is UDP): family 4, 6, or 0 for both */
#define FLOW_PROTOCOLS(X)                                                                          \
    X(TCP, "tcp", 0, false)                                                                        \
    X(TCP4, "tcp4", 4, false)                                                                      \
    X(TCP6, "tcp6", 6, false)                                                                      \
    X(UDP, "udp", 0, true)                                                                         \
    X(UDP4, "udp4", 4, true)                                                                       \
    X(UDP6, "udp6", 6, true)

enum flow_protocol {
#define X(name, text, family, is_udp) FLOW_##name,
    FLOW_PROTOCOLS(X)
#undef X
};
const char *flow_protocol_text(enum flow_protocol protocol);
bool flow_protocol_parse(const char *text, enum flow_protocol *ret_protocol) MUST_USE;
int flow_protocol_family(enum flow_protocol protocol);
bool flow_protocol_is_udp(enum flow_protocol protocol);

/* X(word, ports): destinations that each vantage has its own of, and the ports when none is said */
#define FLOW_WORDS(X)                                                                              \
    X("metadata", "80") /* 169.254.169.254 and fd00:ec2::254 */                                    \
    X("gateway", "22,80,443")                                                                      \
    X("dns", "53")                   /* the servers that /etc/resolv.conf names */                 \
    X("neighbours", "22,80,443,445") /* of the tables of ARP and neighbour discovery */            \
    X("internet", "443")             /* 1.1.1.1 and 2606:4700:4700::1111 */

/* The ports of a word; NULL: it is none. */
const char *flow_word_ports(const char *word);

struct flow_ports {
    struct flow_range {
        int first, last;
    } ranges[FLOW_RANGES_MAX];
    size_t range_count;
    size_t total; /* ranges counted out */
};
/* ERROR_INVALID says what is wrong with TEXT. */
bool flow_ports_parse(const char *text, struct flow_ports *ret_ports, struct error *error) MUST_USE;

struct flow_rule {
    char *from, *to; /* the address without its brackets */
    char *ports;     /* as it is written; for a word without ports those of the word */
    enum flow_protocol protocol;
    bool is_allowed;
};
void flow_rule_release(struct flow_rule *rule);
/* ERROR_INVALID names the part that is wrong and how it should be. */
bool flow_rule_parse(const char *text, struct flow_rule *ret_rule, struct error *error) MUST_USE;

/* 4 or 6 for an address, 0 for anything else. */
int flow_address_family(const char *text);
/* Could be the name of a host: letters, digits, '.', '_', '-'; no option and no path. */
bool flow_is_host_name(const char *text);

#endif
