/* SPDX-License-Identifier: MIT */
/* Names, meanings and values as <smmu/decode.h> gives them, and what it does with arguments that
 * mean nothing. */
#include "support/suite.h"

#include <check.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Lookup ---- */

START_TEST(layouts_are_found_in_any_letter_case)
{
	ck_assert_str_eq(smmu3_layout("ste")->name, "STE");
	ck_assert_str_eq(smmu3_layout("Cmd_Tlbi_Nh_Va")->name, "CMD_TLBI_NH_VA");
	ck_assert_str_eq(smmu3_layout("f_translation")->name, "F_TRANSLATION");
	ck_assert_str_eq(smmu3_layout("ttd64_s2_leaf")->name, "TTD64_S2_LEAF");
	ck_assert_str_eq(smmu3_layout("smmu_cr0")->name, "SMMU_CR0");
	ck_assert_str_eq(smmu3_layout("STE")->section, "5.2");
	ck_assert_str_eq(smmu3_layout("CD")->section, "5.4");
	ck_assert_str_eq(smmu3_layout("CMD_SYNC")->section, "4.7.3");
	ck_assert_str_eq(smmu3_layout("TTD64_S1_TABLE")->section, "D8.3.1.1");
	ck_assert_str_eq(smmu3_layout("TTD64_S2_LEAF")->section, "D8.3.1.2");
	ck_assert_str_eq(smmu3_layout("F_WALK_EABT")->section, "7.3.12");
	ck_assert_str_eq(smmu3_layout("IMPDEF_EVENTn")->section, "7.3.21");
} END_TEST

START_TEST(registers_are_found_with_and_without_prefix)
{
	const struct smmu3_layout *cr0 = smmu3_layout("SMMU_CR0");

	ck_assert_ptr_eq(smmu3_register_layout("CR0"), cr0);
	ck_assert_ptr_eq(smmu3_register_layout("cr0"), cr0);
	ck_assert_ptr_eq(smmu3_register_layout("SMMU_CR0"), cr0);
	ck_assert_ptr_eq(smmu3_register_layout("smmu_cr0"), cr0);
	ck_assert_str_eq(smmu3_register_layout("s_cr0")->name, "SMMU_S_CR0");
	ck_assert_str_eq(smmu3_register_layout("r_gbpa")->name, "SMMU_R_GBPA");
	ck_assert_str_eq(smmu3_register_layout("root_idr0")->name, "SMMU_ROOT_IDR0");
	ck_assert_ptr_null(smmu3_register_layout("STE"));
	ck_assert_ptr_null(smmu3_register_layout("CMD_SYNC"));
	ck_assert_ptr_null(smmu3_register_layout("SMMU_"));
	ck_assert_ptr_null(smmu3_register_layout(""));
} END_TEST

START_TEST(registers_are_found_by_offset)
{
	ck_assert_str_eq(smmu3_register_at(0x0)->name, "SMMU_IDR0");
	ck_assert_str_eq(smmu3_register_at(0x80)->name, "SMMU_STRTAB_BASE");
	ck_assert_str_eq(smmu3_register_at(0x8080)->name, "SMMU_S_STRTAB_BASE");
	ck_assert_str_eq(smmu3_register_at(0x100ac)->name, "SMMU_EVENTQ_CONS");
	ck_assert_str_eq(smmu3_register_at(0x118)->name, "SMMU_GATOS_PAR");
	ck_assert_ptr_null(smmu3_register_at(0x84)); /* the upper half of STRTAB_BASE */
	ck_assert_ptr_null(smmu3_register_at(0x34));
	ck_assert_ptr_null(smmu3_register_at(0x1));
	ck_assert_ptr_null(smmu3_register_at(UINT64_MAX));
	ck_assert_ptr_null(smmu3_register_at(UINT64_C(1) << 32)); /* not IDR0 once more */
} END_TEST

