/* SPDX-License-Identifier: Apache-2.0 */
/* Expected and measured flows of the fixture's review, and what two targets show of themselves. */
#include "fixture_review.h"

#include "flow/map.h"

#include <string.h>

/* Two vantages and a database: one flow of each kind. */
FIXTURE_QUERY(expected_flow_row, expected_flows, review->is_empty ? 0 : 4)

static void fill_expected_flow_row(struct review *review, size_t i, struct expected_flow_row *row)
{
    static const char *const rows[][4] = {{"agent-1", "db", "5432", "allow"},
                                          {"agent-1", "db", "22-24", "deny"},
                                          {"agent-2", "db", "22", "deny"},
                                          {"agent-2", "metadata", "80", "not-declared"}};
    *row = (struct expected_flow_row){.from = fixture_text(review, rows[i][0]),
                                      .to = fixture_text(review, rows[i][1]),
                                      .places = fixture_word("10.0.0.2"),
                                      .ports = fixture_word(rows[i][2]),
                                      .protocol = fixture_word("tcp4"),
                                      .expected = fixture_word(rows[i][3])};
}

static void release_expected_flow_row(struct expected_flow_row *row)
{
    free(row->from);
    free(row->to);
    free(row->places);
    free(row->ports);
    free(row->protocol);
    free(row->expected);
}

FIXTURE_QUERY(measured_flow_row, measured_flows, review->is_empty ? 0 : 6)

static void fill_measured_flow_row(struct review *review, size_t i, struct measured_flow_row *row)
{
    static const struct {
        const char *from, *to;
        int port;
        const char *state, *proof, *detail;
    } rows[] = {{"agent-1", "db", 5432, "open", "", ""},
                {"agent-1", "db", 22, "open", "", ""},
                {"agent-1", "db", 23, "filtered", "saw port 22 open on 127.0.0.1", ""},
                {"agent-1", "db", 24, "blocked", "", "the tool failed"},
                {"agent-2", "db", 22, "refused", "saw port 22 open on 127.0.0.1", ""},
                {"agent-2", "metadata", 80, "open", "", ""}};
    *row = (struct measured_flow_row){
        .id = fixture_entry(FIXTURE_ADA, 40),
        .from = fixture_text(review, rows[i].from),
        .to = fixture_text(review, rows[i].to),
        .protocol = fixture_word("tcp"),
        .family = 4,
        .port = rows[i].port,
        .address = fixture_text(review, "10.0.0.2"),
        .state = fixture_word(rows[i].state),
        .tool = fixture_text(review, "nc"),
        .proof = *rows[i].proof != '\0' ? fixture_text(review, rows[i].proof) : fixture_word(""),
        .detail = *rows[i].detail != '\0' ? fixture_text(review, rows[i].detail) : fixture_word(""),
        .time_ms = fixture_time(30)};
}

static void release_measured_flow_row(struct measured_flow_row *row)
{
    free(row->from);
    free(row->to);
    free(row->protocol);
    free(row->address);
    free(row->state);
    free(row->tool);
    free(row->proof);
    free(row->detail);
}

/* The hostile string stands where a target may call things as it likes. */
static const char *const shown[][2] = {{"agent-1",
                                        "boot 1\nnamespace net:[7]\naddress4 10.0.0.3\n"
                                        "tcp4 00000000:0016 00000000:0000 0A 0 11\n"
                                        "tcp4 0100007F:1F90 00000000:0000 0A 0 12\n"
                                        "tcp4 0300000A:9C40 0200000A:1538 01 0 13\n"
                                        "tcp4 0300000A:0016 0900000A:9C41 01 0 14\n"
                                        "unix 0001 01 00010000 15 /run/agent.sock\n"
                                        "mount 2 1 8:1 /srv/agents /data rw - ext4 /dev/sda1 rw\n"
                                        "may-write /run/docker.sock\n"
                                        "node srw-rw---- 1 0 999 0 Nov 23 20:15 /run/docker.sock\n"
                                        "node crw-rw---- 1 0 104 10, 232 Nov 23 20:15 /dev/kvm\n"},
                                       {"db", "boot 1\nnamespace net:[8]\n"
                                              "tcp4 00000000:1538 00000000:0000 0A 0 21\n"
                                              "tcp4 0200000A:1538 0300000A:9C40 01 0 22\n"
                                              "mount 2 1 8:1 /srv /srv ro - ext4 /dev/sda1 rw\n"}};

FIXTURE_QUERY(reach_row, reaches, review->is_empty ? 0 : 2)

static void fill_reach_row(struct review *review, size_t i, struct reach_row *row)
{
    AUTO_FREE char *name = fixture_text(review, i == 0 ? "sshd" : "postgres");
    AUTO_FREE char *text =
        memory_format("%sowner %s 8 %s\nunix 0001 01 00010000 33 @%s\n%s", shown[i][1],
                      i == 0 ? "11" : "21", name, name, i == 0 ? "end\n" : "missing unix\n");
    *row = (struct reach_row){.id = fixture_entry(FIXTURE_ADA, 41 + (int64_t)i),
                              .target = fixture_text(review, shown[i][0]),
                              .command = fixture_word(FLOW_MAP_MARK "\n"),
                              .outcome = fixture_word("done"),
                              .detail = fixture_word(""),
                              .out_blob = fixture_store(review, text),
                              .out_bytes = (int64_t)strlen(text),
                              .started_ms = fixture_time(31)};
}

static void release_reach_row(struct reach_row *row)
{
    free(row->target);
    free(row->command);
    free(row->outcome);
    free(row->detail);
}
