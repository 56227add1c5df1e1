/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything a key can do, in one list. It feeds the enum, the names in the user's key file, the
 * default keys, the hints at the bottom, the help, the palette and `walkdown keys`.
 */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include "base/buffer.h"

/* Where keys go. X(name, text, bit) */
#define CONTEXTS(X)                                                                                \
    X(START, "start", 0)                                                                           \
    X(OVERVIEW, "overview", 1)                                                                     \
    X(WALK, "walk", 2)                                                                             \
    X(WALK_SEARCH, "walk-search", 3) /* walk, while a search is on */                              \
    X(EVIDENCE, "evidence", 4)                                                                     \
    X(FINDINGS, "findings", 15)                                                                    \
    X(FLEET, "fleet", 16) /* all targets, over a screen */                                         \
    X(ACCESS, "access", 5)                                                                         \
    X(FLOWS, "flows", 6)                                                                           \
    X(HISTORY, "history", 7)                                                                       \
    X(SIGNOFF, "sign-off", 8)                                                                      \
    X(VIEWER, "viewer", 9)  /* a longer text over the screen */                                    \
    X(FORM, "form", 10)     /* fields to be filled in */                                           \
    X(EDITOR, "editor", 11) /* text of several lines */                                            \
    X(LINE, "line", 12)     /* text of one line */                                                 \
    X(CHOICE, "choice", 13) /* a list that is narrowed by typing */                                \
    X(DIALOG, "dialog", 14) /* a question that keys answer */

enum context {
#define X(name, text, bit) CONTEXT_##name = 1 << (bit),
    CONTEXTS(X)
#undef X
};

enum {
    ON_WALK = CONTEXT_WALK | CONTEXT_WALK_SEARCH,
    ON_TABS = CONTEXT_OVERVIEW | ON_WALK | CONTEXT_EVIDENCE | CONTEXT_FINDINGS | CONTEXT_ACCESS |
              CONTEXT_FLOWS | CONTEXT_HISTORY | CONTEXT_SIGNOFF,
    ON_SCREENS = CONTEXT_START | CONTEXT_FLEET | ON_TABS,
    ON_PAGERS = CONTEXT_EVIDENCE | CONTEXT_VIEWER,
    ON_LISTS = CONTEXT_START | CONTEXT_OVERVIEW | ON_WALK | CONTEXT_FINDINGS | CONTEXT_ACCESS |
               CONTEXT_FLOWS | CONTEXT_HISTORY | CONTEXT_SIGNOFF | CONTEXT_FLEET,
    ON_TEXT = CONTEXT_EDITOR | CONTEXT_LINE | CONTEXT_CHOICE | CONTEXT_FORM,
};

/* X(name, text, contexts, default keys, hint ("": not among the hints), help)
 * The order is the order of the hints. */