/* REG-028 */
START_TEST(registers_that_stand_256_times_are_found_each_time)
{
	ck_assert_str_eq(smmu3_register_at(0x4000)->name, "SMMU_CMDQ_CONTROL_PAGE_BASEn");
	ck_assert_str_eq(smmu3_register_at(0x4000 + 255 * 0x20)->name,
			 "SMMU_CMDQ_CONTROL_PAGE_BASEn");
	ck_assert_str_eq(smmu3_register_at(0x4028)->name, "SMMU_CMDQ_CONTROL_PAGE_CFGn");
	ck_assert_str_eq(smmu3_register_at(0xc00c + 7 * 0x20)->name,
			 "SMMU_S_CMDQ_CONTROL_PAGE_STATUSn");
	ck_assert_ptr_null(smmu3_register_at(0x4010));
	ck_assert_ptr_null(smmu3_register_at(0x4000 + 256 * 0x20));
} END_TEST

START_TEST(fields_are_found_in_any_letter_case)
{
	const struct smmu3_layout *ste = smmu3_layout("STE");
	const struct smmu3_field *field = smmu3_field(ste, "s1contextptr");

	ck_assert_str_eq(field->name, "S1ContextPtr");
	ck_assert_uint_eq(field->msb, 55);
	ck_assert_uint_eq(field->lsb, 6);
	ck_assert_uint_eq(field->address, 1);
	ck_assert_ptr_null(smmu3_field(ste, "S1Context"));
	ck_assert_ptr_null(smmu3_field(ste, "S1ContextPtrs"));
	ck_assert_ptr_null(smmu3_field(ste, "T0SZ"));
	ck_assert_ptr_null(smmu3_field(ste, ""));
} END_TEST

START_TEST(events_have_names)
{
	ck_assert_str_eq(smmu3_event_name(0), "none");
	ck_assert_str_eq(smmu3_event_name(0x10), "F_TRANSLATION");
	ck_assert_str_eq(smmu3_event_name(0x0a), "C_BAD_CD");
	ck_assert_str_eq(smmu3_event_name(0x25), "F_VMS_FETCH");
	ck_assert_str_eq(smmu3_event_name(0xe0), "IMPDEF_EVENTn");
	ck_assert_str_eq(smmu3_event_name(0xef), "IMPDEF_EVENTn");
	ck_assert_str_eq(smmu3_event_name(0x14), "reserved");
	ck_assert_str_eq(smmu3_event_name(0xdf), "reserved");
	ck_assert_str_eq(smmu3_event_name(0xf0), "reserved");
	ck_assert_str_eq(smmu3_event_name(0x110), "reserved");
	ck_assert_str_eq(smmu3_event_name(UINT32_MAX), "reserved");
} END_TEST

/* ---- Values ---- */

START_TEST(an_address_keeps_its_bits_where_they_stand)
{
	const struct smmu3_layout *cd = smmu3_layout("CD");
	uint64_t words[8] = { 0, 0xf000123456789abf };

	ck_assert_uint_eq(smmu3_field_get(words, smmu3_field(cd, "TTB0")), 0x123456789ab0);
	ck_assert_int_eq(smmu3_field_set(words, smmu3_field(cd, "TTB0"), 0xfedcba98765430), 0);
	ck_assert_uint_eq(words[1], 0xf0fedcba9876543f); /* what surrounds it stays */
	ck_assert_uint_eq(words[0], 0);
} END_TEST

