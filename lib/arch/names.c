/* SPDX-License-Identifier: MIT */
#include "arch/names.h"
#include "arch/offsets.h"

#include <string.h>

static const struct layouts *const groups[] = {
	&ste_layouts,
	&cd_layouts,
	&vms_layouts,
	&ttd_layouts,
	&gpt_layouts,
	&dpt_layouts,
	&cmd_layouts,
	&tlbi_layouts,
	&event_layouts,
	&id_register_layouts,
	&control_register_layouts,
	&queue_register_layouts,
	&rare_register_layouts,
	&pmcg_register_layouts,
};

const struct smmu3_layout *layout_at(size_t index)
{
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (index < groups[i]->count)
			return &groups[i]->layout[index];
		index -= groups[i]->count;
	}
	return NULL;
}

const struct smmu3_layout *layout_named(const char *name)
{
	const struct smmu3_layout *layout;

	for (size_t i = 0; (layout = layout_at(i)); i++)
		if (!strcmp(layout->name, name))
			return layout;
	return NULL;
}

void bits_without_name(const struct smmu3_layout *layout, const char *kind, uint64_t *mask)
{
	for (unsigned i = 0; i < layout->fields; i++) {
		const struct smmu3_field *const field = &layout->field[i];

		if (strcmp(field->name, kind) != 0)
			continue;
		for (unsigned n = field->lsb; n <= field->msb; n++)
			mask[n / 64] |= UINT64_C(1) << n % 64;
	}
}

/* CMDQ_CONTROL_PAGE_BASEn, _CFGn, _STATUSn: n is 0 to 255.  6.2.1, 6.2.8.  PMCG_EVTYPERn, SMRn,
 * EVCNTRn, SVRn, as if counters had more than 32 bits: n is 0 to 63.  10.5.1 */
uint64_t first_of_array(uint64_t offset)
{
	static const uint64_t start[] = {
		REG_CMDQ_CONTROL_PAGE_BASE,
		REG_S_CMDQ_CONTROL_PAGE_BASE,
		REG_R_CMDQ_CONTROL_PAGE_BASE,
	};

	static const struct {
		uint64_t start, stride;
	} monitors[] = { { REG_PMCG_EVTYPER, 4 },
			 { REG_PMCG_SMR, 4 },
			 { REG_PMCG_EVCNTR, 8 },
			 { REG_PMCG_SVR, 8 } };

	for (size_t i = 0; i < ARRAY_SIZE(monitors); i++) {
		if (offset - monitors[i].start < 64 * monitors[i].stride)
			return monitors[i].start +
			       (offset - monitors[i].start) % monitors[i].stride;
	}
	for (size_t i = 0; i < ARRAY_SIZE(start); i++) {
		if (offset - start[i] < 256 * 0x20)
			return start[i] + (offset - start[i]) % 0x20;
	}
	return offset;
}
