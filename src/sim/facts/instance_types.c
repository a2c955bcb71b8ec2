/* Instance types of HyperPod clusters, in the order of SageMaker's model of 2026-11-17. */
#include "instance_types.h"

const char *const instance_type_names[] = {
    "ml.c5.12xlarge",      "ml.c5.18xlarge",        "ml.c5.24xlarge",
    "ml.c5.2xlarge",       "ml.c5.4xlarge",         "ml.c5.9xlarge",
    "ml.c5.large",         "ml.c5.xlarge",          "ml.c5n.18xlarge",
    "ml.c5n.2xlarge",      "ml.c5n.4xlarge",        "ml.c5n.9xlarge",
    "ml.c5n.large",        "ml.c6a.12xlarge",       "ml.c6a.16xlarge",
    "ml.c6a.24xlarge",     "ml.c6a.2xlarge",        "ml.c6a.32xlarge",
    "ml.c6a.48xlarge",     "ml.c6a.4xlarge",        "ml.c6a.8xlarge",
    "ml.c6a.large",        "ml.c6a.xlarge",         "ml.c6g.12xlarge",
    "ml.c6g.16xlarge",     "ml.c6g.2xlarge",        "ml.c6g.4xlarge",
    "ml.c6g.8xlarge",      "ml.c6g.large",          "ml.c6g.medium",
    "ml.c6g.xlarge",       "ml.c6i.12xlarge",       "ml.c6i.16xlarge",
    "ml.c6i.24xlarge",     "ml.c6i.2xlarge",        "ml.c6i.32xlarge",
    "ml.c6i.4xlarge",      "ml.c6i.8xlarge",        "ml.c6i.large",
    "ml.c6i.xlarge",       "ml.c7g.12xlarge",       "ml.c7g.16xlarge",
    "ml.c7g.2xlarge",      "ml.c7g.4xlarge",        "ml.c7g.8xlarge",
    "ml.c7g.large",        "ml.c7g.medium",         "ml.c7g.xlarge",
    "ml.c8a.16xlarge",     "ml.c8g.12xlarge",       "ml.c8g.16xlarge",
    "ml.c8g.24xlarge",     "ml.c8g.2xlarge",        "ml.c8g.48xlarge",
    "ml.c8g.4xlarge",      "ml.c8g.8xlarge",        "ml.c8g.large",
    "ml.c8g.medium",       "ml.c8g.xlarge",         "ml.g4dn.12xlarge",
    "ml.g4dn.16xlarge",    "ml.g4dn.2xlarge",       "ml.g4dn.4xlarge",
    "ml.g4dn.8xlarge",     "ml.g4dn.xlarge",        "ml.g5.12xlarge",
    "ml.g5.16xlarge",      "ml.g5.24xlarge",        "ml.g5.2xlarge",
    "ml.g5.48xlarge",      "ml.g5.4xlarge",         "ml.g5.8xlarge",
    "ml.g5.xlarge",        "ml.g6.12xlarge",        "ml.g6.16xlarge",
    "ml.g6.24xlarge",      "ml.g6.2xlarge",         "ml.g6.48xlarge",
    "ml.g6.4xlarge",       "ml.g6.8xlarge",         "ml.g6.xlarge",
    "ml.g6e.12xlarge",     "ml.g6e.16xlarge",       "ml.g6e.24xlarge",
    "ml.g6e.2xlarge",      "ml.g6e.48xlarge",       "ml.g6e.4xlarge",
    "ml.g6e.8xlarge",      "ml.g6e.xlarge",         "ml.g7.12xlarge",
    "ml.g7.24xlarge",      "ml.g7.2xlarge",         "ml.g7.48xlarge",
    "ml.g7.4xlarge",       "ml.g7.8xlarge",         "ml.g7e.12xlarge",
    "ml.g7e.24xlarge",     "ml.g7e.2xlarge",        "ml.g7e.48xlarge",
    "ml.g7e.4xlarge",      "ml.g7e.8xlarge",        "ml.gr6.4xlarge",
    "ml.gr6.8xlarge",      "ml.i3en.12xlarge",      "ml.i3en.24xlarge",
    "ml.i3en.2xlarge",     "ml.i3en.3xlarge",       "ml.i3en.6xlarge",
    "ml.i3en.large",       "ml.i3en.xlarge",        "ml.m5.12xlarge",
    "ml.m5.16xlarge",      "ml.m5.24xlarge",        "ml.m5.2xlarge",
    "ml.m5.4xlarge",       "ml.m5.8xlarge",         "ml.m5.large",
    "ml.m5.xlarge",        "ml.m6a.12xlarge",       "ml.m6a.16xlarge",
    "ml.m6a.24xlarge",     "ml.m6a.2xlarge",        "ml.m6a.32xlarge",
    "ml.m6a.48xlarge",     "ml.m6a.4xlarge",        "ml.m6a.8xlarge",
    "ml.m6a.large",        "ml.m6a.xlarge",         "ml.m6g.12xlarge",
    "ml.m6g.16xlarge",     "ml.m6g.2xlarge",        "ml.m6g.4xlarge",
    "ml.m6g.8xlarge",      "ml.m6g.large",          "ml.m6g.medium",
    "ml.m6g.xlarge",       "ml.m6i.12xlarge",       "ml.m6i.16xlarge",
    "ml.m6i.24xlarge",     "ml.m6i.2xlarge",        "ml.m6i.32xlarge",
    "ml.m6i.4xlarge",      "ml.m6i.8xlarge",        "ml.m6i.large",
    "ml.m6i.xlarge",       "ml.m7g.12xlarge",       "ml.m7g.16xlarge",
    "ml.m7g.2xlarge",      "ml.m7g.4xlarge",        "ml.m7g.8xlarge",
    "ml.m7g.large",        "ml.m7g.medium",         "ml.m7g.xlarge",
    "ml.m7i.12xlarge",     "ml.m7i.16xlarge",       "ml.m7i.24xlarge",
    "ml.m7i.2xlarge",      "ml.m7i.48xlarge",       "ml.m7i.4xlarge",
    "ml.m7i.8xlarge",      "ml.m7i.large",          "ml.m7i.xlarge",
    "ml.m8a.16xlarge",     "ml.m8g.12xlarge",       "ml.m8g.16xlarge",
    "ml.m8g.24xlarge",     "ml.m8g.2xlarge",        "ml.m8g.48xlarge",
    "ml.m8g.4xlarge",      "ml.m8g.8xlarge",        "ml.m8g.large",
    "ml.m8g.medium",       "ml.m8g.xlarge",         "ml.p4d.24xlarge",
    "ml.p4de.24xlarge",    "ml.p5.48xlarge",        "ml.p5.4xlarge",
    "ml.p5e.48xlarge",     "ml.p5en.48xlarge",      "ml.p6-b200.48xlarge",
    "ml.p6-b300.48xlarge", "ml.p6e-gb200.36xlarge", "ml.r5d.16xlarge",
    "ml.r6i.12xlarge",     "ml.r6i.16xlarge",       "ml.r6i.24xlarge",
    "ml.r6i.2xlarge",      "ml.r6i.32xlarge",       "ml.r6i.4xlarge",
    "ml.r6i.8xlarge",      "ml.r6i.large",          "ml.r6i.xlarge",
    "ml.r7i.12xlarge",     "ml.r7i.16xlarge",       "ml.r7i.24xlarge",
    "ml.r7i.2xlarge",      "ml.r7i.48xlarge",       "ml.r7i.4xlarge",
    "ml.r7i.8xlarge",      "ml.r7i.large",          "ml.r7i.xlarge",
    "ml.t3.2xlarge",       "ml.t3.large",           "ml.t3.medium",
    "ml.t3.xlarge",        "ml.trn1.32xlarge",      "ml.trn1n.32xlarge",
    "ml.trn2.3xlarge",     "ml.trn2.48xlarge",      NULL};

const struct instance_facts *instance_type_find(struct str name)
{
    for (size_t i = 0; i <= instance_facts_count; i++)
        if (str_is(name, instance_facts[i].name))
            return &instance_facts[i];
    return NULL;
}

bool instance_type_has_efa(struct str type)
{
    const struct instance_facts *found = instance_type_find(type);
    return found != NULL && found->efa > 0;
}

bool instance_type_is_accelerated(struct str type)
{
    const struct instance_facts *found = instance_type_find(type);
    return found != NULL && found->accelerator != 0;
}
