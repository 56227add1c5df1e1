/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/buffer.h"
#include "flow/map.h"

enum { TARGETS_MAX = 4 };

struct fixture {
    struct flow_map_source sources[TARGETS_MAX];
    size_t count;
    struct flow_map map;
    struct buffer told;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    flow_map_release(&f->map);
    buffer_release(&f->told);
    free(f);
    return 0;
}

static void show(struct fixture *f, const char *target, const char *addresses, const char *text)
{
    f->sources[f->count++] = (struct flow_map_source){
        .target = target, .text = text, .why = "", .addresses = addresses, .seen_ms = 1};
}

/* Every row in words: "web listener 22/tcp4 <- anybody by sshd[8] open: on every address". */
static const char *tell(struct fixture *f)
{
    static const char *const arrows[] = {"--", "<-", "->", "<>"};
    flow_map_join(f->sources, f->count, &f->map);
    for (size_t t = 0; t < f->map.target_count; t++) {
        const struct flow_map_target *target = &f->map.targets[t];
        for (size_t i = 0; i < target->row_count; i++) {
            const struct flow_map_row *row = &target->rows[i];
            buffer_append_format(&f->told, "%s %s %s %s %s by %s%s%s x%zu: %s\n", target->name,
                                 flow_thing_text(row->thing), row->here, arrows[row->way],
                                 row->peer, row->process, row->is_open ? " open" : "",
                                 row->is_between ? " between" : "", row->count, row->detail);
        }
    }
    return buffer_text(&f->told);
}

static void what_listens_says_for_whom_and_who(void **state)
{
    struct fixture *f = *state;
    show(
        f, "web", "",
        "tcp4 00000000:0016 00000000:0000 0A 0 11\n"
        "tcp4 0100007F:1F90 00000000:0000 0A 0 12\n"
        "tcp6 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 0 13\n"
        "udp4 0200000A:0035 00000000:0000 07 0 14\n"
        "owner 11 8 sshd\nowner 13 9 a b\nend\n");
    assert_string_equal(
        tell(f), "web listener 22/tcp4 <- anybody by sshd[8] open x1: on every address\n"
                 "web listener 53/udp4 <- anybody by  open x1: on 10.0.0.2; process not seen\n"
                 "web listener 443/tcp6 <- anybody by a b[9] open x1: on every address\n"
                 "web listener 8080/tcp4 --  by  x1: on 127.0.0.1, for the target alone; process "
                 "not seen\n");
    assert_string_equal(
        f->map.targets[0].why,
        "of 2 of 4 listening sockets the process was not seen: no right, or hidden\n");
}

static void a_host_of_the_other_byte_order_is_read_as_it_writes(void **state)
{
    struct fixture *f = *state;
    show(f, "web", "",
         "order big\ntcp4 0A000002:0016 00000000:0000 0A 0 11\nowner 11 8 sshd\nend\n");
    assert_non_null(strstr(tell(f), "on 10.0.0.2"));
}

/* 10.0.0.2:40000 of web is connected to 10.0.0.3:5432 of db. */
static void the_two_ends_of_a_connection_find_each_other(void **state)
{
    struct fixture *f = *state;
    show(f, "web", "",
         "tcp4 0200000A:9C40 0300000A:1538 01 0 11\n"
         "tcp4 0200000A:9C41 0300000A:1538 01 0 12\n"
         "tcp4 0200000A:9C42 0900000A:01BB 01 0 13\n"
         "owner 11 8 app\nowner 12 8 app\nend\n");
    show(
        f, "db", "",
        "tcp6 00000000000000000000000000000000:1538 00000000000000000000000000000000:0000 0A 0 21\n"
        "tcp6 0000000000000000FFFF00000300000A:1538 0000000000000000FFFF00000200000A:9C40 01 0 22\n"
        "tcp6 0000000000000000FFFF00000300000A:1538 0000000000000000FFFF00000200000A:9C41 01 0 23\n"
        "end\n");
    assert_string_equal(
        tell(f),
        "web outbound app[8] -> db:5432/tcp4 by app[8] open between x2: 10.0.0.2:40000 to "
        "10.0.0.3:5432\n"
        "web outbound process not seen -> 10.0.0.9:443/tcp4 by  open x1: 10.0.0.2:40002 to "
        "10.0.0.9:443\n"
        "db listener 5432/tcp6 <- anybody by  open x1: on every address; process not seen\n"
        "db inbound 5432/tcp4 <- web by  open between x2: 10.0.0.3:5432 from 10.0.0.2:40000\n");
}

