/* SPDX-License-Identifier: MIT */
#include "golden.h"
#include <check.h>
#include <inttypes.h>
#include <string.h>

void golden_words(uint64_t words[8], const uint8_t *bytes, size_t count)
{
	memset(words, 0, 64);
	for (size_t i = 0; i < count; i++)
		words[i / 8] |= (uint64_t)bytes[i] << 8 * (i % 8);
}

static uint64_t value_of(const char *field, const struct golden *expected, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(expected[i].field, field) == 0)
			return expected[i].value;
	}
	return 0;
}

void golden_check(const struct smmu3_layout *layout, const uint8_t *bytes,
		  const struct golden *expected, size_t count)
{
	uint64_t words[8], built[8] = { 0 };

	ck_assert_ptr_nonnull(layout);
	golden_words(words, bytes, layout->bits / 8u);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(smmu3_field(layout, expected[i].field) != NULL, "%s has no %s",
			      layout->name, expected[i].field);
	for (unsigned i = 0; i < layout->fields; i++) {
		const struct smmu3_field *field = &layout->field[i];
		uint64_t value = value_of(field->name, expected, count);
		uint64_t read = smmu3_field_get(words, field);

		ck_assert_msg(read == value, "%s.%s reads %#" PRIx64 ", not %#" PRIx64,
			      layout->name, field->name, read, value);
		ck_assert_int_eq(smmu3_field_set(built, field, value), 0);
	}
	ck_assert_mem_eq(built, words, sizeof(words));
}
