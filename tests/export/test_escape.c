/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"

#include "support/testing.h"

struct example {
    const char *input, *expected;
};

static void assert_text(struct buffer *out, const char *expected)
{
    assert_string_equal(buffer_text(out), expected);
    buffer_release(out);
}

static void markup_becomes_text_in_html(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"plain", "plain"},
        {"<b>&amp;\"'`", "&lt;b&gt;&amp;amp;&quot;&#39;&#96;"},
        {"caf\u00E9 \u4E2D", "caf\u00E9 \u4E2D"},
        {"a\x1b[2J", "a<span class=\"esc\">&lt;1B&gt;</span>[2J"},
        {"\u202E\u2066x", "<span class=\"esc\">&lt;U+202E&gt;&lt;U+2066&gt;</span>x"},
        {"\xff", "<span class=\"esc\">&lt;FF&gt;</span>"},
        {"<1B>", "<span class=\"esc\">&lt;3C&gt;</span>1B&gt;"},
        {"a\tb\nc",
         "a<span class=\"esc\">&lt;09&gt;</span>b<span class=\"esc\">&lt;0A&gt;</span>c"},
        {"", ""},
    };
    for (size_t i = 0; i < LENGTH(examples); i++) {
        struct buffer out = {0};
        escape_html_text(&out, examples[i].input, ESCAPE_ONE_LINE);
        assert_text(&out, examples[i].expected);
    }
}

static void a_layout_says_what_stays_of_lines_and_tabs(void **state)
{
    (void)state;
    struct buffer out = {0};
    escape_plain(&out, "a\tb\r\nc\td\re\n", ESCAPE_MANY_LINES);
    assert_text(&out, "a       b\nc       d<0D>e\n");
    escape_plain(&out, "a\tb\r\nc", ESCAPE_SOURCE_LINE);
    assert_text(&out, "a       b<0D><0A>c");
    escape_plain(&out, "a\tb\r\nc", ESCAPE_ONE_LINE);
    assert_text(&out, "a<09>b<0D><0A>c");
}

static void an_attribute_has_no_markup_at_all(void **state)
{
    (void)state;
    struct buffer out = {0};
    escape_html_attribute(&out, "\" onload=\"x\x1b\n<i>'`");
    assert_text(&out, "&quot; onload=&quot;x&lt;1B&gt;&lt;0A&gt;&lt;i&gt;&#39;&#96;");
}

static void constructs_of_markdown_become_text(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"plain text, 12 of 14 (done)", "plain text, 12 of 14 (done)"},
        {"<b>bold</b>", "\\<b>bold\\</b>"},
        {"**bold** _it_ a_b", "\\*\\*bold\\*\\* \\_it\\_ a_b"},
        {"[x](javascript:alert)", "\\[x\\](javascript:alert)"},
        {"![x](y)", "!\\[x\\](y)"},
        {"`code` ~~gone~~ $x$", "\\`code\\` \\~\\~gone\\~\\~ \\$x\\$"},
        {"a | b \\", "a \\| b \\\\"},
        {"https://evil.example www.evil.example", "https\\://evil.example www\\.evil.example"},
        {"SHA256:/zBp", "SHA256:/zBp"},
        {"&amp; & &#35;", "\\&amp; & \\&#35;"},
        {"# heading", "\\# heading"},
        {"> quote", "\\> quote"},
        {"- item", "\\- item"},
        {"+ item", "\\+ item"},
        {"=== ", "\\=== "},
        {"12. item", "12\\. item"},
        {"1) item", "1\\) item"},
        {"1.2.3", "1\\.2.3"},
        {"2026-11-23", "2026-11-23"},
        {"    indented", "indented"},
        {"a\nb", "a\\<0A>b"},
        {":--", "\\:--"},
        {"closed #", "closed \\#"},
    };
    for (size_t i = 0; i < LENGTH(examples); i++) {
        struct buffer out = {0};
        escape_markdown_text(&out, examples[i].input);
        assert_text(&out, examples[i].expected);
    }
}