static void a_declared_address_names_its_target_unless_two_have_it(void **state)
{
    struct fixture *f = *state;
    show(f, "web", "",
         "tcp4 0200000A:9C40 0300000A:1538 01 0 11\n"
         "tcp4 0200000A:9C40 0400000A:1538 01 0 11\nend\n");
    show(f, "db", "10.0.0.3,fd00::3", "end\n");
    show(f, "twin", "10.0.0.4", "end\n");
    show(f, "other", "", "address4 10.0.0.4\nend\n");
    const char *told = tell(f);
    assert_non_null(strstr(told, "-> db:5432/tcp4"));
    assert_non_null(strstr(told, "-> 10.0.0.4:5432/tcp4"));
}

static void connections_inside_a_target_are_counted_with_what_listens(void **state)
{
    struct fixture *f = *state;
    show(f, "web", "",
         "address4 10.0.0.2\n"
         "tcp4 00000000:1538 00000000:0000 0A 0 11\n"
         "tcp4 0100007F:1538 0100007F:9C40 01 0 12\n"
         "tcp4 0100007F:9C40 0100007F:1538 01 0 13\n"
         "tcp4 0200000A:1538 0200000A:9C41 01 0 14\nowner 11 1 pg\nend\n");
    assert_string_equal(tell(f), "web listener 5432/tcp4 <- anybody by pg[1] open x1: on every "
                                 "address; connections from the target itself: 2\n");
}

static void a_socket_of_somebody_outside_is_told_from_one_of_its_own(void **state)
{
    struct fixture *f = *state;
    show(f, "web", "",
         "unix 0001 01 00010000 31 /run/own.sock\n"
         "unix 0001 03 00000000 32 /run/own.sock\n"
         "unix 0001 01 00010000 33 @bus\n"
         "unix 0001 03 00000000 34 /run/far.sock\n"
         "owner 31 7 daemon\n"
         "may-write /run/docker.sock\n"
         "node srw-rw-rw- 1 0 0 0 Nov 28 08:24 /run/own.sock\n"
         "node srw-rw---- 1 0 999 0 Nov 28 08:24 /run/docker.sock\nend\n");
    assert_string_equal(
        tell(f), "web socket /run/docker.sock -> outside, or gone by  open x1: srw-rw---- 0:999; "
                 "this account may write; nobody in this network namespace listens\n"
                 "web socket /run/own.sock <- every account by daemon[7] x1: srw-rw-rw- 0:0; "
                 "connected: 1\n"
                 "web socket @bus <- its network namespace by  x1: abstract, no rights; "
                 "connected: 0\n");
}

static void who_listens_is_not_guessed_where_sockets_could_not_be_read(void **state)
{
    struct fixture *f = *state;
    show(f, "web", "", "missing unix\nnode srw-rw---- 1 0 999 0 Nov 28 08:24 /run/x.sock\nend\n");
    assert_string_equal(tell(f), "web socket /run/x.sock -> not seen by  x1: srw-rw---- 0:999; who "
                                 "listens was not seen\n");
    assert_string_equal(f->map.targets[0].why, "unix sockets: could not be read\n");
}

static const char disk_of_host[] = "boot 1\nnamespace mnt:[1]\nnamespace net:[5]\n"
                                   "mount 1 0 8:1 / / rw,noatime - ext4 /dev/sda1 rw\n"
                                   "mount 2 1 0:4 / /proc rw - proc proc rw\nend\n";