START_TEST(a_value_that_does_not_fit_changes_nothing)
{
	const struct smmu3_layout *cd = smmu3_layout("CD");
	uint64_t words[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint64_t before[8];

	memcpy(before, words, sizeof(before));
	ck_assert_int_eq(smmu3_field_set(words, smmu3_field(cd, "T0SZ"), 0x40), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_field_set(words, smmu3_field(cd, "V"), 2), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_field_set(words, smmu3_field(cd, "ASID"), 0x10000),
			 -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_field_set(words, smmu3_field(cd, "TTB0"), 0x8), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_field_set(words, smmu3_field(cd, "TTB0"), UINT64_C(1) << 56),
			 -SMMU3_E_ARGUMENT);
	ck_assert_mem_eq(words, before, sizeof(words));
} END_TEST

START_TEST(a_field_may_be_a_whole_word)
{
	const struct smmu3_field *field = smmu3_field(smmu3_layout("F_TRANSLATION"), "InputAddr");
	uint64_t words[4] = { 0 };

	ck_assert_int_eq(smmu3_field_set(words, field, UINT64_MAX), 0);
	ck_assert_uint_eq(words[2], UINT64_MAX);
	ck_assert_uint_eq(words[1] | words[3], 0);
	ck_assert_uint_eq(smmu3_field_get(words, field), UINT64_MAX);
} END_TEST

/* ---- Meanings ---- */

static const char *meaning(const char *layout, const char *field, uint64_t value)
{
	static char text[80];

	smmu3_field_meaning(smmu3_field(smmu3_layout(layout), field), value, text, sizeof(text));
	return text;
}

/* STE-11, STE-12, STE-13 */
START_TEST(config_says_what_a_stream_does)
{
	static const char *const expected[8] = {
		"abort",  "abort (reserved)", "abort (reserved)", "abort (reserved)",
		"bypass", "stage 1",          "stage 2",          "stage 1 and stage 2",
	};

	for (unsigned value = 0; value < 8; value++)
		ck_assert_str_eq(meaning("STE", "Config", value), expected[value]);
} END_TEST

/* CD-07 */
START_TEST(tg0_and_tg1_differ)
{
	static const char *const tg0[4] = { "4KB", "64KB", "16KB", "reserved" };
	static const char *const tg1[4] = { "reserved", "16KB", "4KB", "64KB" };

	for (unsigned value = 0; value < 4; value++) {
		ck_assert_str_eq(meaning("CD", "TG0", value), tg0[value]);
		ck_assert_str_eq(meaning("STE", "S2TG", value), tg0[value]);
		ck_assert_str_eq(meaning("CD", "TG1", value), tg1[value]);
	}
} END_TEST

/* IDR-027, IDR-029, IDR-009, IDR-007, EVT-005, L1STD-02, L1STD-03, ATTR-03 */
START_TEST(values_are_said_in_words)
{
	ck_assert_str_eq(meaning("CD", "IPS", 0), "32 bits");
	ck_assert_str_eq(meaning("CD", "IPS", 5), "48 bits");
	ck_assert_str_eq(meaning("SMMU_IDR5", "OAS", 3), "42 bits");
	ck_assert_str_eq(meaning("SMMU_IDR5", "VAX", 1), "52 bits");
	ck_assert_str_eq(meaning("SMMU_IDR0", "TTENDIAN", 2), "little-endian");
	ck_assert_str_eq(meaning("SMMU_IDR0", "STALL_MODEL", 2), "stall forced");
	ck_assert_str_eq(meaning("F_PERMISSION", "CLASS", 1), "TT");
	ck_assert_str_eq(meaning("F_PERMISSION", "RnW", 0), "write");
	ck_assert_str_eq(meaning("CMD_TLBI_S_S2_IPA", "NS", 0), "Secure IPA");
	ck_assert_str_eq(meaning("CMD_TLBI_S_S2_IPA", "NS", 1), "Non-secure IPA");
	ck_assert_str_eq(meaning("CMD_PREFETCH_ADDR", "NS", 1), "Non-secure IPA");
	ck_assert_str_eq(meaning("L1STD", "Span", 0), "invalid");
	ck_assert_str_eq(meaning("L1STD", "Span", 1), "1 STE");
	ck_assert_str_eq(meaning("L1STD", "Span", 11), "1024 STEs");
	ck_assert_str_eq(meaning("L1STD", "Span", 12), "reserved, as 0");
	ck_assert_str_eq(meaning("L1STD", "Span", 31), "reserved, as 0");
	ck_assert_str_eq(meaning("STE", "MemAttr", 13), "Normal-iNC-oWB");
	ck_assert_str_eq(meaning("STE", "MemAttr", 7), "Normal-iWB-oNC");
	ck_assert_str_eq(meaning("STE", "ALLOCCFG", 7), "incoming");
	ck_assert_str_eq(meaning("STE", "ALLOCCFG", 0xd), "read-allocate, transient");
	ck_assert_str_eq(meaning("SMMU_CR0", "VMW", 2), "VMID[1:0] ignored");
	ck_assert_str_eq(meaning("TTD64_S2_LEAF", "XN", 3), "executable privileged only");
	ck_assert_str_eq(meaning("TTD64_S1_TABLE", "APTable", 1), "no unprivileged access");
} END_TEST

START_TEST(where_nothing_is_said_the_text_is_empty)
{
	ck_assert_str_eq(meaning("STE", "S2T0SZ", 16), "");
	ck_assert_str_eq(meaning("STE", "Config", 8), "");
	ck_assert_str_eq(meaning("STE", "Config", UINT64_MAX), "");
	ck_assert_str_eq(meaning("SMMU_STRTAB_BASE_CFG", "SPLIT", 7), "");
	ck_assert_str_eq(meaning("STE", "no such field", 0), "");
} END_TEST

START_TEST(a_meaning_is_cut_to_the_room_there_is)
{
	const struct smmu3_field *field = smmu3_field(smmu3_layout("STE"), "Config");
	char text[8] = "xxxxxxx";

	smmu3_field_meaning(field, 4, text, 4);
	ck_assert_mem_eq(text, "byp\0xxx", 8);
	smmu3_field_meaning(field, 4, text, 7);
	ck_assert_str_eq(text, "bypass");
	smmu3_field_meaning(field, 4, text, 1);
	ck_assert_str_eq(text, "");
	text[0] = 'y';
	smmu3_field_meaning(field, 4, text, 0);
	ck_assert_int_eq(text[0], 'y');
	smmu3_field_meaning(field, 4, NULL, 8);
	smmu3_field_meaning(NULL, 4, text, sizeof(text));
	ck_assert_str_eq(text, "");
} END_TEST

START_TEST(malformed_meanings_of_a_callers_own_field_do_no_harm)
{
	static const char *const bad[] = {
		"",  "|", "||", "=", "x", "1", "1-", "1-2", "-", "0|", "99999999999999999999999",
		"0="
	};
	struct smmu3_field field = { "F", 0, 0, 0, NULL };
	char text[8];

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		field.meanings = bad[i];
		smmu3_field_meaning(&field, 0, text, sizeof(text));
		ck_assert_msg(i == 3 || text[0] == '\0', "%s: %s", bad[i], text);
	}
} END_TEST

