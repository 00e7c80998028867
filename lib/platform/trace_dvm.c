/* SPDX-License-Identifier: MIT */
/*
 * The grammar of docs/trace.md: TLB invalidations that CPUs broadcast.  An operation is kept as a
 * command would be: its number, from 1, in place of the opcode, its parameters where those of
 * CMD_TLBI_* are.
 */
#include "platform/trace_dvm.h"
#include "platform/command_rows.h"
#include "platform/trace_act.h"

#include "arch/encoded.h"
#include "base/bits.h"

#include <stdio.h>

#define P(name) PARAM_BIT(PARAM_##name)
#define BY_ADDRESS (P(TG) | P(TTL))
#define BY_IPA (P(VMID) | P(IPA) | P(IPA_NS) | BY_ADDRESS)
#define BY_PA (P(PA) | P(DPTI_SIZE))
#define BY_RANGE (P(TG) | P(TTL) | P(NUM) | P(DVM_SCALE))

/* Of what regime, by which tags, and whether of the last level alone. */
struct dvm_row {
	struct command_row command;
	enum smmu3_invalidation_kind kind;
	bool any_asid, any_vmid, leaf, ranged;
	bool monitor; /* of EL3, which Secure CPUs have */
};

#define ROW(name, number, takes, needs, ...)                                                    \
	{                                                                                       \
		{ "dvm", name, (enum cmd_opcode)(number), takes, needs, false, 0 }, __VA_ARGS__ \
	}
#define STAGE1 SMMU3_INVALIDATES_STAGE1
#define STAGE2 SMMU3_INVALIDATES_STAGE2
#define STAGES SMMU3_INVALIDATES_STAGES
#define GPT SMMU3_INVALIDATES_GPT

/* Those of the EL1&0 regime and of EL3, D8.17.4, D8.17.6, and by PA. */
static const struct dvm_row dvm_rows[] = {
	ROW("VMALLE1IS", 1, P(VMID), 0, STAGE1, .any_asid = true),
	ROW("ASIDE1IS", 2, P(VMID) | P(ASID), P(ASID), STAGE1, .leaf = false),
	ROW("VAE1IS", 3, P(VMID) | P(ASID) | P(VA) | BY_ADDRESS, P(ASID) | P(VA), STAGE1,
	    .leaf = false),
	ROW("VALE1IS", 4, P(VMID) | P(ASID) | P(VA) | BY_ADDRESS, P(ASID) | P(VA), STAGE1,
	    .leaf = true),
	ROW("VAAE1IS", 5, P(VMID) | P(VA) | BY_ADDRESS, P(VA), STAGE1, .any_asid = true),
	ROW("VAALE1IS", 6, P(VMID) | P(VA) | BY_ADDRESS, P(VA), STAGE1, .any_asid = true,
	    .leaf = true),
	ROW("RVAE1IS", 7, P(VMID) | P(ASID) | P(VA) | BY_RANGE, P(ASID) | P(VA) | P(TG), STAGE1,
	    .ranged = true),
	ROW("RVALE1IS", 8, P(VMID) | P(ASID) | P(VA) | BY_RANGE, P(ASID) | P(VA) | P(TG), STAGE1,
	    .leaf = true, .ranged = true),
	ROW("RVAAE1IS", 9, P(VMID) | P(VA) | BY_RANGE, P(VA) | P(TG), STAGE1, .any_asid = true,
	    .ranged = true),
	ROW("RVAALE1IS", 10, P(VMID) | P(VA) | BY_RANGE, P(VA) | P(TG), STAGE1, .any_asid = true,
	    .leaf = true, .ranged = true),
	ROW("IPAS2E1IS", 11, BY_IPA, P(IPA), STAGE2, .any_asid = true),
	ROW("IPAS2LE1IS", 12, BY_IPA, P(IPA), STAGE2, .any_asid = true, .leaf = true),
	ROW("RIPAS2E1IS", 13, BY_IPA | BY_RANGE, P(IPA) | P(TG), STAGE2, .any_asid = true,
	    .ranged = true),
	ROW("RIPAS2LE1IS", 14, BY_IPA | BY_RANGE, P(IPA) | P(TG), STAGE2, .any_asid = true,
	    .leaf = true, .ranged = true),
	ROW("VMALLS12E1IS", 15, P(VMID), 0, STAGES, .any_asid = true),
	ROW("ALLE1IS", 16, 0, 0, STAGES, .any_asid = true, .any_vmid = true),
	ROW("ALLE3IS", 17, 0, 0, STAGE1, .any_asid = true, .any_vmid = true, .monitor = true),
	ROW("VAE3IS", 18, P(VA) | BY_ADDRESS, P(VA), STAGE1, .any_asid = true, .any_vmid = true,
	    .monitor = true),
	ROW("VALE3IS", 19, P(VA) | BY_ADDRESS, P(VA), STAGE1, .any_asid = true, .any_vmid = true,
	    .leaf = true, .monitor = true),
	ROW("RVAE3IS", 20, P(VA) | BY_RANGE, P(VA) | P(TG), STAGE1, .any_asid = true,
	    .any_vmid = true, .ranged = true, .monitor = true),
	ROW("RVALE3IS", 21, P(VA) | BY_RANGE, P(VA) | P(TG), STAGE1, .any_asid = true,
	    .any_vmid = true, .leaf = true, .ranged = true, .monitor = true),
	/* Of granule protection, by EL3.  D9.5 */
	ROW("RPAOS", 22, BY_PA, BY_PA, GPT, .any_asid = true, .any_vmid = true),
	ROW("RPALOS", 23, BY_PA, BY_PA, GPT, .any_asid = true, .any_vmid = true, .leaf = true),
	ROW("PAALLOS", 24, 0, 0, GPT, .any_asid = true, .any_vmid = true),
};