static void volumes_that_two_targets_have_are_found(void **state)
{
    struct fixture *f = *state;
    show(f, "host", "", disk_of_host);
    show(f, "box", "",
         "boot 1\nnamespace mnt:[2]\nnamespace net:[5]\n"
         "mount 1 0 0:40 / / rw - overlay overlay rw\n"
         "mount 2 1 8:1 /srv/a\\040b /data ro,nodev - ext4 /dev/sda1 rw\n"
         "mount 3 1 0:50 / /tmp rw - tmpfs tmpfs rw\nend\n");
    show(f, "far", "", "boot 2\nmount 1 0 8:1 / / rw - ext4 /dev/sda1 rw\nend\n");
    assert_string_equal(
        tell(f),
        "host namespace network namespace <> box by  open between x1: both are in the same one\n"
        "host mount / <> box:/data by  open between x1: ext4 8:1, / of /dev/sda1, read-write\n"
        "box namespace network namespace <> host by  open between x1: both are in the same one\n"
        "box mount /data <- host:/ by  open between x1: ext4 8:1, /srv/a b of /dev/sda1, "
        "read-only\n"
        "box mount / <> overlay by  x1: overlay 0:40, / of overlay, read-write\n"
        "far mount / <> /dev/sda1 by  x1: ext4 8:1, / of /dev/sda1, read-write\n");
}

static void neighbours_on_one_disk_that_see_other_folders_share_nothing(void **state)
{
    struct fixture *f = *state;
    show(f, "a", "", "boot 1\nmount 1 0 8:1 /srv/a /data rw - ext4 /dev/sda1 rw\nend\n");
    show(f, "b", "", "boot 1\nmount 1 0 8:1 /srv/ab /data rw - ext4 /dev/sda1 rw\nend\n");
    assert_null(strstr(tell(f), "between"));
    assert_non_null(strstr(buffer_text(&f->told), "a mount /data <> /srv/a of /dev/sda1 by  open"));
}

/* Both have the disk and a folder of it mounted elsewhere: each stands with its like alone. */
static void of_mounts_of_one_disk_those_that_are_alike_belong_together(void **state)
{
    static const char text[] = "boot 1\nmount 1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
                               "mount 2 1 8:1 /srv/a /data rw - ext4 /dev/sda1 rw\n"
                               "mount 3 1 0:28 / /sys/fs/cgroup ro - tmpfs tmpfs rw\nend\n";
    struct fixture *f = *state;
    show(f, "a", "", text);
    show(f, "b", "", text);
    assert_string_equal(
        tell(f), "a mount / <> b:/ by  open between x1: ext4 8:1, / of /dev/sda1, read-write\n"
                 "a mount /data <> b:/data by  open between x1: ext4 8:1, /srv/a of /dev/sda1, "
                 "read-write\n"
                 "b mount / <> a:/ by  open between x1: ext4 8:1, / of /dev/sda1, read-write\n"
                 "b mount /data <> a:/data by  open between x1: ext4 8:1, /srv/a of /dev/sda1, "
                 "read-write\n");
}

/* A folder that may be written within a disk that may be read alone. */
static void a_folder_without_its_like_belongs_to_the_disk_around_it(void **state)
{
    struct fixture *f = *state;
    show(f, "a", "", "boot 1\nmount 1 0 8:1 / / rw - ext4 /dev/sda1 rw\nend\n");
    show(f, "b", "",
         "boot 1\nmount 1 0 8:1 / / ro - ext4 /dev/sda1 rw\n"
         "mount 2 1 8:1 /srv/b /data rw - ext4 /dev/sda1 rw\nend\n");
    assert_string_equal(
        tell(f), "a mount / <> b:/ by  open between x1: ext4 8:1, / of /dev/sda1, read-write\n"
                 "a mount / <> b:/data by  open between x1: ext4 8:1, / of /dev/sda1, read-write\n"
                 "b mount / <- a:/ by  open between x1: ext4 8:1, / of /dev/sda1, read-only\n"
                 "b mount /data <> a:/ by  open between x1: ext4 8:1, /srv/b of /dev/sda1, "
                 "read-write\n");
}

static void a_server_of_files_joins_hosts_that_boot_apart(void **state)
{
    struct fixture *f = *state;
    show(f, "a", "", "boot 1\nmount 1 0 0:51 / /home rw - nfs4 nas:/home rw\nend\n");
    show(f, "b", "", "boot 2\nmount 1 0 0:60 / /mnt rw - nfs4 nas:/home rw\nend\n");
    assert_non_null(strstr(tell(f), "a mount /home <> b:/mnt by  open between"));
}

