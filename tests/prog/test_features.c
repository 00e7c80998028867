/* SPDX-License-Identifier: MIT */
/* Features read out of identification registers; expectations decoded by hand from the register
 * values. */
#include "config.h"
#include "prog/idregs.h"
#include "run.h"

#include <check.h>

/* IDR-001, IDR-014, IDR-019, IDR-026, IDR-034 */
START_TEST(the_features_of_the_generic_profile)
{
	struct smmu3_config config = profile_config("generic-3.1");
	struct features f = features_from(&config, BANK_NS);

	ck_assert_uint_eq(f.minor, 1);
	ck_assert(f.s1p && f.s2p && f.ttf_aa64 && f.cohacc && f.asid16 && f.vmid16 && f.cd2l &&
		  f.st_two_level);
	ck_assert(!f.ttf_lpae && !f.btm && !f.hyp && !f.ats && !f.ns1ats && !f.msi && !f.sev &&
		  !f.atos && !f.pri);
	ck_assert(!f.vmw && !f.vatos && !f.atsrecerr && !f.term_model && !f.rme_impl);
	ck_assert_uint_eq(f.httu, 0);
	ck_assert_uint_eq(f.ttendian, 2);
	ck_assert_uint_eq(f.stall_model, 1);
	ck_assert_uint_eq(f.sidsize, 16);
	ck_assert_uint_eq(f.ssidsize, 20);
	ck_assert_uint_eq(f.cmdqs, 19);
	ck_assert_uint_eq(f.eventqs, 19);
	ck_assert_uint_eq(f.priqs, 0);
	ck_assert(f.attr_perms_ovr && f.attr_types_ovr && !f.ecmdq);
	ck_assert(f.had && f.xnx && f.fwb && f.stt && f.ril);
	ck_assert(!f.pbha && !f.pps && !f.mpam && !f.e0pd && !f.ptwnnc && !f.dpt && !f.pasidtt &&
		  !f.epan && !f.s1pi);
	ck_assert(!f.s2pi && !f.s2po && !f.the && !f.mteperm && !f.aie);
	ck_assert_uint_eq(f.bbml, 2);
	ck_assert_uint_eq(f.oas_bits, 52);
	ck_assert_uint_eq(f.va_bits, 52);
	ck_assert(f.gran4k && f.gran16k && f.gran64k && !f.ds && !f.d128);
	ck_assert_uint_eq(f.stall_max, 0);
	ck_assert(!f.secure_impl && !f.sel2 && !f.realm_impl && !f.mec);
	ck_assert_uint_eq(f.ias_bits, 52);
}
END_TEST

/* IDR0 = 0x498f769b, IDR1 = 0x0e733d10, IDR3 = 0x773c, IDR5 = 0x4f6 */
START_TEST(the_features_of_the_rmm_profile)
{
	struct smmu3_config config = profile_config("rmm");
	struct features f = features_from(&config, BANK_NS);

	ck_assert_uint_eq(f.minor, 3);
	ck_assert(f.s1p && f.s2p && f.hyp && f.ats && f.pri && f.msi && f.sev && f.vmw &&
		  f.atsrecerr && f.rme_impl);
	ck_assert(!f.btm && !f.ns1ats && !f.atos && !f.vatos);
	ck_assert_uint_eq(f.httu, 2);
	ck_assert_uint_eq(f.ttendian, 0);
	ck_assert_uint_eq(f.stall_model, 1);
	ck_assert_uint_eq(f.priqs, 7);
	ck_assert(f.pbha && f.pps && f.e0pd && f.ptwnnc && f.ds && !f.mpam && !f.dpt);
	ck_assert(f.realm_impl && !f.mec && !f.secure_impl);
}
END_TEST

START_TEST(the_features_of_the_largest_profile)
{
	struct smmu3_config config = profile_config("max-d128");
	struct features f = features_from(&config, BANK_NS);

	ck_assert(f.atos && f.vatos && f.ecmdq && f.mpam && f.dpt && f.pasidtt && f.epan &&
		  f.s1pi && f.s2pi && f.s2po);
	ck_assert(f.the && f.mteperm && f.aie && f.d128 && f.btm && f.secure_impl && f.sel2);
	ck_assert_uint_eq(f.httu, 3);
	ck_assert_uint_eq(f.stall_model, 0);
	ck_assert_uint_eq(f.stall_max, 0xffff);
	ck_assert_uint_eq(f.sidsize, 32);
	ck_assert_uint_eq(f.oas_bits, 56);
	ck_assert_uint_eq(f.va_bits, 56);
}
END_TEST

/* IDR-027: IDR5.OAS */
START_TEST(output_sizes)
{
	static const unsigned size[] = { 32, 36, 40, 42, 44, 48, 52, 56 };

	ck_assert_uint_eq(oas_bits((unsigned)_i), size[_i]);
}
END_TEST

