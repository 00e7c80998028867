/* SPDX-License-Identifier: MIT */
/* Bytes are words of any structure, numbers that have names, and names. */
#include "bytes.h"
#include "files.h"

#include <smmu/decode.h>

enum { WORDS = 8 };

static size_t layouts(void)
{
	static size_t count;

	while (smmu3_layout_at(count))
		count++;
	return count;
}

/* What a field gives can be put back, and nothing else of the words changes. */
static void try_field(const uint64_t *words, const struct smmu3_field *field, size_t text_size)
{
	uint64_t changed[WORDS];
	char text[256];
	const uint64_t value = smmu3_field_get(words, field);

	memset(text, 'x', sizeof(text));
	smmu3_field_meaning(field, value, text, text_size);
	DEMAND(text_size == 0 || strlen(text) < text_size);
	memcpy(changed, words, sizeof(changed));
	DEMAND(smmu3_field_set(changed, field, value) == 0);
	DEMAND(!memcmp(changed, words, sizeof(changed)));
	DEMAND(smmu3_field_set(changed, field, 0) == 0);
	DEMAND(smmu3_field_get(changed, field) == 0);
	DEMAND(smmu3_field_set(changed, field, value) == 0);
	DEMAND(!memcmp(changed, words, sizeof(changed)));
}

static void try_layout(struct bytes *bytes, size_t text_size)
{
	const struct smmu3_layout *layout = smmu3_layout_at(take32(bytes) % layouts());
	uint64_t words[WORDS] = { 0 };
	unsigned next = 0;

	take(bytes, words, layout->bits / 8);
	for (unsigned i = 0; i < layout->fields; i++) {
		const struct smmu3_field *field = &layout->field[i];

		DEMAND(field->lsb == next);
		next = field->msb + 1u;
		try_field(words, field, text_size);
	}
	DEMAND(next == layout->bits);
	DEMAND(smmu3_layout(layout->name));
}

static void try_numbers(struct bytes *bytes, size_t text_size)
{
	const uint64_t offset = take64(bytes);
	const uint32_t number = take32(bytes);
	const struct smmu3_layout *reg = smmu3_register_at(offset);
	char text[256];

	DEMAND(!reg || smmu3_register_layout(reg->name));
	(void)smmu3_command_layout(number);
	(void)smmu3_event_layout(number);
	DEMAND(smmu3_event_name(number)[0]);
	DEMAND(smmu3_why(number)->sentence[0]);
	DEMAND(smmu3_pas_name(number) && smmu3_verdict_name(number));
	DEMAND(smmu3_shareability_name(number) && smmu3_fault_class_name(number));
	memset(text, 'x', sizeof(text));
	smmu3_attr_name((struct smmu3_attr){ (uint8_t)number, (uint8_t)(number >> 8) }, text,
			text_size);
	DEMAND(text_size == 0 || strlen(text) < text_size);
}

static void try_names(struct bytes *bytes)
{
	char name[64] = { 0 };

	take(bytes, name, sizeof(name) - 1);
	const struct smmu3_layout *const layout = smmu3_layout(name);
	const struct smmu3_layout *const reg = smmu3_register_layout(name);

	(void)smmu3_field(layout, name);
	(void)smmu3_field(reg, name);
	for (size_t i = 0; layout && i < layout->fields; i++)
		DEMAND(smmu3_field(layout, layout->field[i].name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	const size_t text_size = take8(&bytes);

	try_layout(&bytes, text_size);
	try_numbers(&bytes, text_size);
	try_names(&bytes);
	return 0;
}