/* ---- Memory types ---- */

static const char *type_name(uint8_t mair)
{
	static char text[48];

	smmu3_attr_name((struct smmu3_attr){ mair, SMMU3_ISH }, text, sizeof(text));
	return text;
}

/* ATTR-08 */
START_TEST(memory_types_have_names)
{
	ck_assert_str_eq(type_name(0x00), "Device-nGnRnE");
	ck_assert_str_eq(type_name(0x04), "Device-nGnRE");
	ck_assert_str_eq(type_name(0x08), "Device-nGRE");
	ck_assert_str_eq(type_name(0x0c), "Device-GRE");
	ck_assert_str_eq(type_name(0x44), "Normal-NC");
	ck_assert_str_eq(type_name(0xff), "Normal-WB");
	ck_assert_str_eq(type_name(0xbb), "Normal-WT");
	ck_assert_str_eq(type_name(0x4f), "Normal-iWB-oNC");
	ck_assert_str_eq(type_name(0xf4), "Normal-iNC-oWB");
	ck_assert_str_eq(type_name(0xfb), "Normal-iWT-oWB");
} END_TEST

/* ATTR-08: R is bit 1 of each half, W bit 0; 00RW and 01RW are transient */
START_TEST(hints_follow_where_they_are_not_both)
{
	ck_assert_str_eq(type_name(0xee), "Normal-WB-RAnWA");
	ck_assert_str_eq(type_name(0xdd), "Normal-WB-nRAWA");
	ck_assert_str_eq(type_name(0xcc), "Normal-WB-nRAnWA");
	ck_assert_str_eq(type_name(0xaa), "Normal-WT-RAnWA");
	ck_assert_str_eq(type_name(0x88), "Normal-WT-nRAnWA");
	ck_assert_str_eq(type_name(0x77), "Normal-WB-TR");
	ck_assert_str_eq(type_name(0x66), "Normal-WB-RAnWA-TR");
	ck_assert_str_eq(type_name(0x55), "Normal-WB-nRAWA-TR");
	ck_assert_str_eq(type_name(0x33), "Normal-WT-TR");
	ck_assert_str_eq(type_name(0x22), "Normal-WT-RAnWA-TR");
	ck_assert_str_eq(type_name(0xfe), "Normal-iWB-RAnWA-oWB");
	ck_assert_str_eq(type_name(0x6d), "Normal-iWB-nRAWA-oWB-RAnWA-TR");
} END_TEST

