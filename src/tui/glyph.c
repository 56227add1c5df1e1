/* SPDX-License-Identifier: Apache-2.0 */
#include "glyph.h"

enum { SPINNER_SIGNS = 8 };

const char *glyph_text(enum glyph glyph, bool ascii)
{
    static const char *const utf8_texts[] = {
#define X(name, utf8, ascii) utf8,
        GLYPHS(X)
#undef X
    };
    static const char *const ascii_texts[] = {
#define X(name, utf8, ascii) ascii,
        GLYPHS(X)
#undef X
    };
    return ascii ? ascii_texts[glyph] : utf8_texts[glyph];
}

enum glyph glyph_spinner(unsigned step)
{
    return (enum glyph)(GLYPH_SPIN_0 + step % SPINNER_SIGNS);
}
