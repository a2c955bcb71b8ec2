/* A JSON Web Token's claims, unchecked. */
#ifndef HP_SIM_JWT_H
#define HP_SIM_JWT_H

#include <hp/doc/doc.h>

/* False: not of the form header.claims.signature, or the claims are no JSON object. */
bool jwt_claims(struct arena *arena, struct str token, struct doc **ret_claims);

#endif