/* ATTR-09 */
START_TEST(reserved_memory_types_are_named_as_they_behave)
{
	ck_assert_str_eq(type_name(0x01), "Device-nGnRnE");
	ck_assert_str_eq(type_name(0x07), "Device-nGnRE");
	ck_assert_str_eq(type_name(0x0a), "Device-nGRE");
	ck_assert_str_eq(type_name(0x0f), "Device-GRE");
	ck_assert_str_eq(type_name(0xf0), "Normal-iWT-TR-oWB");
	ck_assert_str_eq(type_name(0x30), "Normal-WT-TR");
	ck_assert_str_eq(type_name(0x40), "Normal-iWT-TR-oNC");
} END_TEST

START_TEST(every_memory_type_fits_48_bytes_and_is_cut_to_less)
{
	char text[48], cut[12];

	for (unsigned mair = 0; mair < 256; mair++) {
		memset(text, 'x', sizeof(text));
		smmu3_attr_name((struct smmu3_attr){ (uint8_t)mair, 9 }, text, sizeof(text));
		ck_assert_uint_lt(strnlen(text, sizeof(text)), sizeof(text) - 1);
		smmu3_attr_name((struct smmu3_attr){ (uint8_t)mair, 9 }, cut, sizeof(cut));
		ck_assert_uint_lt(strnlen(cut, sizeof(cut)), sizeof(cut));
		ck_assert_int_eq(strncmp(text, cut, strlen(cut)), 0);
	}
	smmu3_attr_name((struct smmu3_attr){ 0xff, 0 }, NULL, 48);
	smmu3_attr_name((struct smmu3_attr){ 0xff, 0 }, text, 0);
} END_TEST

/* ---- Other names ---- */

START_TEST(small_numbers_have_names)
{
	ck_assert_str_eq(smmu3_pas_name(SMMU3_PAS_NS), "ns");
	ck_assert_str_eq(smmu3_pas_name(SMMU3_PAS_SECURE), "secure");
	ck_assert_str_eq(smmu3_pas_name(SMMU3_PAS_REALM), "realm");
	ck_assert_str_eq(smmu3_pas_name(SMMU3_PAS_ROOT), "root");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_OK), "OK");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_ABORT), "ABORT");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_RAZ_WI), "RAZ_WI");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_STALLED), "STALLED");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_BUSY), "BUSY");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_ERROR), "ERROR");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_NO_ACCESS), "NO_ACCESS");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_UR), "UR");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_CA), "CA");
	ck_assert_str_eq(smmu3_verdict_name(SMMU3_NO_OP), "NO_OP");
	ck_assert_str_eq(smmu3_class_name(SMMU3_CLASS_ORDINARY), "ordinary");
	ck_assert_str_eq(smmu3_class_name(SMMU3_CLASS_DESTRUCTIVE_READ), "DR");
	ck_assert_str_eq(smmu3_class_name(SMMU3_CLASS_CLEAN_INVALIDATE), "CLEANINV");
	ck_assert_str_eq(smmu3_class_name(SMMU3_CLASS_MAINTENANCE), "CMO");
	ck_assert_str_eq(smmu3_shareability_name(SMMU3_NSH), "nsh");
	ck_assert_str_eq(smmu3_shareability_name(SMMU3_OSH), "osh");
	ck_assert_str_eq(smmu3_shareability_name(SMMU3_ISH), "ish");
	ck_assert_str_eq(smmu3_fault_class_name(SMMU3_CLASS_CD), "CD");
	ck_assert_str_eq(smmu3_fault_class_name(SMMU3_CLASS_TT), "TT");
	ck_assert_str_eq(smmu3_fault_class_name(SMMU3_CLASS_IN), "IN");
} END_TEST

