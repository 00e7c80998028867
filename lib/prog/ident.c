/* SPDX-License-Identifier: MIT */
#include "prog/ident.h"

#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>

struct id_row {
	const char *name;
	size_t at; /* in struct smmu3_config */
};

#define AT(member) offsetof(struct smmu3_config, member)

static const struct id_row rows[ID_REGISTERS] = {
	[ID_IDR0] = { "IDR0", AT(idr[0]) },        [ID_IDR1] = { "IDR1", AT(idr[1]) },
	[ID_IDR2] = { "IDR2", AT(idr[2]) },        [ID_IDR3] = { "IDR3", AT(idr[3]) },
	[ID_IDR4] = { "IDR4", AT(idr[4]) },        [ID_IDR5] = { "IDR5", AT(idr[5]) },
	[ID_IDR6] = { "IDR6", AT(idr[6]) },        [ID_IIDR] = { "IIDR", AT(iidr) },
	[ID_AIDR] = { "AIDR", AT(aidr) },          [ID_S_IDR0] = { "S_IDR0", AT(s_idr[0]) },
	[ID_S_IDR1] = { "S_IDR1", AT(s_idr[1]) },  [ID_S_IDR2] = { "S_IDR2", AT(s_idr[2]) },
	[ID_S_IDR3] = { "S_IDR3", AT(s_idr[3]) },  [ID_S_IDR4] = { "S_IDR4", AT(s_idr[4]) },
	[ID_S_IDR5] = { "S_IDR5", AT(s_idr[5]) },  [ID_S_IDR6] = { "S_IDR6", AT(s_idr[6]) },
	[ID_R_IDR0] = { "R_IDR0", AT(r_idr[0]) },  [ID_R_IDR1] = { "R_IDR1", AT(r_idr[1]) },
	[ID_R_IDR2] = { "R_IDR2", AT(r_idr[2]) },  [ID_R_IDR3] = { "R_IDR3", AT(r_idr[3]) },
	[ID_R_IDR4] = { "R_IDR4", AT(r_idr[4]) },  [ID_R_IDR5] = { "R_IDR5", AT(r_idr[5]) },
	[ID_R_IDR6] = { "R_IDR6", AT(r_idr[6]) },  [ID_ROOT_IDR0] = { "ROOT_IDR0", AT(root_idr0) },
	[ID_MPAMIDR] = { "MPAMIDR", AT(mpamidr) }, [ID_R_MECIDR] = { "R_MECIDR", AT(r_mecidr) },
	[ID_GBPA] = { "GBPA", AT(gbpa_reset) },
	[ID_S_MPAMIDR] = { "S_MPAMIDR", AT(s_mpamidr) }, [ID_R_MPAMIDR] = { "R_MPAMIDR", AT(r_mpamidr) },
};

uint32_t id_read(const struct smmu3_config *config, enum id_register reg)
{
	uint32_t value;

	memcpy(&value, (const char *)config + rows[reg].at, sizeof(value));
	return value;
}

const char *id_register_name(enum id_register reg)
{
	return rows[reg].name;
}

const char *id_section(enum id_register reg)
{
	const struct smmu3_layout *layout = smmu3_register_layout(rows[reg].name);

	return layout ? layout->section : "6.2";
}

/* The named field that holds all the bits of `field`, or NULL. */
static const struct smmu3_field *named(const struct smmu3_layout *layout, int field)
{
	for (unsigned i = 0; layout && i < layout->fields; i++)
		if (layout->field[i].lsb <= field_lsb(field) &&
		    field_msb(field) <= layout->field[i].msb)
			return &layout->field[i];
	return NULL;
}

const char *id_field_name(enum id_register reg, int field, char *text, size_t size)
{
	const struct smmu3_field *name = named(smmu3_register_layout(rows[reg].name), field);
	unsigned lsb = field_lsb(field);
	unsigned msb = field_msb(field);

	if (!name)
		snprintf(text, size, "%s[%u:%u]", rows[reg].name, msb, lsb);
	else if (name->msb == msb && name->lsb == lsb)
		snprintf(text, size, "%s.%s", rows[reg].name, name->name);
	else
		snprintf(text, size, "%s.%s[%u]", rows[reg].name, name->name, lsb - name->lsb);
	return text;
}

uint32_t id_reserved(enum id_register reg)
{
	const struct smmu3_layout *layout = smmu3_register_layout(rows[reg].name);
	uint64_t reserved = layout ? 0 : low_bits(32);

	for (unsigned i = 0; layout && i < layout->fields; i++)
		if (!strcmp(layout->field[i].name, "RES0"))
			reserved |= field_mask(FIELD(layout->field[i].msb, layout->field[i].lsb));
	return (uint32_t)reserved;
}
