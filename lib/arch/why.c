/* SPDX-License-Identifier: MIT */
#include "arch/why.h"

#define WHY_TEXT(name, identifier, field, sentence, section) \
	{ identifier, field, sentence, section },
static const struct smmu3_rule rules[] = { { "none", "", "no fault", "" }, WHY_ROWS(WHY_TEXT) };
#undef WHY_TEXT

const struct smmu3_rule *why_rule(unsigned why)
{
	return &rules[why < WHY_COUNT ? why : WHY_NONE];
}
