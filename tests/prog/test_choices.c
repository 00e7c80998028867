/* SPDX-License-Identifier: MIT */
/* Choices of docs/choices.md that registers show. */
#include "prog/gate.h"
#include "run.h"
#include "world.h"

#include <check.h>

enum { S = 4, D = 8 };

/* Before SMMUv3.2 a write to what is guarded may do other things too.  REG-015, CR-024, CR-027;
 * 6.3.11, 6.3.12, 6.3.21, 6.3.24 to 6.3.26, 6.3.29 */
static const struct {
	const char *profile;
	uint64_t enable, offset;
	uint64_t a, b;
	uint32_t bit;
	unsigned size;
} guards[] = {
	{ "minimal-3.0", 0x20, 0x28, 0xd40, 0x280, 0x1, S },
	{ "minimal-3.0", 0x20, 0x28, 0x035, 0x00a, 0x4, S },
	{ "minimal-3.0", 0x20, 0x2c, 0x2, 0, 0x1, S },
	{ "minimal-3.0", 0x20, 0x80, 0x4000000048596000, 0x1000, 0x1, D },
	{ "minimal-3.0", 0x20, 0x88, 0x6, 0x4, 0x1, S },
	{ "minimal-3.0", 0x20, 0x90, 0x400000005b700010, 0x20, 0x8, D },
	{ "minimal-3.0", 0x20, 0xa0, 0x400000005b80000f, 0x20, 0x4, D },
	{ "linux-session", 0x20, 0x28, 0xd40, 0x280, 0x1, S },
	{ "linux-session", 0x20, 0x28, 0x035, 0x00a, 0x8, S },
	{ "linux-session", 0x20, 0x2c, 0x2, 0, 0x1, S },
	{ "linux-session", 0x20, 0x80, 0x4000000048596000, 0x1000, 0x1, D },
	{ "linux-session", 0x20, 0x88, 0x10210, 0x8, 0x1, S },
	{ "linux-session", 0x20, 0x90, 0x400000005b700010, 0x20, 0x8, D },
	{ "linux-session", 0x20, 0xa0, 0x400000005b80000f, 0x20, 0x4, D },
	{ "linux-session", 0x50, 0x68, 0x12345678, 0x1234, 0x1, D },
	{ "linux-session", 0x50, 0x70, 0x12345678, 0x1234, 0x1, S },
	{ "linux-session", 0x50, 0x74, 0x1f, 0x20, 0x1, S },
	{ "linux-session", 0x50, 0xb0, 0x12345678, 0x1234, 0x4, D },
};

START_TEST(a_guard_holds_before_smmuv3_2_too)
{
	struct world w = world(guards[_i].profile);
	const uint64_t offset = guards[_i].offset;
	const unsigned size = guards[_i].size;

	prog_write(&w.prog, offset, size, guards[_i].a);
	write32(&w, guards[_i].enable, guards[_i].bit);
	prog_write(&w.prog, offset, size, guards[_i].b);
	ck_assert_uint_eq(prog_read(&w.prog, offset, size), guards[_i].a);
	write32(&w, guards[_i].enable, 0);
	prog_write(&w.prog, offset, size, guards[_i].b);
	ck_assert_uint_eq(prog_read(&w.prog, offset, size), guards[_i].b);
}
END_TEST

/* GBP-003: in SMMUv3.0, where a write without Update may be stored */
START_TEST(gbpa_ignores_a_write_without_update_in_smmuv3_0_too)
{
	struct world w = world("minimal-3.0");

	write32(&w, 0x44, 0x00100000);
	ck_assert_uint_eq(read32(&w, 0x44), 0x1000);
	write32(&w, 0x44, 0x80100000);
	ck_assert_uint_eq(read32(&w, 0x44), 0x00100000);
}
END_TEST

/* GBP-007: fields without their overrides keep what was written, and do nothing.  6.3.14 */
START_TEST(gbpa_reads_back_overrides_that_are_not_implemented)
{
	struct world w = world("minimal-3.0");

	ck_assert(!w.features.attr_types_ovr && !w.features.attr_perms_ovr);
	write32(&w, 0x44, 0x800f2f1f);
	ck_assert_uint_eq(read32(&w, 0x44), 0x000f2f1f);

	const struct bypass bypass = gate_from(&w.prog, &w.features).bypass;

	ck_assert(!bypass.mtcfg);
	ck_assert_uint_eq(bypass.alloccfg, 0);
	ck_assert_uint_eq(bypass.shcfg, 1);
	ck_assert_uint_eq(bypass.privcfg, 0);
	ck_assert_uint_eq(bypass.instcfg, 0);
}
END_TEST

/* CR-030: 6.3.12 recommends 1, and leaves it open */
START_TEST(ptm_is_0_at_reset)
{
	struct smmu3_config config = profile_config("generic-3.1");

	config.idr[0] |= 0x20; /* BTM */
	struct world w = world_of(config);

	ck_assert_int_eq(smmu3_config_check(&config, NULL), 0);
	ck_assert_uint_eq(read32(&w, 0x2c), 0);
	write32(&w, 0x2c, 0x4);
	ck_assert_uint_eq(read32(&w, 0x2c), 0x4);
}
END_TEST

/* CR-034: nothing is ever cached, yet STATUSR.DORMANT never says so.  3.19.1 */
START_TEST(the_dormant_hint_is_never_given)
{
	struct smmu3_config config = profile_config("generic-3.1");

	config.idr[0] |= 0x100; /* DORMHINT */
	struct world w = world_of(config);

	ck_assert_int_eq(smmu3_config_check(&config, NULL), 0);
	ck_assert_uint_eq(read32(&w, 0x40), 0);
	write32(&w, 0x20, 1);
	ck_assert_uint_eq(read32(&w, 0x40), 0);
}
END_TEST

/* GER-006: GERRORN keeps the bits, GERROR does not follow.  6.3.20 */
START_TEST(toggling_an_error_that_is_not_active_only_changes_gerrorn)
{
	struct world w = world("generic-3.1");

	write32(&w, 0x64, 0x105);
	ck_assert_uint_eq(read32(&w, 0x64), 0x105);
	ck_assert_uint_eq(read32(&w, 0x60), 0);
}
END_TEST

/* IDR-014: any value, where there is no PRI queue to size.  6.3.2 */
START_TEST(priqs_without_pri_reads_as_configured)
{
	struct smmu3_config config = profile_config("generic-3.1");

	config.idr[1] |= 0xf800;
	struct world w = world_of(config);

	ck_assert_int_eq(smmu3_config_check(&config, NULL), 0);
	ck_assert_uint_eq(read32(&w, 0x04), 0x0e73fd10);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_guard_holds_before_smmuv3_2_too, 0, COUNT(guards));
	tcase_add_test(tests, gbpa_ignores_a_write_without_update_in_smmuv3_0_too);
	tcase_add_test(tests, gbpa_reads_back_overrides_that_are_not_implemented);
	tcase_add_test(tests, ptm_is_0_at_reset);
	tcase_add_test(tests, the_dormant_hint_is_never_given);
	tcase_add_test(tests, toggling_an_error_that_is_not_active_only_changes_gerrorn);
	tcase_add_test(tests, priqs_without_pri_reads_as_configured);
}

int main(void)
{
	return run("choices", add);
}