/* ADR-01: LPAE alone always 40, VMSAv8-64 alone OAS, both the larger */
START_TEST(intermediate_sizes)
{
	static const struct {
		unsigned ttf, oas, ias;
	} rows[] = {
		{ 1, 32, 40 }, { 1, 40, 40 }, { 1, 48, 40 }, { 2, 32, 32 },
		{ 2, 36, 36 }, { 2, 52, 52 }, { 3, 32, 40 }, { 3, 36, 40 },
		{ 3, 40, 40 }, { 3, 42, 42 }, { 3, 52, 52 }, { 0, 48, 0 },
	};

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(ias_bits(rows[i].ttf, rows[i].oas), rows[i].ias);
}
END_TEST

/* STE-56, IDR-008: with a Secure state, S_IDR0 has the stall model; NSSTALLD resets to 0 */
START_TEST(the_secure_interface_decides_the_stall_model)
{
	struct smmu3_config config = profile_config("generic-3.1");

	ck_assert_uint_eq(features_from(&config, BANK_NS).stall_model, 1);
	config.s_idr[1] = 0x80000000;
	ck_assert_uint_eq(features_from(&config, BANK_NS).stall_model, 0);
	config.s_idr[0] = 0x02000000;
	ck_assert_uint_eq(features_from(&config, BANK_NS).stall_model, 2);
}
END_TEST

/* IDR-037, IDR-038, SEC-011, SEC-016, SEC-017: S_IDR0.MSI, S_IDR1.S_SIDSIZE and SEL2 are the Secure
 * state's own; it has stage 2 and EL2 together, and no ATS.  SEC-015: without RME it has EL3. */
START_TEST(the_secure_state_has_what_its_registers_say)
{
	struct smmu3_config config = profile_config("max");
	struct features f = features_from(&config, BANK_S);

	ck_assert_uint_eq(f.sec_sid, SMMU3_PAS_SECURE);
	ck_assert_uint_eq(f.sidsize, 32);
	ck_assert(f.s1p && f.s2p && f.hyp && f.msi && f.el3 && f.atos && f.vatos);
	ck_assert(!f.ats && !f.ns1ats && !f.pri && !f.dpt && !f.pasidtt && !f.atsrecerr);
	ck_assert(!f.sams);

	config.s_idr[0] = 0x01000000; /* no MSI, no stalls */
	config.s_idr[1] = 0x80000006; /* no SEL2; 6 bits */
	config.s_idr[3] = 0x40;       /* SAMS */
	config.idr[0] |= 1u << 30;    /* RME_IMPL */
	f = features_from(&config, BANK_S);
	ck_assert(f.sams);
	ck_assert_uint_eq(f.sidsize, 6);
	ck_assert_uint_eq(f.stall_model, 1);
	ck_assert(!f.s2p && !f.hyp && !f.msi && !f.el3 && !f.vatos);

	f = features_from(&config, BANK_NS);
	ck_assert_uint_eq(f.sidsize, 32);
	ck_assert(f.s2p && f.hyp && f.msi && f.ats && f.vatos && !f.el3 && !f.sams);
}
END_TEST

/* IDR-039 to IDR-042: R_IDR0 = 0x01012400 has PRI, MSI, ATS, and no stalls; R_IDR3 = 0x10000 has
 * MEC; ATOS is not for Realm streams */
START_TEST(the_realm_state_has_what_its_registers_say)
{
	struct smmu3_config config = profile_config("rmm");
	struct features f = features_from(&config, BANK_R);

	ck_assert_uint_eq(f.sec_sid, SMMU3_PAS_REALM);
	ck_assert_uint_eq(f.sidsize, 16);
	ck_assert_uint_eq(f.stall_model, 1);
	ck_assert(f.s1p && f.s2p && f.hyp && f.ats && f.pri && f.msi && f.mec);
	ck_assert(!f.dpt && !f.el3 && !f.atos && !f.vatos);
	config.idr[5] |= 8u << 16; /* STALL_MAX, which is of the others */
	f = features_from(&config, BANK_R);
	ck_assert_uint_eq(f.stall_max, 0);
}
END_TEST

/* SEC-006: with NSSTALLD Non-secure streams have the Terminate model alone */
START_TEST(non_secure_streams_may_be_forbidden_to_stall)
{
	struct smmu3_config config = profile_config("max");
	const struct features f = features_from(&config, BANK_NS);
	const struct features without = features_without_stalls(&f);

	ck_assert_uint_eq(f.stall_model, 0);
	ck_assert_uint_eq(without.stall_model, 1);
	ck_assert_uint_eq(without.stall_max, f.stall_max);
	ck_assert_uint_eq(without.sidsize, f.sidsize);
	ck_assert_uint_eq(without.oas_bits, f.oas_bits);
	ck_assert(without.s1p && without.s2p && without.ats && without.pri && without.the);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_features_of_the_generic_profile);
	tcase_add_test(tests, the_features_of_the_rmm_profile);
	tcase_add_test(tests, the_features_of_the_largest_profile);
	tcase_add_loop_test(tests, output_sizes, 0, 8);
	tcase_add_test(tests, intermediate_sizes);
	tcase_add_test(tests, the_secure_interface_decides_the_stall_model);
	tcase_add_test(tests, the_secure_state_has_what_its_registers_say);
	tcase_add_test(tests, the_realm_state_has_what_its_registers_say);
	tcase_add_test(tests, non_secure_streams_may_be_forbidden_to_stall);
}

int main(void)
{
	return run("features", add);
}
