/* Where types are offered: for each place the zones of each region, "usw2:13" for usw2-az1 and
 * usw2-az3. */
#include "instance_facts.h"

#include <hp/base/str.h>

const char *const instance_places[] = {
    "apne1:14 apne2:24 aps1:123 apse2:12 cac1:12 euc1:123 eun1:3 euw1:2 euw2:23 sae1:13 "
    "use1:1246 use2:123 usw2:1234",
    "apne1:14 apse1:23 euc1:12 ilc1:123 use1:46 usw2:123",
    "apne1:14 apne2:1 aps1:123 apse2:123 apse3:1 cac1:4 eun1:123 euw2:123 sae1:3 "
    "use1:123456 use2:123 usw1:13 usw2:1234",
    "apne1:1 aps1:123 apse2:3 apse3:1 eun1:123 euw2:123 sae1:3 use1:123456 use2:123 "
    "usw2:1234",
    "aps1:2 apse2:12 apse4:1 use1:456 use2:3 usw2:14",
    "use1:6 use2:3 usw2:4",
    "ape1:12 apne1:14 apne2:134 aps1:13 apse2:12 apse3:13 cac1:12 euc1:123 eun1:23 "
    "eus2:123 euw1:123 euw2:23 euw3:123 ilc1:123 mec1:12 sae1:12 use1:12456 use2:123 "
    "usw2:123",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 cac1:124 caw1:123 euc1:123 euc2:123 eun1:123 eus1:123 "
    "eus2:123 euw1:123 euw2:123 euw3:123 ilc1:123 mec1:123 mes1:123 sae1:123 use1:12456 "
    "use2:123 usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:123 apne3:123 aps1:123 apse1:123 apse2:123 "
    "apse3:123 cac1:124 euc1:123 eun1:123 eus1:123 euw1:123 euw2:123 euw3:123 mes1:123 "
    "sae1:123 use1:12456 use2:123 usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 apse5:123 cac1:124 caw1:123 euc1:123 euc2:123 eun1:123 "
    "eus1:123 eus2:123 euw1:123 euw2:1234 euw3:123 ilc1:123 mes1:123 sae1:123 use1:12456 "
    "use2:123 usw1:13 usw2:1234",
    "apne1:14 apne2:134 aps1:13 aps2:12 apse2:123 apse5:12 cac1:124 euc1:123 euc2:23 "
    "eun1:12 eus2:123 euw2:123 euw3:23 mec1:12 sae1:12 use1:12456 use2:123 usw2:1234",
    "apne1:14 apne2:14 aps1:13 apse2:12 apse5:12 cac1:12 euc1:23 euc2:23 eun1:12 eus2:123 "
    "euw2:23 euw3:23 sae1:12 use1:1246 use2:123 usw2:1234",
    "apne1:14 apne2:12 apne3:12 aps1:13 aps2:12 euc1:123 eun1:12 eus2:23 mec1:12 "
    "use1:1246 use2:123 usw2:1234",
    "apse2:3 apse3:13 eun1:1 euw2:2 sae1:23 use2:123 usw2:3",
    "apne1:4 apne2:1 aps1:13 apse3:23 eun1:13 eus2:12 mec1:13 use1:26 use2:123 usw1:3 "
    "usw2:234",
    "aps1:2 aps2:2 eun1:2 euw3:1 use1:6 use2:123 usw2:124",
    "aps2:123 apse4:3 sae1:123",
    "aps2:123 use2:123",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse5:123 cac1:124 caw1:123 euc1:123 eun1:123 eus1:123 euw1:123 euw2:123 "
    "euw3:123 ilc1:123 mes1:123 sae1:123 use1:12456 use2:123 usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse5:123 cac1:124 caw1:123 euc1:123 euc2:123 eun1:123 eus1:123 "
    "euw1:123 euw2:123 euw3:123 ilc1:123 mec1:123 mes1:123 sae1:123 use1:12456 use2:123 "
    "usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse5:123 cac1:124 caw1:123 euc1:123 euc2:123 eun1:123 eus1:123 euw1:123 "
    "euw2:123 euw3:123 ilc1:123 mec1:123 mes1:123 sae1:123 use1:12456 use2:123 usw1:13 "
    "usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:12 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 apse5:123 cac1:124 caw1:123 euc1:123 euc2:123 eun1:123 "
    "eus1:123 eus2:123 euw1:123 euw2:123 euw3:123 ilc1:123 mec1:123 mes1:123 sae1:123 "
    "use1:12456 use2:123 usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 apse5:123 cac1:124 euc1:123 euc2:123 eun1:123 eus1:123 "
    "eus2:123 euw1:123 euw2:1234 euw3:123 ilc1:123 mec1:123 sae1:123 use1:12456 use2:123 "
    "usw1:13 usw2:1234",
    "apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 apse2:123 apse3:123 "
    "apse4:123 apse5:123 cac1:124 euc1:123 eun1:123 eus1:123 eus2:123 euw1:123 euw2:1234 "
    "euw3:123 sae1:123 use1:12456 use2:123 usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 cac1:124 euc1:123 euc2:123 eun1:123 eus1:123 eus2:123 "
    "euw1:123 euw2:123 euw3:123 ilc1:123 mec1:123 mes1:123 sae1:123 use1:12456 use2:123 "
    "usw1:13 usw2:1234",
    "apne1:14 apne2:12 aps1:13 apse3:2 euc1:23 eun1:13 eus2:12 euw2:12 use1:26 use2:123 "
    "usw2:1234",
    "apne1:14 apne2:12 aps1:13 apse3:2 euc1:23 eun1:13 eus2:12 euw2:12 use1:26 use2:12 "
    "usw2:1234",
    "apne2:3 aps2:13 apse3:123 sae1:23 use1:26 usw2:12",
    "afs1:23 ape1:123 apne1:124 apne2:123 apne3:12 aps1:123 apse1:123 apse2:123 cac1:12 "
    "euc1:123 eun1:123 eus1:23 euw1:123 euw2:123 euw3:123 mes1:23 sae1:123 use1:12456 "
    "use2:123 usw1:13 usw2:123",
    "afs1:23 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 apse5:123 cac1:124 caw1:123 euc1:123 euc2:123 eun1:123 "
    "eus1:123 eus2:123 euw1:123 euw2:123 euw3:123 ilc1:123 mec1:123 mes1:123 sae1:123 "
    "use1:12456 use2:123 usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse5:123 cac1:124 caw1:123 euc1:123 euc2:23 eun1:123 eus1:123 "
    "eus2:123 euw1:123 euw2:1234 euw3:123 ilc1:123 mes1:123 sae1:123 use1:12456 use2:123 "
    "usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 apse5:123 cac1:124 caw1:12 euc1:123 euc2:12 eun1:123 "
    "eus1:123 eus2:123 euw1:123 euw2:1234 euw3:123 ilc1:123 sae1:123 use1:12456 use2:123 "
    "usw1:13 usw2:1234",
    "ape1:13 apne1:124 aps1:123 aps2:123 apse1:123 apse2:123 cac1:124 euc1:123 euw1:123 "
    "euw2:123 sae1:123 use1:12456 use2:123 usw1:13 usw2:1234",
    "apne1:124 aps1:123 aps2:123 apse1:123 apse2:123 cac1:124 euc1:123 eus1:123 euw1:123 "
    "euw2:123 euw3:123 sae1:123 use1:12456 use2:123 usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 apse5:123 cac1:124 caw1:123 euc1:123 euc2:123 eun1:123 "
    "eus1:123 eus2:123 euw1:123 euw2:123 euw3:123 ilc1:123 mec1:123 mes1:123 sae1:123 "
    "use1:12456 use2:123 usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 apse5:123 cac1:124 euc1:123 euc2:123 eun1:123 eus2:123 "
    "euw1:123 euw2:1234 euw3:123 ilc1:123 mec1:123 mes1:123 sae1:123 use1:12456 use2:123 "
    "usw1:13 usw2:1234",
    "afs1:123 ape1:123 apne1:124 apne2:1234 apne3:123 aps1:123 aps2:123 apse1:123 "
    "apse2:123 apse3:123 apse4:123 apse5:123 cac1:124 caw1:12 euc1:123 euc2:123 eun1:123 "
    "eus1:123 eus2:123 euw1:123 euw2:1234 euw3:123 mec1:123 mes1:123 sae1:123 use1:12456 "
    "use2:123 usw1:13 usw2:1234",
    "euc1:12 eun1:12 eus2:12 use1:1246 use2:123 usw2:1234",
    "apne1:124 euc1:123 eus2:123 euw1:13 use1:12456 use2:123 usw2:1234",
    "apne1:124 aps1:123 aps2:123 euc1:123 eus2:123 euw1:123 use1:12456 use2:123 usw2:1234",
};

const size_t instance_places_count = sizeof instance_places / sizeof instance_places[0];
