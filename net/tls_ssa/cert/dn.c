// SPDX-License-Identifier: GPL-2.0-only
/*
 * Distinguished names (RFC 5280 4.1.2.4).
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <crypto/ssa_der.h>
#include "cert.h"

/* AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY } */
static bool skip_attribute(struct ssa_der *rdn)
{
	struct ssa_der attribute, type, value;
	u8 tag;

	return ssa_der_get(rdn, SSA_DER_SEQUENCE, &attribute) &&
	       ssa_der_get(&attribute, SSA_DER_OID, &type) && type.left &&
	       ssa_der_any(&attribute, &tag, &value) && !attribute.left;
}

/**
 * ssa_dn_is_valid - is this a Name in DER?
 * @der: its bytes
 * @len: how many
 *
 * Name ::= SEQUENCE OF SET SIZE (1..MAX) OF AttributeTypeAndValue; it may be
 * empty. In which order the attributes of a SET stand is not looked at.
 *
 * Context: Any.
 * Return: true if so, and nothing follows.
 */
bool ssa_dn_is_valid(const u8 *der, size_t len)
{
	const struct ssa_der whole = ssa_der(der, len);
	struct ssa_der name, rdn;

	if (!ssa_der_only(&whole, SSA_DER_SEQUENCE, &name))
		return false;
	while (name.left) {
		if (!ssa_der_get(&name, SSA_DER_SET, &rdn) || !rdn.left)
			return false;
		while (rdn.left) {
			if (!skip_attribute(&rdn))
				return false;
		}
	}
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_dn_is_valid);