static void only_the_start_of_a_block_needs_its_markers_escaped(void **state)
{
    (void)state;
    struct buffer out = {0};
    markdown_put(&out, "Name: %s\n- %s\n", "- 1. > x", "# x");
    assert_text(&out, "Name: - 1. > x\n- \\# x\n");
}

static void a_code_span_outlasts_its_backticks(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"sshd -T", "`sshd -T`"}, {"a`b", "``a`b``"},   {"`a", "`` `a ``"}, {"``", "``` `` ```"},
        {" a ", "`  a  `"},       {"a\nb", "`a<0A>b`"}, {"", ""},
    };
    for (size_t i = 0; i < LENGTH(examples); i++) {
        struct buffer out = {0};
        escape_markdown_code(&out, examples[i].input);
        assert_text(&out, examples[i].expected);
    }
}

static void a_fence_is_longer_than_any_run_of_backticks_in_it(void **state)
{
    (void)state;
    struct buffer out = {0};
    escape_markdown_block(&out, "plain");
    assert_text(&out, "```text\nplain\n```\n");
    escape_markdown_block(&out, "```\n</x>\x1b\n`````\n");
    assert_text(&out, "``````text\n```\n</x><1B>\n`````\n``````\n");
    escape_markdown_block(&out, "");
    assert_text(&out, "```text\n```\n");
}

static void a_quote_keeps_every_line_in_itself(void **state)
{
    (void)state;
    struct buffer out = {0};
    escape_markdown_quote(&out, "one\n# two\n\n    three\\\n\n\n");
    assert_text(&out, "> one\\\n> \\# two\n>\n> three\\\\\n");
    escape_markdown_quote(&out, "");
    assert_text(&out, "");
}

static void a_cell_is_quoted_and_no_formula(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"plain", "\"plain\""}, {"", "\"\""},           {"a \"b\", c;d", "\"a \"\"b\"\", c;d\""},
        {"=1+1", "\"'=1+1\""},  {"+1", "\"'+1\""},      {"-1", "\"'-1\""},
        {"@x", "\"'@x\""},      {"  =1", "\"'  =1\""},  {"\t=1", "\"'        =1\""},
        {"\n=1", "\"'\n=1\""},  {"\r=1", "\"<0D>=1\""}, {"\uFF1D1", "\"'\uFF1D1\""},
        {"'x", "\"''x\""},      {"a\r\nb", "\"a\nb\""}, {"a\u202Eb\xff", "\"a<U+202E>b<FF>\""},
    };
    for (size_t i = 0; i < LENGTH(examples); i++) {
        struct buffer out = {0};
        escape_csv_cell(&out, examples[i].input);
        assert_text(&out, examples[i].expected);
    }
}

static void a_template_escapes_for_where_an_argument_stands(void **state)
{
    (void)state;
    struct buffer out = {0};
    html_put(&out, "<a title=\"%s\">%s %d %zu %lld 100%%</a>", "\x1b\"<", "\x1b\"<", -3, (size_t)4,
             5LL);
    assert_text(&out, "<a title=\"&lt;1B&gt;&quot;&lt;\"><span class=\"esc\">&lt;1B&gt;</span>"
                      "&quot;&lt; -3 4 5 100%</a>");
    markdown_put(&out, "*%s* %zu%%", "*", (size_t)7);
    assert_text(&out, "*\\** 7%");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_becomes_text_in_html),
        cmocka_unit_test(a_layout_says_what_stays_of_lines_and_tabs),
        cmocka_unit_test(an_attribute_has_no_markup_at_all),
        cmocka_unit_test(constructs_of_markdown_become_text),
        cmocka_unit_test(only_the_start_of_a_block_needs_its_markers_escaped),
        cmocka_unit_test(a_code_span_outlasts_its_backticks),
        cmocka_unit_test(a_fence_is_longer_than_any_run_of_backticks_in_it),
        cmocka_unit_test(a_quote_keeps_every_line_in_itself),
        cmocka_unit_test(a_cell_is_quoted_and_no_formula),
        cmocka_unit_test(a_template_escapes_for_where_an_argument_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
