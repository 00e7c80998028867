/* SPDX-License-Identifier: MIT */
#include "platform/command_rows.h"

#include "tables_put.h"

static const struct word tg_words[] = { { "none", CMD_TG_NONE },
					{ "4K", CMD_TG_4K },
					{ "16K", CMD_TG_16K },
					{ "64K", CMD_TG_64K },
					{ NULL, 0 } };

/* Ac and Ab together; of a retry Ab does not count.  4.7.1 */
static const struct word action_words[] = {
	{ "retry", 1 }, { "abort", 2 }, { "razwi", 0 }, { NULL, 0 }
};

static const struct word cs_words[] = { { "none", CMD_SYNC_SIG_NONE },
					{ "irq", CMD_SYNC_SIG_IRQ },
					{ "sev", CMD_SYNC_SIG_SEV },
					{ NULL, 0 } };

static const struct word resp_words[] = { { "failure", CMD_RESP_FAILURE },
					  { "invalid", CMD_RESP_INVALID },
					  { "success", CMD_RESP_SUCCESS },
					  { NULL, 0 } };

/* 4.6.2 */
static const struct word dpti_words[] = { { "4K", 0 },  { "16K", 1 },  { "64K", 2 }, { "2M", 3 },
					  { "32M", 4 }, { "512M", 5 }, { "1G", 6 },  { "16G", 7 },
					  { "64G", 8 }, { "512G", 9 }, { NULL, 0 } };

#define CMD_RESUME_ACTION FIELD(13, 12)
#define DVM_SCALE FIELD(21, 20) /* 2 bits, as the CPUs' operations have it */

const struct param_row param_rows[PARAMS] = {
	[PARAM_SID] = { "sid", PARAM_NUMBER, CMD_STREAMID, NULL },
	[PARAM_SSEC] = { "ssec", PARAM_NUMBER, CMD_SSEC, NULL },
	[PARAM_SSID] = { "ssid", PARAM_NUMBER, CMD_SUBSTREAMID, NULL },
	[PARAM_VMID] = { "vmid", PARAM_NUMBER, CMD_VMID, NULL },
	[PARAM_ASID] = { "asid", PARAM_NUMBER, CMD_ASID, NULL },
	[PARAM_VA] = { "va", PARAM_ADDRESS, CMD_ADDRESS, NULL },
	[PARAM_PREFETCH_NS] = { "ns", PARAM_FLAG, CMD_PREFETCH_NS, NULL },
	[PARAM_IPA] = { "ipa", PARAM_ADDRESS, CMD_IPA, NULL },
	[PARAM_IPA_NS] = { "ns", PARAM_FLAG, CMD_TLBI_S_S2_NS, NULL },
	[PARAM_LEAF] = { "leaf", PARAM_FLAG, CMD_LEAF, NULL },
	[PARAM_TG] = { "tg", PARAM_WORD, CMD_TLBI_TG, tg_words },
	[PARAM_TTL] = { "ttl", PARAM_NUMBER, CMD_TLBI_TTL, NULL },
	[PARAM_NUM] = { "num", PARAM_NUMBER, CMD_TLBI_NUM, NULL },
	[PARAM_SCALE] = { "scale", PARAM_NUMBER, CMD_TLBI_SCALE, NULL },
	[PARAM_RANGE] = { "range", PARAM_NUMBER, CMD_RANGE, NULL },
	[PARAM_SIZE] = { "size", PARAM_NUMBER, CMD_PREFETCH_SIZE, NULL },
	[PARAM_STRIDE] = { "stride", PARAM_NUMBER, CMD_PREFETCH_STRIDE, NULL },
	[PARAM_STAG] = { "stag", PARAM_NUMBER, CMD_STAG, NULL },
	[PARAM_ACTION] = { "retry, abort or razwi", PARAM_CHOICE, (enum cmd_field)CMD_RESUME_ACTION,
			   action_words },
	[PARAM_CS] = { "none, irq or sev", PARAM_CHOICE, CMD_SYNC_CS, cs_words },
	[PARAM_MSI] = { "msi", PARAM_ADDRESS, CMD_SYNC_MSIADDRESS, NULL },
	[PARAM_DATA] = { "data", PARAM_NUMBER, CMD_SYNC_MSIDATA, NULL },
	[PARAM_ATTR] = { "memattr", PARAM_NUMBER, CMD_SYNC_MSIATTR, NULL },
	[PARAM_SH] = { "sh", PARAM_WORD, CMD_SYNC_MSH, shareability_words },
	[PARAM_GLOBAL] = { "global", PARAM_FLAG, CMD_ATC_GLOBAL, NULL },
	[PARAM_ATC_SIZE] = { "size", PARAM_NUMBER, CMD_ATC_SIZE, NULL },
	[PARAM_PRGINDEX] = { "prgindex", PARAM_NUMBER, CMD_PRGINDEX, NULL },
	[PARAM_RESP] = { "resp", PARAM_WORD, CMD_RESP, resp_words },
	[PARAM_PA] = { "pa", PARAM_ADDRESS, CMD_IPA, NULL },
	[PARAM_DPTI_SIZE] = { "size", PARAM_WORD, CMD_DPTI_SIZE, dpti_words },
	[PARAM_DVM_SCALE] = { "scale", PARAM_NUMBER, (enum cmd_field)DVM_SCALE, NULL },
};

