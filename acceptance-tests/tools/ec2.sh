# EC2 behind Terraform's back, for stories: calls by curl, which signs them, and answers as XML.

# ec2 ACTION [NAME=VALUE…]: prints the answer; the status says whether AWS took it.
ec2() {
    local action=$1 pair data=()
    shift
    for pair; do
        data+=(--data-urlencode "$pair")
    done
    curl -sS --fail-with-body --aws-sigv4 "aws:amz:${AWS_REGION}:ec2" \
        --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -X POST "$AWS_ENDPOINT_URL/" \
        --data-urlencode "Action=$action" --data-urlencode Version=2016-11-15 "${data[@]}"
}

# xml_texts NAME: the texts of these elements, a line each, from stdin.
xml_texts() {
    tr -d '\n' | grep -o "<$1>[^<]*</$1>" | sed 's/<[^>]*>//g'
}

# rule_of GROUP FILTER…: ids of the group's rules whose description in XML matches every FILTER (a fixed text).
rules_of() {
    local group=$1 text
    shift
    text=$(ec2 DescribeSecurityGroupRules Filter.1.Name=group-id "Filter.1.Value.1=$group" | tr -d '\n' |
        sed 's/<securityGroupRuleSet>//; s/<item>/\n<item>/g' | grep securityGroupRuleId)
    for filter; do
        text=$(grep -F -- "$filter" <<<"$text")
    done
    xml_texts securityGroupRuleId <<<"$text"
}
