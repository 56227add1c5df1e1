/* SPDX-License-Identifier: Apache-2.0 */
/* Which flows are expected, and what was measured. */
#include "handle.h"
#include "rows.h"

/* clang-format off */

static const struct field expected_fields[] = {
    {FIELD_TEXT, offsetof(struct expected_flow_row, from)},
    {FIELD_TEXT, offsetof(struct expected_flow_row, to)},
    {FIELD_TEXT, offsetof(struct expected_flow_row, places)},
    {FIELD_TEXT, offsetof(struct expected_flow_row, ports)},
    {FIELD_TEXT, offsetof(struct expected_flow_row, protocol)},
    {FIELD_TEXT, offsetof(struct expected_flow_row, expected)},
};
static const struct shape expected_shape = IN_ORDER(expected_flow_row, expected_fields,
    "SELECT l.vantage, l.destination, l.places, l.ports, l.protocol, l.expected"
    " FROM (SELECT x.author AS author, x.seq AS seq" FROM_KIND("flows")
    " WHERE e.is_retracted = 0 ORDER BY " NEWEST " LIMIT 1) AS n"
    " JOIN flow_line AS l ON l.author = n.author AND l.seq = n.seq ORDER BY l.position");
DEFINE_REVIEW_LIST(expected_flow_row, expected_flows, expected_shape)

#define OF_REACH " (SELECT 1 FROM reach_flow AS f WHERE f.author = x.author AND f.seq = x.seq)"

static const struct field measured_fields[] = {
    {FIELD_ENTRY, offsetof(struct measured_flow_row, id)},
    {FIELD_TEXT, offsetof(struct measured_flow_row, from)},
    {FIELD_TEXT, offsetof(struct measured_flow_row, to)},
    {FIELD_TEXT, offsetof(struct measured_flow_row, protocol)},
    {FIELD_INT, offsetof(struct measured_flow_row, family)},
    {FIELD_INT, offsetof(struct measured_flow_row, port)},
    {FIELD_TEXT, offsetof(struct measured_flow_row, address)},
    {FIELD_TEXT, offsetof(struct measured_flow_row, state)},
    {FIELD_TEXT, offsetof(struct measured_flow_row, tool)},
    {FIELD_TEXT, offsetof(struct measured_flow_row, proof)},
    {FIELD_TEXT, offsetof(struct measured_flow_row, detail)},
    {FIELD_NUMBER, offsetof(struct measured_flow_row, time_ms)},
};
static const struct shape measured_shape = IN_ORDER(measured_flow_row, measured_fields,
    "WITH newest AS (SELECT x.target AS target, x.run AS run,"
    " row_number() OVER (PARTITION BY x.target ORDER BY " NEWEST ") AS age" FROM_KIND("reach")
    " WHERE x.target BETWEEN :target_low AND :target_high AND EXISTS" OF_REACH ")"
    " SELECT x.author, x.seq, x.target, f.destination, f.protocol, f.family, f.port, f.address,"
    " f.state, f.tool, f.proof, f.detail, e.time_ms" FROM_KIND("reach")
    " JOIN newest AS n ON n.target = x.target AND n.run = x.run AND n.age = 1"
    " JOIN reach_flow AS f ON f.author = x.author AND f.seq = x.seq"
    " ORDER BY " OLDEST ", f.position");
DEFINE_REVIEW_LIST(measured_flow_row, measured_flows, measured_shape)

static const struct field reach_fields[] = {
    {FIELD_ENTRY, offsetof(struct reach_row, id)},
    {FIELD_TEXT, offsetof(struct reach_row, target)},
    {FIELD_TEXT, offsetof(struct reach_row, command)},
    {FIELD_TEXT, offsetof(struct reach_row, outcome)},
    {FIELD_TEXT, offsetof(struct reach_row, detail)},
    {FIELD_DIGEST, offsetof(struct reach_row, out_blob)},
    {FIELD_NUMBER, offsetof(struct reach_row, out_bytes)},
    {FIELD_NUMBER, offsetof(struct reach_row, started_ms)},
};
static const struct shape reach_shape = IN_ORDER(reach_row, reach_fields,
    "WITH newest AS (SELECT x.target AS target, x.author AS author, x.seq AS seq,"
    " row_number() OVER (PARTITION BY x.target ORDER BY " NEWEST ") AS age" FROM_KIND("reach")
    " WHERE x.target BETWEEN :target_low AND :target_high AND NOT EXISTS" OF_REACH ")"
    " SELECT x.author, x.seq, x.target, x.command, x.outcome, x.detail, x.out_blob, x.out_size,"
    " x.started_ms" FROM_KIND("reach")
    " JOIN newest AS n ON n.author = x.author AND n.seq = x.seq AND n.target = x.target"
    " WHERE n.age = 1 ORDER BY x.target");
DEFINE_REVIEW_LIST(reach_row, reaches, reach_shape)
/* clang-format on */