#define P(name) PARAM_BIT(PARAM_##name)
/* CMD_CFGI_STE_RANGE with every StreamID in its range.  4.3.6 */
enum { CFGI_ALL_RANGE = 31 };

#define RANGE_PARAMS (P(LEAF) | P(TG) | P(TTL) | P(NUM) | P(SCALE))

const struct command_row command_rows[] = {
	{ "tlbi", "nh_all", CMD_TLBI_NH_ALL, P(VMID), 0, false, 0 },
	{ "tlbi", "nh_asid", CMD_TLBI_NH_ASID, P(VMID) | P(ASID), P(ASID), false, 0 },
	{ "tlbi", "nh_va", CMD_TLBI_NH_VA, P(VMID) | P(ASID) | P(VA) | RANGE_PARAMS,
	  P(ASID) | P(VA), false, 0 },
	{ "tlbi", "nh_vaa", CMD_TLBI_NH_VAA, P(VMID) | P(VA) | RANGE_PARAMS, P(VA), false, 0 },
	{ "tlbi", "el3_all", CMD_TLBI_EL3_ALL, 0, 0, false, 0 },
	{ "tlbi", "el3_va", CMD_TLBI_EL3_VA, P(VA) | RANGE_PARAMS, P(VA), false, 0 },
	{ "tlbi", "el2_all", CMD_TLBI_EL2_ALL, 0, 0, false, 0 },
	{ "tlbi", "el2_asid", CMD_TLBI_EL2_ASID, P(ASID), P(ASID), false, 0 },
	{ "tlbi", "el2_va", CMD_TLBI_EL2_VA, P(ASID) | P(VA) | RANGE_PARAMS, P(VA), false, 0 },
	{ "tlbi", "el2_vaa", CMD_TLBI_EL2_VAA, P(VA) | RANGE_PARAMS, P(VA), false, 0 },
	{ "tlbi", "s12_vmall", CMD_TLBI_S12_VMALL, P(VMID), 0, false, 0 },
	{ "tlbi", "s2_ipa", CMD_TLBI_S2_IPA, P(VMID) | P(IPA) | RANGE_PARAMS, P(IPA), false, 0 },
	{ "tlbi", "nsnh_all", CMD_TLBI_NSNH_ALL, 0, 0, false, 0 },
	{ "tlbi", "s_el2_all", CMD_TLBI_S_EL2_ALL, 0, 0, false, 0 },
	{ "tlbi", "s_el2_asid", CMD_TLBI_S_EL2_ASID, P(ASID), P(ASID), false, 0 },
	{ "tlbi", "s_el2_va", CMD_TLBI_S_EL2_VA, P(ASID) | P(VA) | RANGE_PARAMS, P(VA), false, 0 },
	{ "tlbi", "s_el2_vaa", CMD_TLBI_S_EL2_VAA, P(VA) | RANGE_PARAMS, P(VA), false, 0 },
	{ "tlbi", "s_s12_vmall", CMD_TLBI_S_S12_VMALL, P(VMID), 0, false, 0 },
	{ "tlbi", "s_s2_ipa", CMD_TLBI_S_S2_IPA, P(VMID) | P(IPA) | P(IPA_NS) | RANGE_PARAMS,
	  P(IPA), false, 0 },
	{ "tlbi", "snh_all", CMD_TLBI_SNH_ALL, 0, 0, false, 0 },
	{ "cfgi", "all", CMD_CFGI_ALL, P(SSEC), 0, false, CFGI_ALL_RANGE },
	{ "cfgi", "ste", CMD_CFGI_STE, P(SID) | P(SSEC) | P(LEAF), P(SID), false, 0 },
	{ "cfgi", "ste_range", CMD_CFGI_STE_RANGE, P(SID) | P(SSEC) | P(RANGE), P(SID) | P(RANGE),
	  false, 0 },
	{ "cfgi", "cd", CMD_CFGI_CD, P(SID) | P(SSEC) | P(SSID) | P(LEAF), P(SID), false, 0 },
	{ "cfgi", "cd_all", CMD_CFGI_CD_ALL, P(SID) | P(SSEC), P(SID), false, 0 },
	{ "cfgi", "vms_pidm", CMD_CFGI_VMS_PIDM, P(SSEC) | P(VMID), P(VMID), false, 0 },
	{ "prefetch", "config", CMD_PREFETCH_CONFIG, P(SID) | P(SSEC) | P(SSID), P(SID), true, 0 },
	{ "prefetch", "addr", CMD_PREFETCH_ADDR,
	  P(SID) | P(SSEC) | P(SSID) | P(VA) | P(PREFETCH_NS) | P(SIZE) | P(STRIDE), P(SID) | P(VA),
	  true, 0 },
	{ "atc_inv", NULL, CMD_ATC_INV, P(SID) | P(SSID) | P(VA) | P(ATC_SIZE) | P(GLOBAL), P(SID),
	  true, 0 },
	{ "pri_resp", NULL, CMD_PRI_RESP, P(SID) | P(SSID) | P(PRGINDEX) | P(RESP),
	  P(SID) | P(PRGINDEX) | P(RESP), true, 0 },
	{ "dpti", "all", CMD_DPTI_ALL, 0, 0, false, 0 },
	{ "dpti", "pa", CMD_DPTI_PA, P(PA) | P(DPTI_SIZE) | P(LEAF), P(PA), false, 0 },
	{ "resume", NULL, CMD_RESUME, P(SID) | P(SSEC) | P(STAG) | P(ACTION),
	  P(SID) | P(STAG) | P(ACTION), false, 0 },
	{ "stall_term", NULL, CMD_STALL_TERM, P(SID) | P(SSEC), P(SID), false, 0 },
	{ "sync", NULL, CMD_SYNC, P(CS) | P(MSI) | P(DATA) | P(ATTR) | P(SH), 0, false, 0 },
	{ NULL, NULL, (enum cmd_opcode)0, 0, 0, false, 0 },
};

uint64_t param_bits(const struct param_row *row)
{
	const uint64_t mask = field_mask((int)row->field);

	return row->kind == PARAM_ADDRESS ? mask : mask >> field_lsb((int)row->field) % 64;
}

uint64_t param_get(const struct param_row *row, const uint64_t command[2])
{
	return row->kind == PARAM_ADDRESS ? field_in_place(command, (int)row->field) :
					    field_value(command, (int)row->field);
}

void param_set(const struct param_row *row, uint64_t command[2], uint64_t value)
{
	if (row->kind == PARAM_ADDRESS)
		put_address(command, (int)row->field, value);
	else
		put(command, (int)row->field, value);
}
