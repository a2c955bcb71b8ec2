#include "call.h"

void call_by(struct call *call, struct str arn, struct str id, struct str source_identity)
{
    bool user = arn.len == 0;
    struct str own = arena_fmt(call->arena, "arn:%.*s:iam::" ACCOUNT ":user/simulated",
                               STR(call->region->partition));
    call->caller =
        (struct caller){user ? own : arn, user ? S("AIDASIMULATEDACCOUNT") : id, source_identity};
}

void call_error(struct call *call, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    call->message = arena_vfmt(call->arena, format, args);
    va_end(args);
    call->code = str_of(code);
    call->status = 400;
}

static const struct operation *const sts_tables[] = {sts_operations, NULL};
static const struct operation *const ec2_tables[] = {ec2_vpc_operations,
                                                     ec2_block_operations,
                                                     ec2_subnet_operations,
                                                     ec2_zone_operations,
                                                     ec2_security_group_operations,
                                                     ec2_rule_operations,
                                                     ec2_interface_operations,
                                                     ec2_interface_change_operations,
                                                     ec2_gateway_operations,
                                                     ec2_address_operations,
                                                     ec2_nat_gateway_operations,
                                                     ec2_route_table_operations,
                                                     ec2_route_operations,
                                                     ec2_endpoint_operations,
                                                     ec2_endpoint_change_operations,
                                                     ec2_service_operations,
                                                     ec2_network_acl_operations,
                                                     ec2_instance_type_operations,
                                                     ec2_tag_operations,
                                                     NULL};
static const struct operation *const sagemaker_tables[] = {
    sagemaker_cluster_operations,    sagemaker_node_operations,     sagemaker_batch_operations,
    sagemaker_event_operations,      sagemaker_software_operations, sagemaker_extension_operations,
    sagemaker_attachment_operations, sagemaker_quota_operations,    sagemaker_plan_operations,
    sagemaker_plan_offer_operations, sagemaker_tag_operations,      NULL};

static const struct service sts = {.name = S_INIT("sts"),
                                   .protocol = PROTOCOL_QUERY,
                                   .version = S_INIT("2011-06-15"),
                                   .xmlns = S_INIT("https://sts.amazonaws.com/doc/2011-06-15/"),
                                   .tables = sts_tables};
static const struct service ec2 = {.name = S_INIT("ec2"),
                                   .protocol = PROTOCOL_EC2,
                                   .version = S_INIT("2016-11-15"),
                                   .xmlns = S_INIT("http://ec2.amazonaws.com/doc/2016-11-15/"),
                                   .tables = ec2_tables};
static const struct service sagemaker = {.name = S_INIT("sagemaker"),
                                         .protocol = PROTOCOL_JSON,
                                         .target = S_INIT("SageMaker"),
                                         .tables = sagemaker_tables};

const struct service *const services[] = {&sts, &ec2, &sagemaker, NULL};

const struct service *service_find(struct str name)
{
    for (size_t i = 0; services[i] != NULL; i++)
        if (str_eq(services[i]->name, name))
            return services[i];
    return NULL;
}

const struct operation *operation_find(const struct service *service, struct str name)
{
    for (size_t i = 0; service->tables[i] != NULL; i++)
        for (const struct operation *row = service->tables[i]; row->name.len > 0; row++)
            if (str_eq(row->name, name))
                return row;
    return NULL;
}
