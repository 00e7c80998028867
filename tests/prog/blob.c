/* SPDX-License-Identifier: MIT */
#include "blob.h"

#include <check.h>
#include <string.h>

/* ---- Numbers ---- */

uint64_t number_at(const uint8_t *at, unsigned bytes)
{
	return bytes ? number_at(at + 1, bytes - 1) << 8 | *at : 0;
}

void put_at(uint8_t *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* ---- Saving and loading ---- */

struct blob saved(struct machine *m)
{
	struct blob blob = { .size = sizeof(blob.at) };
	struct smmu3_error error;

	if (smmu3_save(m->smmu, blob.at, &blob.size, &error))
		ck_abort_msg("%s", error.text);
	return blob;
}

bool same_blob(const struct blob *a, const struct blob *b)
{
	return a->size == b->size && !memcmp(a->at, b->at, a->size);
}

void load(struct machine *m, const struct blob *blob)
{
	struct smmu3_error error;

	if (smmu3_load(m->smmu, blob->at, blob->size, &error))
		ck_abort_msg("%s", error.text);
	if (error.code)
		ck_abort_msg("no error: %d", error.code);
}

void expect_refused(struct machine *m, const struct blob *blob, int code, const char *why)
{
	const struct blob before = saved(m);
	struct smmu3_error error = { 0 };
	const int came = smmu3_load(m->smmu, blob->at, blob->size, &error);
	const struct blob after = saved(m);

	if (came != -code || error.code != came || !strstr(error.text, why))
		ck_abort_msg("%d, %d, not %d: '%s', not '%s'", came, error.code, -code, error.text,
			     why);
	if (!same_blob(&before, &after))
		ck_abort_msg("refused, but something has changed: %s", why);
}

/* ---- Sections ---- */

enum { FIRST = 16, HEAD = 12, CHECKSUM = 4 };

uint8_t *section(struct blob *blob, const char *name)
{
	for (size_t at = FIRST; at + HEAD < blob->size;
	     at += HEAD + number_at(&blob->at[at + 8], 4))
		if (!memcmp(&blob->at[at], name, 4))
			return &blob->at[at + HEAD];
	ck_abort_msg("there is no section %s", name);
	return NULL;
}

size_t section_bytes(struct blob *blob, const char *name)
{
	return number_at(section(blob, name) - 4, 4);
}

void insert(struct blob *blob, const char *name, size_t at, const void *bytes, size_t count)
{
	uint8_t *const place = section(blob, name) + at;

	ck_assert_uint_le(blob->size + count, sizeof(blob->at));
	memmove(place + count, place, (size_t)(&blob->at[blob->size] - place));
	memcpy(place, bytes, count);
	put_at(section(blob, name) - 4, section_bytes(blob, name) + count, 4);
	blob->size += count;
}

void cut(struct blob *blob, const char *name, size_t at, size_t count)
{
	uint8_t *const place = section(blob, name) + at;

	memmove(place, place + count, (size_t)(&blob->at[blob->size] - place) - count);
	put_at(section(blob, name) - 4, section_bytes(blob, name) - count, 4);
	blob->size -= count;
}

/* The remainder of a division by the polynomial of IEEE 802.3, a bit at a time, lowest bit first.
 */
static uint32_t remainder_of(const uint8_t *at, size_t bytes)
{
	uint32_t rest = 0xffffffff;

	for (size_t i = 0; i < 8 * bytes; i++) {
		const uint32_t bit = (rest ^ (uint32_t)(at[i / 8] >> i % 8)) & 1;

		rest = bit ? rest >> 1 ^ 0xedb88320 : rest >> 1;
	}
	return rest ^ 0xffffffff;
}

void seal(struct blob *blob)
{
	put_at(&blob->at[12], blob->size, 4);
	put_at(&blob->at[blob->size - CHECKSUM], remainder_of(blob->at, blob->size - CHECKSUM),
	       CHECKSUM);
}

/* ---- Another SMMU ---- */

void renew(struct machine *m)
{
	const bool quiet = m->quiet;
	const unsigned seen = m->seen_count;
	unsigned counts[ENDED + 1];

	memcpy(counts, m->counts, sizeof(counts));
	m->quiet = true; /* and then there are no registers */
	smmu3_destroy(m->smmu);
	m->quiet = quiet;
	m->seen_count = seen;
	memcpy(m->counts, counts, sizeof(counts));
	create_machine(m);
}

void reload(struct machine *m)
{
	const struct blob blob = saved(m);

	renew(m);
	load(m, &blob);
}

void expect_section(struct machine *m, const char *name, const uint8_t *bytes, size_t count)
{
	struct blob blob = saved(m);
	const uint8_t *came = section(&blob, name);

	ck_assert_uint_eq(section_bytes(&blob, name), count);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(came[i] == bytes[i], "%s: byte %zu is %#x, not %#x", name, i, came[i],
			      bytes[i]);
}
