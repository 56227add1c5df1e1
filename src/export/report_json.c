/* SPDX-License-Identifier: Apache-2.0 */
#include "report_json.h"

#include "flow/map_json.h"

#include "wording.h"

static json_t *write_review(const struct report *report)
{
    const struct review_info *info = &report->info;
    char id[LEDGER_ID_TEXT_BYTES];
    json_t *object = json_object();
    report_json_set_text(object, "id", ledger_id_text(&info->id, id));
    report_json_set_text(object, "title", info->title);
    report_json_set_text(object, "tool", info->tool);
    report_json_set(object, "created", report_json_time(info->created_ms));
    report_json_set(object, "last_change", report_json_time(info->last_change_ms));
    report_json_set_integer(object, "entries", info->entry_count);
    report_json_set_integer(object, "blobs", info->blob_count);
    report_json_set_integer(object, "blob_bytes", info->blob_bytes);
    report_json_set(object, "merkle_root", report_json_digest(&report->head));
    return object;
}

static json_t *write_heads(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->state.head_count; i++) {
        const struct manifest_head *head = &report->state.heads[i];
        char id[LEDGER_ID_TEXT_BYTES];
        json_t *object = json_object();
        report_json_set_text(object, "author", ledger_id_text(&head->author, id));
        report_json_set_text(object, "name", head->name);
        report_json_set_integer(object, "seq", head->seq);
        report_json_set(object, "hash", report_json_digest(&head->hash));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_checklists(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->checklists.count; i++) {
        const struct checklist_row *row = &report->checklists.items[i];
        json_t *object = json_object();
        report_json_set_text(object, "id", row->id);
        report_json_set_text(object, "title", row->title);
        report_json_set_text(object, "version", row->version);
        report_json_set(object, "digest", report_json_digest(&row->digest));
        report_json_set(object, "blob", report_json_digest(&row->blob));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_parameters(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->parameters.count; i++) {
        const struct parameter_row *row = &report->parameters.items[i];
        json_t *object = json_object();
        json_t *values = json_array();
        for (size_t j = 0; j < row->values.count; j++)
            json_array_append_new(values, json_text(row->values.items[j]));
        report_json_set_text(object, "id", row->id);
        report_json_set(object, "values", values);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_way(const struct way *way)
{
    json_t *list = json_array();
    for (size_t i = 0; i < way->count; i++) {
        json_t *object = json_object();
        report_json_set_text(object, "probe", way->facts[i].probe);
        report_json_set_text(object, "name", way->facts[i].name);
        report_json_set_text(object, "value", way->facts[i].value);
        report_json_set_text(object, "before", way->facts[i].before);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_host_key(const char *type, const char *fingerprint, const char *key)
{
    if (*fingerprint == '\0')
        return json_null();
    json_t *object = json_object();
    report_json_set_text(object, "type", type);
    report_json_set_text(object, "fingerprint", fingerprint);
    report_json_set_text(object, "key", key);
    return object;
}

static json_t *write_targets(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->targets.count; i++) {
        const struct target_row *row = &report->targets.items[i];
        json_t *object = json_object();
        report_json_set_text(object, "name", row->name);
        report_json_set_text(object, "spec", row->spec);
        report_json_set(object, "host_key",
                        write_host_key(row->key_type, row->key_fingerprint, row->key));
        report_json_set(object, "way", write_way(&report->ways[i]));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_jump_hosts(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->jump_keys.count; i++) {
        const struct jump_key_row *row = &report->jump_keys.items[i];
        json_t *object = json_object();
        report_json_set_text(object, "host", row->host);
        report_json_set_integer(object, "port", row->port);
        report_json_set(object, "host_key", write_host_key(row->type, row->fingerprint, row->key));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_authors(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->authors.count; i++) {
        const struct author_row *row = &report->authors.items[i];
        char id[LEDGER_ID_TEXT_BYTES];
        json_t *object = json_object();
        report_json_set_text(object, "id", ledger_id_text(&row->id, id));
        report_json_set_text(object, "name", row->name);
        report_json_set_text(object, "email", row->email);
        report_json_set_text(object, "key", row->key);
        report_json_set(object, "first", report_json_time(row->first_ms));
        report_json_set(object, "last", report_json_time(row->last_ms));
        report_json_set_integer(object, "entries", row->entry_count);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_summary(const struct report *report)
{
    static const char *const names[] = {"info", "low", "medium", "high", "critical", "unrated"};
    AUTO_FREE char *headline = wording_headline(report);
    json_t *object = json_object();
    json_t *severities = json_object();
    json_t *areas = json_array();
    for (size_t i = 0; i < REPORT_SEVERITIES; i++)
        report_json_set(severities, names[i], report_json_counts(&report->severities[i]));
    for (size_t i = 0; i < report->area_count; i++) {
        json_t *area = json_object();
        report_json_set_text(area, "id", report->areas[i].id);
        report_json_set_text(area, "title", report->areas[i].title);
        report_json_set(area, "counts", report_json_counts(&report->areas[i].counts));
        json_array_append_new(areas, area);
    }
    report_json_set_text(object, "headline", headline);
    report_json_set(object, "counts", report_json_counts(&report->counts));
    report_json_set(object, "severities", severities);
    report_json_set(object, "areas", areas);
    return object;
}

static json_t *write_gaps(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct report_gap *gap = &report->gaps[i];
        json_t *object = json_object();
        report_json_set_text(object, "kind", gap_id(gap->kind));
        report_json_set(object, "item",
                        gap->item != NULL ? json_integer((json_int_t)gap->item->number)
                                          : json_null());
        report_json_set_text(object, "text", gap->text);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_runs(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->runs.count; i++) {
        const struct run_row *row = &report->runs.items[i];
        json_t *object = json_object();
        report_json_set_text(object, "run", row->run);
        report_json_set_text(object, "target", row->target);
        report_json_set_text(object, "state", row->state);
        report_json_set_text(object, "detail", row->detail);
        report_json_set_text(object, "author", row->author);
        report_json_set(object, "started", report_json_time(row->started_ms));
        report_json_set(object, "ended", report_json_time(row->ended_ms));
        report_json_set_integer(object, "probes", row->probe_count);
        report_json_set_integer(object, "evidence", row->evidence_count);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_signoffs(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->signoff_count; i++) {
        const struct signoff_row *row = report->signoffs[i].row;
        json_t *object = json_object();
        report_json_set(object, "entry", report_json_entry(&row->id));
        report_json_set_text(object, "role", row->role);
        report_json_set_text(object, "signer", row->signer);
        report_json_set_text(object, "key", row->key);
        report_json_set_text(object, "author", row->author);
        report_json_set(object, "time", report_json_time(row->time_ms));
        report_json_set_text(object, "statement", report->signoffs[i].statement);
        report_json_set_integer(object, "entries_since", row->entries_since);
        report_json_set_text(object, "manifest", row->manifest);
        report_json_set_text(object, "signature", row->signature);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_events(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->events.count; i++) {
        const struct event_row *row = &report->events.items[i];
        json_t *object = json_object();
        report_json_set(object, "entry", report_json_entry(&row->id));
        report_json_set_integer(object, "clock", row->clock);
        report_json_set(object, "time", report_json_time(row->time_ms));
        report_json_set_text(object, "kind", row->kind);
        report_json_set_text(object, "author", row->author);
        report_json_set_text(object, "check", row->check);
        report_json_set_text(object, "target", row->target);
        report_json_set_text(object, "summary", row->summary);
        report_json_set_bool(object, "retracted", row->is_retracted);
        report_json_set(object, "retracts", report_json_entry(&row->retracts));
        report_json_set(object, "hash", report_json_digest(&row->hash));
        json_array_append_new(list, object);
    }
    return list;
}

bool report_json_write(const struct report *report, struct buffer *out, struct error *error)
{
    (void)error; /* a writer into memory cannot fail; other formats can */
    AUTO_JSON json_t *object = json_object();
    report_json_set_text(object, "format", "walkdown-report");
    report_json_set_integer(object, "version", REPORT_JSON_VERSION);
    report_json_set_text(object, "tool", report->tool);
    report_json_set(object, "made", report_json_time(report->made_ms));
    report_json_set_text(object, "testimony", wording_testimony);
    report_json_set(object, "review", write_review(report));
    report_json_set(object, "heads", write_heads(report));
    report_json_set(object, "checklists", write_checklists(report));
    report_json_set(object, "parameters", write_parameters(report));
    report_json_set(object, "targets", write_targets(report));
    report_json_set(object, "jump_hosts", write_jump_hosts(report));
    report_json_set(object, "authors", write_authors(report));
    report_json_set(object, "summary", write_summary(report));
    report_json_set(object, "findings", report_json_findings(report));
    report_json_set(object, "exceptions", report_json_exceptions(report));
    report_json_set(object, "access", report_json_access(report));
    report_json_set(object, "flows", report_json_flows(report));
    report_json_set(object, "map", flow_map_json(&report->map));
    report_json_set(object, "items", report_json_items(report));
    report_json_set(object, "loose", report_json_loose(report));
    report_json_set(object, "gaps", write_gaps(report));
    report_json_set(object, "runs", write_runs(report));
    report_json_set(object, "signoffs", write_signoffs(report));
    report_json_set(object, "events", write_events(report));
    json_write_pretty(out, object);
    return true;
}
