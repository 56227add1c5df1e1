/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes from outside, quoted in a reason. */
#ifndef JUDGE_QUOTE_H
#define JUDGE_QUOTE_H

#include "base/buffer.h"

#define QUOTE_MAX_BYTES  120
#define DETAIL_MAX_BYTES 420
#define REASON_MAX_BYTES 2000

/* Append 'BYTES', shortened, as valid UTF-8 on one line. */
void quote_append(struct buffer *text, const char *bytes, size_t length);
/* The same for a string. */
void quote_append_text(struct buffer *text, const char *string);
/* The same for what is known of an outcome: what the target said stands at its end. */
void quote_append_detail(struct buffer *text, const char *detail);
/* Append SENTENCE behind "; " unless it is there already, or TEXT is long enough. */
void quote_append_sentence(struct buffer *text, const char *sentence);

#endif