#define ACTIONS(X)                                                                                 \
    X(PASS, "pass", ON_WALK, "p", "pass", "Decide: pass, and go to the next open check")           \
    X(FAIL, "fail", ON_WALK, "f", "fail", "Decide: fail, and go to the next open check")           \
    X(NOT_APPLICABLE, "not-applicable", CONTEXT_WALK, "n", "n/a",                                  \
      "Decide: not applicable, and go to the next open check")                                     \
    X(ACCEPT, "accept", ON_WALK, "a", "accept", "Decide as the suggestion says")                   \
    X(ACCEPT_ALL, "accept-suggested", CONTEXT_OVERVIEW, "a", "accept",                             \
      "Confirm what is suggested in bulk, in the area or everywhere")                              \
    X(NEXT_OPEN, "next-open", ON_WALK, "<Tab>", "next", "Go to the next open check")               \
    X(APPROVE, "approve", CONTEXT_ACCESS, "a", "approve",                                          \
      "Approve this account as it is shown, and go to the next one")                               \
    X(APPROVE_INERT, "approve-inert", CONTEXT_ACCESS, "A", "inert",                                \
      "Approve every account that can neither log in nor become root")                             \
    X(QUESTION, "question", CONTEXT_ACCESS, "c", "question",                                       \
      "Question this account: say what has to be explained")                                       \
    X(NEXT_ACCOUNT, "next-account", CONTEXT_ACCESS, "<Tab>", "next",                               \
      "Go to the next account that needs a word")                                                  \
    X(WRITE_UP, "write-up", CONTEXT_FINDINGS | ON_WALK | CONTEXT_EVIDENCE, "F", "write up",        \
      "Write up a finding of this check, or edit it")                                              \
    X(NEW_FINDING, "new-finding", CONTEXT_FINDINGS, "n", "new",                                    \
      "Write up something that no check asks for")                                                 \
    X(FINDING_STATE, "finding-state", CONTEXT_FINDINGS, "s", "state",                              \
      "Change the state of the finding")                                                           \
    X(ACCEPT_RISK, "accept-risk", CONTEXT_FINDINGS, "a", "accept risk",                            \
      "Record that somebody accepts the risk until a day, or change that")                         \
    X(END_ACCEPTANCE, "end-acceptance", CONTEXT_FINDINGS, "A", "",                                 \
      "End the acceptance of a risk before its last day")                                          \
    X(SHOW_EVIDENCE, "evidence-of-check", ON_WALK | CONTEXT_FINDINGS | CONTEXT_ACCESS, "e",        \
      "evidence", "Read the evidence of this check")                                               \
    X(FLEET_VIEW, "fleet-view", CONTEXT_FLEET, "v", "one check",                                   \
      "Switch between areas and one check across all targets")                                     \
    X(RUN, "run", CONTEXT_OVERVIEW | ON_WALK | CONTEXT_EVIDENCE | CONTEXT_ACCESS | CONTEXT_FLEET,  \
      "r", "run",                                                                                  \
      "Gather evidence: in Walk and Evidence for this check, else from all targets or this one")   \
    X(RUN_ALL, "run-all", CONTEXT_OVERVIEW | ON_WALK | CONTEXT_EVIDENCE | CONTEXT_FLEET, "R", "",  \
      "Gather evidence for every check from every target")                                         \
    X(MEASURE, "measure", CONTEXT_FLOWS, "r", "measure",                                           \
      "Measure flows from every target, after your consent")                                       \
    X(MEASURE_WITH, "measure-with", CONTEXT_FLOWS, "o", "options",                                 \
      "Measure flows with a rate, tools and targets of your choice")                               \
    X(MEASURE_MAP, "measure-map", CONTEXT_FLOWS, "R", "ask for map",                               \
      "Ask every target what it shows of itself, for the map alone: no connection is made")        \
    X(RUN_ASK, "run-and-ask", CONTEXT_OVERVIEW | ON_WALK, "", "",                                  \
      "Gather evidence; choose first about commands that change something, and about passwords")   \
    X(STOP, "stop",                                                                                \
      CONTEXT_OVERVIEW | ON_WALK | CONTEXT_EVIDENCE | CONTEXT_ACCESS | CONTEXT_FLEET |             \
          CONTEXT_FLOWS,                                                                           \
      "X <C-c>", "", "Stop gathering evidence, or measuring flows")                                \
    X(UNDO, "undo",                                                                                \
      CONTEXT_OVERVIEW | ON_WALK | CONTEXT_FINDINGS | CONTEXT_HISTORY | CONTEXT_ACCESS, "u",       \
      "undo",                                                                                      \
      "Take back your newest decision, answer, comment, attachment, finding, acceptance or word")  \
    X(REDO, "redo",                                                                                \
      CONTEXT_OVERVIEW | ON_WALK | CONTEXT_FINDINGS | CONTEXT_HISTORY | CONTEXT_ACCESS, "<C-r>",   \
      "", "Take back your newest undo")                                                            \
    X(DISPUTES, "disputes", CONTEXT_OVERVIEW, "d", "disputes",                                     \
      "Go to the checks that two reviewers decided without knowing of each other")                 \
    X(SHOW, "show", ON_LISTS | CONTEXT_FORM, "<Enter>", "",                                        \
      "Open what is selected: a check's evidence, an area, an entry, a field")                     \
    X(COMMENT, "comment", ON_WALK | CONTEXT_EVIDENCE, "c", "comment",                              \
      "Write a comment on this check")                                                             \
    X(COMMENT_EDITOR, "comment-in-editor", ON_WALK | CONTEXT_EVIDENCE, "E", "",                    \
      "Write a comment in $VISUAL or $EDITOR")                                                     \
    X(ANSWER, "answer", ON_WALK, "A", "", "Answer the questions of this check")                    \
    X(ATTACH, "attach", ON_WALK, "+", "", "Attach a file to this check as evidence")               \
    X(PREVIOUS_OPEN, "previous-open", ON_WALK, "<S-Tab>", "", "Go to the previous open check")     \
    X(NEXT_PANE, "next-pane", CONTEXT_OVERVIEW, "<Tab> <S-Tab>", "",                               \
      "Go to the other list of this screen")                                                       \
    X(FILTER, "filter", ON_WALK | CONTEXT_FINDINGS, "v", "view",                                   \
      "Show other ones: open, all, failed, disagreement, accepted, closed")                        \
    X(FILTER_BACK, "filter-back", ON_WALK | CONTEXT_FINDINGS, "V", "",                             \
      "The same, the other way round")                                                             \
    X(NEXT_TARGET, "next-target", ON_WALK | CONTEXT_EVIDENCE | CONTEXT_ACCESS, "t", "target",      \
      "Go to the next target")                                                                     \
    X(CHOOSE_TARGET, "choose-target", ON_TABS, "T", "", "Choose a target from a list")             \
    X(ADD_TARGET, "add-target", CONTEXT_OVERVIEW, "+", "add target", "Add a target to the review") \
    X(DETAIL_DOWN, "detail-down", ON_WALK | CONTEXT_FINDINGS, "J", "", "Scroll the details down")  \
    X(DETAIL_UP, "detail-up", ON_WALK | CONTEXT_FINDINGS, "K", "", "Scroll the details up")        \
    X(NEXT_MARK, "next-mark", CONTEXT_EVIDENCE | CONTEXT_FLOWS, "m", "mark",                       \
      "Go to the next marked line; in Flows, to the next problem or way to a target")              \
    X(MAP, "map", CONTEXT_FLOWS, "v", "map",                                                       \
      "Switch between the matrix of flows and the map of what targets show of themselves")         \
    X(PREVIOUS_MARK, "previous-mark", CONTEXT_EVIDENCE | CONTEXT_FLOWS, "M", "",                   \
      "Go to the previous one of those")                                                           \
    X(NEXT_PROBE, "next-probe", CONTEXT_EVIDENCE, "<Tab>", "next probe",                           \
      "Go to the next probe of this check")                                                        \
    X(PREVIOUS_PROBE, "previous-probe", CONTEXT_EVIDENCE, "<S-Tab>", "",                           \
      "Go to the previous probe of this check")                                                    \
    X(NEXT_CHECK, "next-check", CONTEXT_EVIDENCE | CONTEXT_FLEET, "J", "", "Go to the next check") \
    X(PREVIOUS_CHECK, "previous-check", CONTEXT_EVIDENCE | CONTEXT_FLEET, "K", "",                 \
      "Go to the previous check")                                                                  \
    X(EARLIER, "earlier", CONTEXT_EVIDENCE, "[", "", "Show the record of the run before")          \
    X(LATER, "later", CONTEXT_EVIDENCE, "]", "", "Show the record of the run after")               \
    X(DIFF, "diff", CONTEXT_EVIDENCE, "d", "diff", "Compare with the record of the run before")    \
    X(STREAM, "stream", CONTEXT_EVIDENCE, "s", "stream", "Switch between stdout and stderr")       \
    X(PROVENANCE, "provenance", CONTEXT_EVIDENCE, "i", "", "Tell more or less about the record")   \
    X(REDACT, "redact", CONTEXT_EVIDENCE, "D", "",                                                 \
      "Take lines of the record out of the review file for good")                                  \
    X(RAW, "raw", ON_PAGERS, "x", "raw",                                                           \
      "Show as text, with all but ASCII escaped, or in hexadecimal")                               \
    X(WRAP, "wrap", ON_PAGERS, "w", "wrap", "Wrap long lines or scroll them sideways")             \
    X(NEW, "new", CONTEXT_START, "n", "new review", "Make a new review")                           \
    X(OPEN_FILE, "open", CONTEXT_START, "o", "open file", "Open a review by its path")             \
    X(SIGN, "sign", CONTEXT_SIGNOFF, "s", "sign", "Sign the review off")                           \
    X(MANIFEST, "manifest", CONTEXT_SIGNOFF, "v", "view text",                                     \
      "Read the text that would be signed")                                                        \
    X(POLICY, "policy", CONTEXT_SIGNOFF, "p", "policy",                                            \
      "Say who has to sign, and what becomes of secrets in evidence")                              \
    X(SEARCH, "search", ON_WALK | ON_PAGERS | CONTEXT_HISTORY, "/", "search", "Search")            \
    X(NEXT_MATCH, "next-match", CONTEXT_WALK_SEARCH | ON_PAGERS, "n", "", "Go to the next match")  \
    X(PREVIOUS_MATCH, "previous-match", CONTEXT_WALK_SEARCH | ON_PAGERS, "N", "",                  \
      "Go to the previous match")                                                                  \
    X(UP, "up", ON_SCREENS | CONTEXT_VIEWER, "k <Up>", "", "Up")                                   \
    X(DOWN, "down", ON_SCREENS | CONTEXT_VIEWER, "j <Down>", "", "Down")                           \
    X(LEFT, "left", ON_SCREENS | CONTEXT_VIEWER, "h <Left>", "",                                   \
      "Left; in a list, close the group or go to the pane on the left")                            \
    X(RIGHT, "right", ON_SCREENS | CONTEXT_VIEWER, "l <Right>", "",                                \
      "Right; in a list, open the group or go to the pane on the right")                           \
    X(PAGE_UP, "page-up", ON_SCREENS | CONTEXT_VIEWER, "<PgUp> <C-b>", "", "A page up")            \
    X(PAGE_DOWN, "page-down", ON_SCREENS | CONTEXT_VIEWER, "<PgDn> <C-f> <Space>", "",             \
      "A page down")                                                                               \
    X(HALF_UP, "half-page-up", ON_SCREENS | CONTEXT_VIEWER, "<C-u>", "", "Half a page up")         \
    X(HALF_DOWN, "half-page-down", ON_SCREENS | CONTEXT_VIEWER, "<C-d>", "", "Half a page down")   \
    X(TOP, "top", ON_SCREENS | CONTEXT_VIEWER, "g <Home>", "", "To the top")                       \
    X(BOTTOM, "bottom", ON_SCREENS | CONTEXT_VIEWER, "G <End>", "", "To the bottom")               \
    X(GO_OVERVIEW, "overview", ON_TABS, "1", "", "Overview: progress, targets, the next step")     \
    X(GO_WALK, "walk", ON_TABS, "2", "", "Walk: go through the checks")                            \
    X(GO_EVIDENCE, "evidence", ON_TABS, "3", "", "Evidence: read what the probes brought")         \
    X(GO_FINDINGS, "findings", ON_TABS, "4", "", "Findings: what to mend, and accepted risks")     \
    X(GO_ACCESS, "access", ON_TABS, "5", "", "Access: who may do what, line by line")              \
    X(GO_FLOWS, "flows", ON_TABS, "6", "", "Flows: what may talk to what, measured and expected")  \
    X(GO_HISTORY, "history", ON_TABS, "7", "", "History: everything that was done")                \
    X(GO_SIGNOFF, "sign-off", ON_TABS, "8", "", "Sign-off: what is left, and the signature")       \
    X(FLEET, "fleet", ON_TABS, "H", "", "Fleet: all targets at a glance, and one check on all")    \
    X(MERGE, "merge", ON_TABS, "", "", "Merge a copy of this review that was worked on apart")     \
    X(PALETTE, "palette", ON_SCREENS, ":", "command", "Find a command or a check by its name")     \
    X(HELP, "help", ON_SCREENS | CONTEXT_VIEWER, "? <F1>", "", "The keys that work here")          \
    X(REDRAW, "redraw", ~0, "<C-l>", "", "Draw the screen anew")                                   \
    X(SUSPEND, "suspend", ON_SCREENS | CONTEXT_VIEWER, "<C-z>", "",                                \
      "Stop the program; the shell's fg goes on")                                                  \
    X(BACK, "back", ON_SCREENS | CONTEXT_VIEWER, "q", "",                                          \
      "Back: end the search, close this, return to the screen before; from the first, quit")       \
    X(CLOSE, "close", ON_SCREENS | CONTEXT_VIEWER, "<Esc>", "", "The same, but never quit")        \
    X(QUIT, "quit", ON_SCREENS | CONTEXT_VIEWER, "Q", "", "Quit")                                  \
    X(SAVE, "save", CONTEXT_EDITOR, "<C-s>", "save", "Save the text")                              \
    X(CONFIRM, "confirm", CONTEXT_LINE | CONTEXT_CHOICE | CONTEXT_DIALOG, "<Enter>", "",           \
      "Say yes, take the choice, save the line")                                                   \
    X(CREATE, "create", CONTEXT_FORM, "<C-s>", "save", "Save what was filled in; make the review") \
    X(EXTERNAL, "external-editor", CONTEXT_EDITOR | CONTEXT_LINE, "<C-o>", "$EDITOR",              \
      "Go on in $VISUAL or $EDITOR")                                                               \
    X(CANCEL, "cancel", ON_TEXT | CONTEXT_DIALOG, "<Esc> <C-c>", "cancel", "Leave it")             \
    X(VIEW_COMMANDS, "view-commands", CONTEXT_DIALOG, "v", "", "Read the exact commands")          \
    X(TOGGLE_ACTIVE, "toggle-active", CONTEXT_DIALOG, "a", "",                                     \
      "Consent, or not, to commands that change or contact something")                             \
    X(TOGGLE_PASSWORD, "toggle-password", CONTEXT_DIALOG, "p", "",                                 \
      "Let targets ask for a password, or not")                                                    \
    X(CHOICE_UP, "choice-up", CONTEXT_CHOICE | CONTEXT_FORM, "<Up> <S-Tab> <C-p>", "",             \
      "Up in the list")                                                                            \
    X(CHOICE_DOWN, "choice-down", CONTEXT_CHOICE | CONTEXT_FORM, "<Down> <Tab> <C-n>", "",         \
      "Down in the list")                                                                          \
    X(CHOICE_PAGE_UP, "choice-page-up", CONTEXT_CHOICE, "<PgUp>", "", "A page up in the list")     \
    X(CHOICE_PAGE_DOWN, "choice-page-down", CONTEXT_CHOICE, "<PgDn>", "",                          \
      "A page down in the list")                                                                   \
    X(EDIT_LEFT, "cursor-left", ON_TEXT, "<Left> <C-b>", "", "Cursor left")                        \
    X(EDIT_RIGHT, "cursor-right", ON_TEXT, "<Right> <C-f>", "", "Cursor right")                    \
    X(EDIT_WORD_LEFT, "word-left", ON_TEXT, "<C-Left> <M-b>", "", "Cursor a word left")            \
    X(EDIT_WORD_RIGHT, "word-right", ON_TEXT, "<C-Right> <M-f>", "", "Cursor a word right")        \
    X(EDIT_UP, "cursor-up", CONTEXT_EDITOR, "<Up> <C-p>", "", "Cursor up")                         \
    X(EDIT_DOWN, "cursor-down", CONTEXT_EDITOR, "<Down> <C-n>", "", "Cursor down")                 \
    X(EDIT_PAGE_UP, "cursor-page-up", CONTEXT_EDITOR, "<PgUp>", "", "Cursor a page up")            \
    X(EDIT_PAGE_DOWN, "cursor-page-down", CONTEXT_EDITOR, "<PgDn>", "", "Cursor a page down")      \
    X(EDIT_HOME, "cursor-home", ON_TEXT, "<Home> <C-a>", "", "Cursor to the start of the line")    \
    X(EDIT_END, "cursor-end", ON_TEXT, "<End> <C-e>", "", "Cursor to the end of the line")         \
    X(EDIT_BACKSPACE, "delete-left", ON_TEXT, "<BS>", "", "Delete the character before")           \
    X(EDIT_DELETE, "delete-right", ON_TEXT, "<Del> <C-d>", "", "Delete the character behind")      \
    X(EDIT_DELETE_WORD, "delete-word", ON_TEXT, "<C-w> <M-BS>", "", "Delete the word before")      \
    X(EDIT_DELETE_TO_END, "delete-to-end", ON_TEXT, "<C-k>", "", "Delete to the end of the line")  \
    X(EDIT_DELETE_TO_START, "delete-to-start", ON_TEXT, "<C-u>", "",                               \
      "Delete to the start of the line")                                                           \
    X(EDIT_NEWLINE, "new-line", CONTEXT_EDITOR, "<Enter> <C-j>", "", "Begin a new line")           \
    X(EDIT_UNDO, "edit-undo", ON_TEXT, "<C-z> <C-_>", "", "Undo typing")                           \
    X(EDIT_REDO, "edit-redo", ON_TEXT, "<C-y>", "", "Redo typing")

enum action {
    ACTION_NONE,
#define X(name, text, contexts, keys, hint, help) ACTION_##name,
    ACTIONS(X)
#undef X
        ACTION_COUNT
};

struct action_info {
    const char *name;
    unsigned contexts; /* of enum context */
    const char *keys;  /* names with spaces between them */
    const char *hint;
    const char *help;
};

/* Not for ACTION_NONE. */
const struct action_info *action_info(enum action action);
/* By name; ACTION_NONE when there is none. */
enum action action_parse(const char *name);
/* The bit of a context's name; 0 when there is none. */
unsigned context_parse(const char *name);
/* The title of a context for a reader: "Walk". */
const char *context_title(enum context context);

#endif
