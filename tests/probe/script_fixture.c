/* SPDX-License-Identifier: Apache-2.0 */
#include "script_fixture.h"

#include <stdlib.h>

int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    frame_nonce_make(f->nonce);
    snprintf(f->mark, sizeof(f->mark), "mark-%s", f->nonce);
    setenv("WALKDOWN_TEST_MARK", f->mark, 1);
    *state = f;
    return 0;
}

int tear_down(void **state)
{
    struct fixture *f = *state;
    shell_run_release(&f->run);
    free(f);
    return 0;
}

void add(struct fixture *f, const char *command)
{
    plan_add(&f->run.plan, command);
}

const struct shell_frame *step(const struct fixture *f, size_t number)
{
    return &f->run.frames[number + 1];
}

void run(struct fixture *f, const struct shell_kind *kind)
{
    shell_start(&f->run, kind, f->nonce);
    assert_true(shell_read(&f->run, script_frame_count(&f->run.script)));
    assert_false(f->run.is_broken);
    assert_int_equal(f->run.ended[0], script_frame_count(&f->run.script));
    assert_int_equal(f->run.ended[1], script_frame_count(&f->run.script));
}

void in_each_shell(void **state, each_function *function)
{
    struct fixture *f = *state;
    size_t count = 0;
    for (size_t i = 0; i < SHELL_KINDS; i++) {
        if (!shell_is_here(&shell_kinds[i]))
            continue;
        print_message("    %s\n", shell_kinds[i].name);
        function(f, &shell_kinds[i]);
        shell_run_release(&f->run);
        assert_true(processes_are_gone(f->mark, 20000));
        count++;
    }
    assert_true(count > 0);
}
