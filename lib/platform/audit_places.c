/* SPDX-License-Identifier: MIT */
/* Where the structures of SMMUs are: what must not be written by those whom they keep apart. */
#include "platform/audit.h"

#include "arch/ste.h"
#include "base/bits.h"

#include <smmu/decode.h>
#include <stdio.h>

void audit_add_place(struct smmu3_audit *audit, uint64_t pa, uint64_t bytes, unsigned pas,
		     const char *what)
{
	struct audit_place *const place = audit_add(&audit->places);

	if (place)
		*place = (struct audit_place){ pa, pa + bytes, pas, what };
}

/* ---- Of registers ---- */

static uint64_t read_field(struct smmu3 *smmu, enum smmu3_pas from, const char *name,
			   const char *field)
{
	static const char *const prefix[] = {
		[SMMU3_PAS_NS] = "", [SMMU3_PAS_SECURE] = "S_", [SMMU3_PAS_REALM] = "R_"
	};
	char whole[32];
	uint64_t value = 0;

	(void)snprintf(whole, sizeof(whole), "SMMU_%s%s", prefix[from], name);
	const struct smmu3_layout *const layout = smmu3_register_layout(whole);

	if (!layout || smmu3_mmio_read(smmu, from, layout->offset, layout->bits / 8u, &value))
		return 0;
	return smmu3_field_get(&value, smmu3_field(layout, field));
}

static void add_queues(struct smmu3_audit *audit, struct smmu3 *smmu, enum smmu3_pas sec_sid)
{
	static const struct {
		const char *base, *enable, *what;
		unsigned entry_lg2;
		bool secure; /* there is one of the Secure state, too */
	} queues[] = {
		{ "CMDQ_BASE", "CMDQEN", "Command queue", 4, true },
		{ "EVENTQ_BASE", "EVENTQEN", "Event queue", 5, true },
		{ "PRIQ_BASE", "PRIQEN", "PRI queue", 4, false },
	};

	for (size_t i = 0; i < sizeof(queues) / sizeof(queues[0]); i++) {
		if ((sec_sid == SMMU3_PAS_SECURE && !queues[i].secure) ||
		    !read_field(smmu, sec_sid, "CR0", queues[i].enable))
			continue;
		const unsigned size_lg2 = queues[i].entry_lg2 + (unsigned)read_field(smmu, sec_sid,
										     queues[i].base,
										     "LOG2SIZE");
		const uint64_t base = read_field(smmu, sec_sid, queues[i].base, "ADDR");

		audit_add_place(audit, align_down(base, size_lg2), UINT64_C(1) << size_lg2, sec_sid,
				queues[i].what);
	}
}

/* ---- The Stream table ---- */

static void add_second_level(struct smmu3_audit *audit, unsigned pas, const struct l1std *l1std)
{
	const unsigned span = (unsigned)l1std_get(l1std, L1STD_SPAN);
	const unsigned size_lg2 = 6 + span - 1;

	if (span && span <= 11)
		audit_add_place(audit, align_down(l1std_address(l1std, L1STD_L2PTR), size_lg2),
				UINT64_C(1) << size_lg2, pas, "Stream table");
}

static void add_stream_table(struct smmu3_audit *audit, struct smmu3 *smmu, enum smmu3_pas sec_sid)
{
	struct smmu3_stream_table table;
	struct l1std l1std;

	if (smmu3_inspect_stream_table(smmu, sec_sid, &table) || !table.enabled)
		return;
	unsigned rows_lg2 = table.log2size;

	if (table.two_level)
		rows_lg2 -= table.split < rows_lg2 ? table.split : rows_lg2;
	const unsigned row = table.two_level ? sizeof(l1std) : STE_BYTES;

	audit_add_place(audit, table.base, (uint64_t)row << rows_lg2, sec_sid, "Stream table");
	for (uint64_t i = 0; table.two_level && !(i >> rows_lg2); i++) {
		if (!audit->budget) {
			audit->cut = true;
			return;
		}
		audit->budget--;
		if (!smmu3_machine_read(audit->machine, sec_sid, table.base + i * row, l1std.word,
					row))
			add_second_level(audit, sec_sid, &l1std);
	}
}

void audit_programmed_places(struct smmu3_audit *audit, struct smmu3 *smmu, enum smmu3_pas sec_sid)
{
	add_queues(audit, smmu, sec_sid);
	add_stream_table(audit, smmu, sec_sid);
}

/* ---- Context descriptors ---- */

/* log2 of the bytes of the table that a CD or L1CD stands in, as far as a page of it goes: no
 * granule of a stage 2 that may lie before it is smaller.  5.2 S1Fmt */
static unsigned table_lg2(const struct ste *ste, bool level1)
{
	static const uint8_t leaf_lg2[] = { 0, 6, 10, 0 };
	const unsigned cdmax = (unsigned)ste_get(ste, STE_S1CDMAX);
	const unsigned leaf = cdmax ? leaf_lg2[ste_get(ste, STE_S1FMT)] : 0;
	const unsigned rows = !leaf ? cdmax : !level1 ? leaf : cdmax > leaf ? cdmax - leaf : 0;
	const unsigned size_lg2 = rows + (level1 ? 3 : 6);

	return size_lg2 < 12 ? size_lg2 : 12;
}

void audit_step_place(struct smmu3_audit *audit, const struct smmu3_step *step,
		      const uint64_t ste[8])
{
	const bool level1 = step->reason == SMMU3_REASON_L1CD;
	struct ste of = { { ste[0] } };

	if (step->aborted || (!level1 && step->reason != SMMU3_REASON_CD))
		return;
	const unsigned size_lg2 = table_lg2(&of, level1);

	audit_add_place(audit, align_down(step->pa, size_lg2), UINT64_C(1) << size_lg2, step->pas,
			"Context descriptors");
}