enum { DVM_ROWS = sizeof(dvm_rows) / sizeof(dvm_rows[0]) };

static const struct dvm_row *row_of(const uint64_t packed[2])
{
	const uint64_t number = field_value(packed, CMD_OPCODE);

	return number && number <= DVM_ROWS ? &dvm_rows[number - 1] : NULL;
}

/* ---- What it means ---- */

/* log2 of the granule of TG. */
static unsigned granule_lg2(uint64_t tg)
{
	return tg == CMD_TG_NONE ? 12 : 10 + 2 * (unsigned)tg;
}

/* (NUM + 1) * 2^(5 * SCALE + 1) granules.  D8.17.5.2, RQKRKL */
static uint64_t range_bytes(const uint64_t packed[2])
{
	const unsigned scale = (unsigned)param_get(&param_rows[PARAM_DVM_SCALE], packed);
	const uint64_t count = field_value(packed, CMD_TLBI_NUM) + 1;

	return count << (5 * scale + 1 + granule_lg2(field_value(packed, CMD_TLBI_TG)));
}

/* SIZE of RPAOS has the encodings of CMD_DPTI_PA's; 0: a reserved one.  C5.5.28, 4.6.2 */
static uint64_t pa_bytes(const uint64_t packed[2])
{
	const unsigned size_lg2 = by_pa_lg2(field_value(packed, CMD_DPTI_SIZE));

	return size_lg2 ? UINT64_C(1) << size_lg2 : 0;
}

/* TG, and TTL, which of one address are a hint together.  D8.17.5.1, D8.17.5.2 */
static void hint(const struct dvm_row *row, const uint64_t packed[2],
		 struct smmu3_invalidation *scope)
{
	const uint64_t tg = field_value(packed, CMD_TLBI_TG);
	const uint64_t ttl = field_value(packed, CMD_TLBI_TTL);

	if (tg == CMD_TG_NONE || (!row->ranged && !ttl))
		return;
	scope->hint_granule_lg2 = (uint8_t)granule_lg2(tg);
	scope->hint_level = ttl ? (uint8_t)(1 + ttl) : 0;
}

/* A translation goes whole by any of its addresses, so of one address 4KB are enough. */
bool dvm_scope(unsigned pas, const uint64_t packed[2], struct smmu3_invalidation *scope)
{
	const struct dvm_row *const row = row_of(packed);
	const bool ns_ipa = pas == SMMU3_PAS_SECURE && field_value(packed, CMD_TLBI_S_S2_NS);

	if (!row || (row->command.needs & P(PA) && !pa_bytes(packed)))
		return false;
	*scope = (struct smmu3_invalidation){
		.kind = (uint8_t)row->kind,
		.sec_sid = row->kind == GPT ? SMMU3_PAS_ROOT : (uint8_t)pas,
		.any_asid = row->any_asid,
		.any_vmid = row->any_vmid,
		.any_ssid = 1,
		.leaf = row->leaf,
		.asid = (uint16_t)field_value(packed, CMD_ASID),
		.vmid = (uint16_t)field_value(packed, CMD_VMID),
		.vmids = 1,
		.worlds = row->monitor ? SMMU3_WORLD_EL3 : 0,
		.ipa_pas = row->kind == STAGE2 && !ns_ipa ? (uint8_t)pas : SMMU3_PAS_NS,
	};
	if (row->command.needs & (P(VA) | P(IPA))) {
		scope->addr = field_in_place(packed, CMD_ADDRESS);
		scope->bytes = row->ranged ? range_bytes(packed) : 4096;
		hint(row, packed, scope);
	}
	if (row->command.needs & P(PA)) {
		scope->addr = field_in_place(packed, CMD_IPA);
		scope->bytes = pa_bytes(packed);
	}
	return true;
}

