/* SPDX-License-Identifier: Apache-2.0 */
/* The values that an expectation looks at, cut out of a probe's result one after the other. */
#ifndef JUDGE_VALUES_H
#define JUDGE_VALUES_H

#include "base/error.h"
#include "testimony.h"

struct value {
    const char *text;
    size_t length;
    size_t line; /* from 1; 0: of no line (an exit status, a value of JSON) */
};

/* Who gets the values: FUNCTION is called for each; false ends the search for more. */
struct value_sink {
    bool (*function)(void *context, const struct value *value);
    void *context;
};

/* Hand each value to SINK. False, with the reason in ERROR, when the values cannot be cut out: no
 * JSON, an expression that does not compile or takes too long. */
bool values_each(const struct expectation *expectation, const struct parameters *parameters,
                 const struct testimony *testimony, const struct value_sink *sink,
                 struct error *error) MUST_USE;
/* The same for the JSON text BYTES and an RFC 6901 pointer. */
bool values_each_of_json(const char *bytes, size_t length, const char *pointer,
                         const struct value_sink *sink, struct error *error) MUST_USE;

#endif
