/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values that are more than text: decimal numbers, ages, dates and versions, as they stand in a
 * checklist and in evidence. Strict: a text is one of them from its first byte to its last, or it
 * is not. Independent of the locale and of the size of the machine's numbers.
 */
#ifndef CHECKLIST_VALUE_H
#define CHECKLIST_VALUE_H

#include "base/memory.h"

/* Longest text that can be one of these. */
#define VALUE_MAX_BYTES 256

/* "-12", "+3.50": an optional sign, digits, an optional fraction. */
bool decimal_is_valid(const char *text);
/* Below, equal or above 0 as A is below, equal to or above B; both valid. Exact at any length. */
int decimal_compare(const char *a, const char *b);

/* "90d": digits and one of s m h d w. */
bool age_parse(const char *text, int64_t *ret_ms) MUST_USE;
/* Milliseconds since 1970 of "2026-01-31", "2026-01-31 20:15", "2026-01-31T20:15:01.25+02:00" (ISO
 * 8601, RFC 3339; without a zone UTC) or of seconds since 1970 with an optional fraction. */
bool moment_parse(const char *text, int64_t *ret_ms) MUST_USE;

/* A version begins with a digit, after an optional 'v', and is made of letters, digits and
 * ". + - ~ : _". */
bool version_is_valid(const char *text);
/* As decimal_compare(), in the order of dpkg: deb-version(7). */
int version_compare(const char *a, const char *b);
/* "[EPOCH:]VERSION[-RELEASE]" in the order of rpm: rpm-version(7). VERSION begins with a digit and
 * is made, as RELEASE is, of letters, digits and ". _ + ~ ^"; of two that are equal but for the
 * RELEASE that one lacks, the one with it is later. */
bool rpm_version_is_valid(const char *text);
int rpm_version_compare(const char *a, const char *b);
/* "1.2.3b_rc1~c0ffee-r4" in the order of apk: apk-package(5). Where that page is silent, as apk 3
 * does: a number behind a point that begins with 0 is compared as text ("1.05" before "1.5"). */
bool apk_version_is_valid(const char *text);
int apk_version_compare(const char *a, const char *b);

/* The twelve permission bits of "640", "0640", "4755" or, as ls prints them, "-rwsr-x---", which
 * may end in one of "+.@". */
bool mode_parse(const char *text, unsigned *ret_bits) MUST_USE;
bool mode_is_valid(const char *text);

/* "10.0.0.0/8", "fd00::/8" or one address; the bits behind the prefix do not count. */
bool network_is_valid(const char *text);
/* An IPv4 or IPv6 address, perhaps in brackets, perhaps with a zone ("fe80::1%eth0"). */
bool address_is_valid(const char *text);
/* True when ADDRESS lies in NETWORK, both valid; an IPv4 address written as IPv6 counts as IPv4. */
bool network_contains(const char *network, const char *address);

#endif
