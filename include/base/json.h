/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON (RFC 8259) by way of jansson: the one header through which the other rooms see it. Bytes in
 * JSON text are always valid UTF-8: json_text() makes them so.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buffer.h"
#include "base/error.h"

#include <jansson.h>

/* An owning local: AUTO_JSON json_t *body = json_object(); */
#define AUTO_JSON __attribute__((cleanup(json_decref_auto)))
static inline UNUSED void json_decref_auto(json_t **json)
{
    json_decref(*json);
}

/* Parse a whole document. Duplicate keys and, by jansson, a depth above 2048 are refused. New
 * reference. */
bool json_parse(const char *text, size_t length, json_t **ret_json, struct error *error) MUST_USE;
/* Append the compact form, keys in the order of insertion. Characters that act on a terminal or
 * hide (DEL, C1, bidirectional controls, zero-width, tags) are written as \u escapes. */
void json_write(struct buffer *buffer, const json_t *json);
/* Append the form for a reader, indented by 2, with a line feed at the end. */
void json_write_pretty(struct buffer *buffer, const json_t *json);
/* A string of any bytes: what is no valid UTF-8 becomes U+FFFD. NULL gives JSON null. */
json_t *json_text(const char *text) MUST_USE;
json_t *json_text_length(const char *bytes, size_t length) MUST_USE;

/* Members with a default where they are missing or of another type; a text that holds a NUL counts
 * as another type. Borrowed from OBJECT. */
const char *json_member_text(const json_t *object, const char *key, const char *otherwise);
int64_t json_member_integer(const json_t *object, const char *key, int64_t otherwise);
bool json_member_bool(const json_t *object, const char *key, bool otherwise);

#endif
