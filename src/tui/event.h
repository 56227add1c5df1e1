/* SPDX-License-Identifier: Apache-2.0 */
/* What comes from the user, whatever brought it here. */
#ifndef TUI_EVENT_H
#define TUI_EVENT_H

#include "key.h"

enum event_kind {
    EVENT_KEY,
    EVENT_CLICK, /* of the left button */
    EVENT_WHEEL_UP,
    EVENT_WHEEL_DOWN,
    EVENT_PASTE,
    EVENT_SYNC /* a test asks to be told when everything before it was handled */
};

struct event {
    enum event_kind kind;
    struct key key;
    int row, column;   /* of the mouse */
    const char *paste; /* borrowed until the next event is read */
    size_t paste_length;
};

#endif
