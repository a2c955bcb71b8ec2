/* Shapes that operations of several kinds have. */
#include "common_shapes.h"
#include "facts/instance_types.h"

const struct shape shape_cluster_arn = {
    .type = SHAPE_STRING,
    .max = 256,
    .pattern = "arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:cluster/[a-z0-9]{12}"};
const struct shape shape_cluster_name_or_arn = {
    .type = SHAPE_STRING,
    .max = 256,
    .pattern = "((arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:cluster/"
               "[a-z0-9]{12})|([a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}))"};
const struct shape shape_group_name = {
    .type = SHAPE_STRING, .min = 1, .max = 63, .pattern = "[a-zA-Z0-9](-*[a-zA-Z0-9])*"};
const struct shape shape_instance_type = {.type = SHAPE_STRING, .values = instance_type_names};
const struct shape shape_node_id = {
    .type = SHAPE_STRING, .min = 1, .max = 256, .pattern = "i-[a-f0-9]{8}(?:[a-f0-9]{9})?"};
const struct shape shape_node_logical_id = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = "[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9]"};
const struct shape shape_image_id = {
    .type = SHAPE_STRING, .min = 7, .max = 21, .pattern = "(ami-[0-9a-fA-F]{8,17}|default)"};
const struct shape shape_image_release = {
    .type = SHAPE_STRING, .max = 64, .pattern = "[0-9]+\\.[0-9]+\\.[0-9]+"};
const struct shape shape_client_token = {
    .type = SHAPE_STRING, .max = 64, .pattern = "[\\x21-\\x7E]+"};
const struct shape shape_max_results = {.type = SHAPE_INTEGER, .min = 1, .max = 100};
const struct shape shape_next_token = {.type = SHAPE_STRING, .max = 8192, .pattern = ".*"};
static const char *const sort_orders[] = {"Ascending", "Descending", NULL};
const struct shape shape_sort_order = {.type = SHAPE_STRING, .values = sort_orders};
const struct shape shape_timestamp = {.type = SHAPE_TIMESTAMP};
const struct shape shape_tag_key = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)"};
static const struct shape tag_value = {
    .type = SHAPE_STRING, .max = 256, .pattern = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)"};
static const struct member tag_members[] = {
    {S_INIT("Key"), &shape_tag_key, true},
    {S_INIT("Value"), &tag_value, true},
    {S_INIT("")},
};
static const struct shape tag = {.type = SHAPE_STRUCTURE, .members = tag_members};
const struct shape shape_tag_list = {.type = SHAPE_LIST, .max = 50, .element = &tag};
const struct shape shape_training_plan_arn = {
    .type = SHAPE_STRING,
    .min = 50,
    .max = 2048,
    .pattern = "arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:training-plan/.*"};