START_TEST(numbers_without_a_meaning_still_have_a_word)
{
	static const unsigned numbers[] = { 4, 5, 1000, UINT32_MAX };

	for (unsigned i = 0; i < 4; i++) {
		ck_assert_str_eq(smmu3_pas_name(numbers[i]), "unknown");
		ck_assert_str_eq(smmu3_shareability_name(numbers[i]), "unknown");
		ck_assert_str_eq(smmu3_fault_class_name(numbers[i]), "reserved");
	}
	ck_assert_str_eq(smmu3_verdict_name(10), "unknown");
	ck_assert_str_eq(smmu3_verdict_name(UINT32_MAX), "unknown");
	ck_assert_str_eq(smmu3_shareability_name(1), "reserved");
	ck_assert_str_eq(smmu3_fault_class_name(3), "reserved");
} END_TEST

START_TEST(every_reason_has_a_rule)
{
	for (unsigned why = 0; why < 0x10000; why++) {
		const struct smmu3_rule *rule = smmu3_why(why);

		ck_assert_ptr_nonnull(rule);
		ck_assert(rule->name && rule->name[0] && rule->field && rule->sentence &&
			  rule->sentence[0] && rule->section);
	}
	ck_assert_str_eq(smmu3_why(0)->sentence, "no fault");
	ck_assert_str_eq(smmu3_why(0xffff)->sentence, "no fault");
} END_TEST

/* "STE.S2T0SZ, CD.TBI": a field that is there, or the stem of numbered ones (TBI0, TBI1). */
static void check_rule_field(const char *text)
{
	char layout[48], field[48], numbered[52];
	int length = (int)strcspn(text, ".");

	snprintf(layout, sizeof(layout), "%.*s", length, text);
	snprintf(field, sizeof(field), "%.*s", (int)strcspn(text + length + 1, ","),
		 text + length + 1);
	ck_assert_msg(text[length] == '.', "%s", text);
	snprintf(numbered, sizeof(numbered), "%s0", field);
	ck_assert_msg(smmu3_field(smmu3_layout(layout), field) ||
			      smmu3_field(smmu3_layout(layout), numbered),
		      "%s has no %s", layout, field);
}

START_TEST(rules_name_fields_that_exist)
{
	for (unsigned why = 1; strcmp(smmu3_why(why)->name, smmu3_why(0)->name) != 0; why++) {
		const char *at = smmu3_why(why)->field;

		while (*at) {
			if (strncmp(at, "descriptor ", 11) !=
			    0) /* of either stage, table or leaf */
				check_rule_field(at);
			at += strcspn(at, ",");
			at += strspn(at, ", ");
		}
	}
} END_TEST

/* ---- Arguments that mean nothing ---- */

START_TEST(null_and_unknown_names_find_nothing)
{
	ck_assert_ptr_null(smmu3_layout(NULL));
	ck_assert_ptr_null(smmu3_layout(""));
	ck_assert_ptr_null(smmu3_layout("STE "));
	ck_assert_ptr_null(smmu3_layout("\xff\xfe"));
	ck_assert_ptr_null(smmu3_layout_at(SIZE_MAX));
	ck_assert_ptr_null(smmu3_register_layout(NULL));
	ck_assert_ptr_null(smmu3_field(NULL, "V"));
	ck_assert_ptr_null(smmu3_field(smmu3_layout("STE"), NULL));
	ck_assert_ptr_null(smmu3_command_layout(UINT32_MAX));
	ck_assert_ptr_null(smmu3_event_layout(UINT32_MAX));
	ck_assert_ptr_null(smmu3_event_layout(0));
	ck_assert_ptr_null(smmu3_command_layout(0));
} END_TEST

