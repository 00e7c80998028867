/* SPDX-License-Identifier: MIT */
#include "prog/refuse.h"
#include "prog/root.h"
#include "prog/save.h"

#include "arch/regs.h"
#include "base/bits.h"

/* What is saved, in this order; CR0ACK follows from CR0, and the others are constants. */
static const struct saved {
	enum root_register reg;
	uint8_t bytes;
} saved[] = {
	{ ROOT_CR0, 4 },       { ROOT_GPT_BASE, 8 },    { ROOT_GPT_BASE_CFG, 8 },
	{ ROOT_GPF_FAR, 8 },   { ROOT_GPT_CFG_FAR, 8 }, { ROOT_TLBI, 8 },
	{ ROOT_TLBI_CTRL, 4 }, { ROOT_GPT_BASE2, 8 },
};

void root_save(const struct root *root, struct blob_out *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(saved); i++)
		blob_put(out, root->value[saved[i].reg], saved[i].bytes);
	blob_put(out, root->pulses, 1);
}

static bool is_far(enum root_register reg)
{
	return reg == ROOT_GPF_FAR || reg == ROOT_GPT_CFG_FAR;
}

/* A register that is not told, or a fault that there is, at an address that there is. */
static bool far_possible(uint64_t far, bool lookup_error, const struct features *features)
{
	return !far || (guard_tells(far, lookup_error) &&
			!((far & REG_MASK(GPF_FAR_FADDR)) >> features->oas_bits));
}

static bool value_possible(const struct root *root, enum root_register reg,
			   const struct features *features)
{
	const uint64_t value = root->value[reg];

	return is_far(reg) ? far_possible(value, reg == ROOT_GPT_CFG_FAR, features) :
			     !(value & ~root->writable[reg]);
}

int root_load(struct root *root, const struct smmu3_config *config, const struct features *features,
	      struct blob_in *in, struct smmu3_error *error)
{
	bool possible = true;

	root_reset(root, config);
	for (size_t i = 0; i < ARRAY_SIZE(saved); i++) {
		root->value[saved[i].reg] = blob_take(in, saved[i].bytes);
		possible &= value_possible(root, saved[i].reg, features);
	}
	root->pulses = (uint8_t)blob_take_within(in, 1, ROOT_PULSES);
	root_hold(root, false);
	return possible && !in->wrong ? 0 :
					refuse(error, SMMU3_E_FORMAT, "6.3.110",
					       "a Root register has bits that it cannot have");
}