static void devices_that_are_alike_are_one_row(void **state)
{
    struct fixture *f = *state;
    show(f, "a", "",
         "may-write /dev/kvm\n"
         "node crw-rw---- 1 0 104 10, 232 Nov 28 08:24 /dev/kvm\n"
         "node brw-rw---- 1 0 6 7, 0 Nov 28 08:24 /dev/loop0\n"
         "node brw-rw---- 1 0 6 7, 1 Nov 28 08:24 /dev/loop1\nend\n");
    assert_string_equal(tell(f),
                        "a device /dev/kvm <> kernel by  open x1: crw-rw---- 0:104; this account "
                        "may write\n"
                        "a device /dev/loop* -- kernel by  x2: brw-rw---- 0:6\n");
}

static void an_answer_without_an_end_is_said_to_lack_something(void **state)
{
    struct fixture *f = *state;
    show(f, "a", "", "more unix\nmount 1 0 8:1 / / rw - ext4 /dev/sda1 rw\n");
    show(f, "b", "", "");
    f->sources[1].why = "no route to host";
    (void)tell(f);
    assert_true(f->map.targets[0].is_seen);
    assert_string_equal(f->map.targets[0].why,
                        "the answer has no end: there may be more\n"
                        "unix sockets: there are more than the first ones\n");
    assert_false(f->map.targets[1].is_seen);
    assert_string_equal(f->map.targets[1].why, "no route to host\n");
}

static void more_rows_than_can_be_read_are_counted(void **state)
{
    struct fixture *f = *state;
    struct buffer text = {0};
    for (int i = 0; i < FLOW_MAP_ROWS_MAX + 7; i++)
        buffer_append_format(&text, "tcp4 00000000:%04X 00000000:0000 0A 0 11\n", i + 1);
    buffer_append_text(&text, "end\n");
    show(f, "a", "", buffer_text(&text));
    (void)tell(f);
    buffer_release(&text);
    assert_int_equal(f->map.targets[0].row_count, FLOW_MAP_ROWS_MAX);
    assert_int_equal(f->map.targets[0].left_out, 7);
}

static void lines_that_fit_nothing_are_left_aside(void **state)
{
    struct fixture *f = *state;
    show(
        f, "a", "",
        "tcp4 0100007F 0 0A\ntcp4 0100007F:001 00000000:0000 0A 0 1\ntcp4 XX:0016 0:0 0A 0 1\n"
        "unix 1\nowner 1\nmount 1 0 8:1 / /x rw\nmount - - - - -\nnode s /x\nnode -rw-r--r-- 1 0 0 "
        "/x\naddress6 12\nfoo bar\n\n \nend\n");
    assert_string_equal(tell(f), "");
}

static void the_command_is_known_again(void **state)
{
    (void)state;
    assert_true(flow_map_is_command(flow_map_command));
    assert_false(flow_map_is_command("echo " FLOW_MAP_MARK));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_listens_says_for_whom_and_who),
        TEST(a_host_of_the_other_byte_order_is_read_as_it_writes),
        TEST(the_two_ends_of_a_connection_find_each_other),
        TEST(a_declared_address_names_its_target_unless_two_have_it),
        TEST(connections_inside_a_target_are_counted_with_what_listens),
        TEST(a_socket_of_somebody_outside_is_told_from_one_of_its_own),
        TEST(who_listens_is_not_guessed_where_sockets_could_not_be_read),
        TEST(volumes_that_two_targets_have_are_found),
        TEST(neighbours_on_one_disk_that_see_other_folders_share_nothing),
        TEST(of_mounts_of_one_disk_those_that_are_alike_belong_together),
        TEST(a_folder_without_its_like_belongs_to_the_disk_around_it),
        TEST(a_server_of_files_joins_hosts_that_boot_apart),
        TEST(devices_that_are_alike_are_one_row),
        TEST(an_answer_without_an_end_is_said_to_lack_something),
        TEST(more_rows_than_can_be_read_are_counted),
        TEST(lines_that_fit_nothing_are_left_aside),
        cmocka_unit_test(the_command_is_known_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