START_TEST(fields_that_cannot_be_read_zero_and_are_not_set)
{
	static const struct smmu3_field backwards = { "F", 3, 4, 0, NULL };
	static const struct smmu3_field across = { "F", 64, 63, 0, NULL };
	static const struct smmu3_field beyond = { "F", 512, 512, 0, NULL };
	uint64_t words[8] = { UINT64_MAX, UINT64_MAX };

	ck_assert_uint_eq(smmu3_field_get(words, &backwards), 0);
	ck_assert_uint_eq(smmu3_field_get(words, &across), 0);
	ck_assert_uint_eq(smmu3_field_get(words, &beyond), 0);
	ck_assert_uint_eq(smmu3_field_get(words, NULL), 0);
	ck_assert_uint_eq(smmu3_field_get(NULL, &smmu3_layout("STE")->field[0]), 0);
	ck_assert_int_eq(smmu3_field_set(words, &across, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_field_set(words, NULL, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_field_set(NULL, &smmu3_layout("STE")->field[0], 0),
			 -SMMU3_E_ARGUMENT);
	ck_assert_uint_eq(words[0], UINT64_MAX);
} END_TEST

static TCase *lookup_tests(void)
{
	TCase *tcase = tcase_create("lookup");

	tcase_add_test(tcase, layouts_are_found_in_any_letter_case);
	tcase_add_test(tcase, registers_are_found_with_and_without_prefix);
	tcase_add_test(tcase, registers_are_found_by_offset);
	tcase_add_test(tcase, registers_that_stand_256_times_are_found_each_time);
	tcase_add_test(tcase, fields_are_found_in_any_letter_case);
	tcase_add_test(tcase, events_have_names);
	return tcase;
}

static TCase *values_tests(void)
{
	TCase *tcase = tcase_create("values");

	tcase_add_test(tcase, an_address_keeps_its_bits_where_they_stand);
	tcase_add_test(tcase, a_value_that_does_not_fit_changes_nothing);
	tcase_add_test(tcase, a_field_may_be_a_whole_word);
	return tcase;
}

static TCase *meanings_tests(void)
{
	TCase *tcase = tcase_create("meanings");

	tcase_add_test(tcase, config_says_what_a_stream_does);
	tcase_add_test(tcase, tg0_and_tg1_differ);
	tcase_add_test(tcase, values_are_said_in_words);
	tcase_add_test(tcase, where_nothing_is_said_the_text_is_empty);
	tcase_add_test(tcase, a_meaning_is_cut_to_the_room_there_is);
	tcase_add_test(tcase, malformed_meanings_of_a_callers_own_field_do_no_harm);
	return tcase;
}

static TCase *types_tests(void)
{
	TCase *tcase = tcase_create("types");

	tcase_add_test(tcase, memory_types_have_names);
	tcase_add_test(tcase, hints_follow_where_they_are_not_both);
	tcase_add_test(tcase, reserved_memory_types_are_named_as_they_behave);
	tcase_add_test(tcase, every_memory_type_fits_48_bytes_and_is_cut_to_less);
	return tcase;
}

static TCase *names_tests(void)
{
	TCase *tcase = tcase_create("names");

	tcase_add_test(tcase, small_numbers_have_names);
	tcase_add_test(tcase, numbers_without_a_meaning_still_have_a_word);
	tcase_add_test(tcase, every_reason_has_a_rule);
	tcase_add_test(tcase, rules_name_fields_that_exist);
	return tcase;
}

static TCase *arguments_tests(void)
{
	TCase *tcase = tcase_create("arguments");

	tcase_add_test(tcase, null_and_unknown_names_find_nothing);
	tcase_add_test(tcase, fields_that_cannot_be_read_zero_and_are_not_set);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("decode");

	suite_add_tcase(suite, lookup_tests());
	suite_add_tcase(suite, values_tests());
	suite_add_tcase(suite, meanings_tests());
	suite_add_tcase(suite, types_tests());
	suite_add_tcase(suite, names_tests());
	suite_add_tcase(suite, arguments_tests());
	return run_checks(suite);
}
