/* SPDX-License-Identifier: Apache-2.0 */
/* checklists/checklist.schema.json and fixtures.schema.json tell editors what src/checklist's
 * tables of keys tell the loader: the same keys, the same required ones. tests/e2e/test-schemas
 * validates the bundled files. */
#include "support/testing.h"

#include "../../src/checklist/fact.h"
#include "../../src/checklist/keys.h"
#include "base/file.h"
#include "base/json.h"

static json_t *schema, *fixtures_schema;

static const struct {
    const char *definition;
    const struct key_table *table;
    json_t **schema;
} tables[] = {
    {"checklist", &checklist_keys, &schema},
    {"parameter", &parameter_keys, &schema},
    {"area", &area_keys, &schema},
    {"check", &check_keys, &schema},
    {"condition", &condition_keys, &schema},
    {"probe", &probe_keys, &schema},
    {"question", &question_keys, &schema},
    {"expectation", &expectation_keys, &schema},
    {"named-condition", &named_condition_keys, &schema},
    {"file", &fixtures_keys, &fixtures_schema},
    {"fixture", &fixture_keys, &fixtures_schema},
    {"answer", &fixture_answer_keys, &fixtures_schema},
};

static bool load_schema(const char *path, json_t **ret_schema)
{
    struct error error;
    struct buffer text = {0};
    bool is_good = file_read(testing_source(path), 1024 * 1024, &text, &error) &&
                   json_parse(buffer_text(&text), text.length, ret_schema, &error);
    buffer_release(&text);
    return is_good;
}

static int load_schemas(void **state UNUSED)
{
    bool is_good = load_schema("checklists/checklist.schema.json", &schema) &&
                   load_schema("checklists/fixtures.schema.json", &fixtures_schema);
    return is_good ? 0 : -1;
}

static int free_schemas(void **state UNUSED)
{
    json_decref(schema);
    json_decref(fixtures_schema);
    return 0;
}

static const json_t *definition_in(const json_t *owner, const char *name)
{
    const json_t *found = json_object_get(json_object_get(owner, "$defs"), name);
    assert_non_null(found);
    return found;
}

static const json_t *definition(const char *name)
{
    return definition_in(schema, name);
}

static const json_t *definition_of_table(size_t i)
{
    return definition_in(*tables[i].schema, tables[i].definition);
}

static const struct key *find(const struct key_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->keys[i].name, name) == 0)
            return &table->keys[i];
    return NULL;
}

static void every_key_of_the_loader_is_in_the_schema(void **state UNUSED)
{
    for (size_t i = 0; i < LENGTH(tables); i++) {
        const json_t *properties = json_object_get(definition_of_table(i), "properties");
        for (size_t j = 0; j < tables[i].table->count; j++)
            if (json_object_get(properties, tables[i].table->keys[j].name) == NULL)
                fail_msg("the schema's '%s' lacks '%s'", tables[i].definition,
                         tables[i].table->keys[j].name);
    }
}

static void every_key_of_the_schema_is_known_to_the_loader(void **state UNUSED)
{
    for (size_t i = 0; i < LENGTH(tables); i++) {
        json_t *properties = json_object_get(definition_of_table(i), "properties");
        const char *name;
        json_t *property;
        json_object_foreach(properties, name, property) if (find(tables[i].table, name) == NULL)
            fail_msg("the loader knows no '%s' in %s", name, tables[i].table->object);
        assert_true(json_is_false(json_object_get(definition_of_table(i), "additionalProperties")));
    }
}

static void the_same_keys_are_required(void **state UNUSED)
{
    for (size_t i = 0; i < LENGTH(tables); i++) {
        const json_t *required = json_object_get(definition_of_table(i), "required");
        size_t count = 0;
        for (size_t j = 0; j < tables[i].table->count; j++)
            count += tables[i].table->keys[j].need == KEY_REQUIRED;
        assert_int_equal(count, json_array_size(required));
        for (size_t j = 0; j < json_array_size(required); j++) {
            const struct key *key =
                find(tables[i].table, json_string_value(json_array_get(required, j)));
            assert_non_null(key);
            assert_int_equal(key->need, KEY_REQUIRED);
        }
    }
}

static void assert_same_words(const char *definition_name, const char *property,
                              const struct terms *terms)
{
    const json_t *words = json_object_get(
        json_object_get(json_object_get(definition(definition_name), "properties"), property),
        "enum");
    assert_int_equal(json_array_size(words), terms->count);
    for (size_t i = 0; i < terms->count; i++)
        assert_string_equal(json_string_value(json_array_get(words, i)), terms->texts[i]);
}

static void the_words_of_enums_are_the_same(void **state UNUSED)
{
    assert_same_words("check", "severity", &severity_terms);
    assert_same_words("check", "method", &method_terms);
    assert_same_words("probe", "effect", &effect_terms);
    assert_same_words("probe", "from", &vantage_terms);
    assert_same_words("question", "type", &answer_type_terms);
}

static void the_facts_are_the_same(void **state UNUSED)
{
    const json_t *properties = json_object_get(definition("fact"), "properties");
    for (size_t i = 0; i < FACT_COUNT; i++)
        if (json_object_get(properties, fact_infos[i].name) == NULL)
            fail_msg("the schema lacks the fact '%s'", fact_infos[i].name);
    assert_int_equal(json_object_size(properties), FACT_COUNT);
    assert_true(json_is_false(json_object_get(definition("fact"), "additionalProperties")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_loader_is_in_the_schema),
        cmocka_unit_test(every_key_of_the_schema_is_known_to_the_loader),
        cmocka_unit_test(the_same_keys_are_required),
        cmocka_unit_test(the_words_of_enums_are_the_same),
        cmocka_unit_test(the_facts_are_the_same),
    };
    return cmocka_run_group_tests_name("schema", tests, load_schemas, free_schemas);
}