/* ---- As text ---- */

static int unknown_operation(struct trace_line *line, struct trace_word word)
{
	struct guess guess = { .text = word.text, .length = word.length };
	char suggestion[80];

	if (!word.length)
		return REFUSE(line, word, "which operation of CPUs? VAE1IS, ...");
	for (unsigned i = 0; i < DVM_ROWS; i++)
		guess_offer(&guess, dvm_rows[i].command.form);
	return REFUSE(line, word,
		      "'%.*s' is no TLB invalidation of the EL1&0 regime, of EL3 or by PA%s",
		      SHOWN(word), guess_text(&guess, suggestion, sizeof(suggestion)));
}

static const struct dvm_row *row_named(struct trace_word word)
{
	for (unsigned i = 0; i < DVM_ROWS; i++) {
		if (trace_is(word, dvm_rows[i].command.form))
			return &dvm_rows[i];
	}
	return NULL;
}

/* What Non-secure CPUs have not.  D8.17.4 */
static int judge_state(struct trace_line *line, struct trace_word name, const struct dvm_row *row,
		       const struct smmu3_trace_op *op)
{
	if (op->pas == SMMU3_PAS_SECURE)
		return row->kind == GPT ?
			       REFUSE(line, name, "granule protection is of no state: '! dvm %.*s'",
				      SHOWN(name)) :
			       1;
	if (row->monitor)
		return REFUSE(line, name, "EL3 is Secure: '! secure: dvm %.*s'", SHOWN(name));
	if (field_value(op->command, CMD_TLBI_S_S2_NS))
		return REFUSE(line, name, "'ns' is of Secure CPUs, whose IPAs are of two spaces");
	return 1;
}

/* What the register of an operation cannot say: TTL without a granule; of a range no granule, or
 * the middle of one.  D8.17.5 */
static int judge_translation(struct trace_line *line, struct trace_word name,
			     const struct dvm_row *row, const uint64_t packed[2])
{
	const uint64_t tg = field_value(packed, CMD_TLBI_TG);
	const uint64_t address = field_in_place(packed, CMD_ADDRESS);

	if (row->ranged && tg == CMD_TG_NONE)
		return REFUSE(line, name, "'%.*s' needs tg=4K, 16K or 64K", SHOWN(name));
	if (row->ranged && address & low_bits(granule_lg2(tg)))
		return REFUSE(line, name, "'%.*s' begins at a multiple of tg=", SHOWN(name));
	if (tg == CMD_TG_NONE && field_value(packed, CMD_TLBI_TTL))
		return REFUSE(line, name, "ttl= says nothing without tg=");
	return 1;
}

static int judge(struct trace_line *line, struct trace_word name, const struct dvm_row *row,
		 const uint64_t packed[2])
{
	if (!(row->command.needs & P(PA)))
		return judge_translation(line, name, row, packed);
	if (field_in_place(packed, CMD_IPA) & (pa_bytes(packed) - 1))
		return REFUSE(line, name, "'%.*s' begins at a multiple of size=", SHOWN(name));
	return 1;
}

int trace_dvm_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	const struct trace_word name = trace_next(line);
	const struct dvm_row *const row = row_named(name);
	int code;

	op->kind = SMMU3_TRACE_DVM;
	op->address_column = trace_column(line, name);
	if (!row)
		return unknown_operation(line, name);
	code = trace_params_parse(line, &row->command, name, op);
	if (code == 1)
		code = judge_state(line, name, row, op);
	return code == 1 ? judge(line, name, row, op->command) : code;
}

void trace_dvm_text(unsigned pas, const uint64_t packed[2], char *text, size_t size)
{
	const struct dvm_row *const row = row_of(packed);

	if (!row || !trace_row_text(&row->command, pas, packed, text, size))
		(void)snprintf(text, size, "dvm ?");
}
