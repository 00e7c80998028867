/* SPDX-License-Identifier: MIT */
#include "mistakes.h"

#include <string.h>

enum { OPCODE = 0xff, CFGI_STE = 0x03, CFGI_CD = 0x05, CFGI_LAST = 0x06, TLBI_FIRST = 0x10 };
enum { TLBI_LAST = 0x30, SYNC = 0x46, NUM_LSB = 12, TG_LSB = 10, ASID_LSB = 48, S2_IPA = 0x2a };
enum { PREFETCH = 0x01, S_TLBI_FIRST = 0x50, S_TLBI_LAST = 0x60, S_S2_IPA = 0x5a };

static bool is_tlbi(const uint64_t *word)
{
	const uint64_t opcode = word[0] & OPCODE;

	return (opcode >= TLBI_FIRST && opcode <= TLBI_LAST) ||
	       (opcode >= S_TLBI_FIRST && opcode <= S_TLBI_LAST);
}

static void say_nothing(uint64_t *word)
{
	word[0] = SYNC;
	word[1] = 0;
}

static void forget_tlbi(uint64_t *word)
{
	if (is_tlbi(word))
		say_nothing(word);
}

static void forget_ipa(uint64_t *word)
{
	if ((word[0] & OPCODE) == S2_IPA || (word[0] & OPCODE) == S_S2_IPA)
		say_nothing(word);
}

static void forget_cd(uint64_t *word)
{
	if ((word[0] & OPCODE) == CFGI_CD)
		say_nothing(word);
}

static void forget_ste(uint64_t *word)
{
	if ((word[0] & OPCODE) == CFGI_STE)
		say_nothing(word);
}

static bool changes_eats, changes_labels;

void software_changes_eats(bool eats)
{
	changes_eats = eats;
}

void software_changes_labels(bool labels)
{
	changes_labels = labels;
}

static void forget_cfgi(uint64_t *word)
{
	if ((word[0] & OPCODE) >= CFGI_STE && (word[0] & OPCODE) <= CFGI_LAST)
		say_nothing(word);
}

/* What only ATS transactions meet. */
static void forget_eats(uint64_t *word)
{
	if (changes_eats)
		forget_cfgi(word);
}

/* What shows in nothing but labels. */
static void forget_labels(uint64_t *word)
{
	if (changes_labels)
		forget_cfgi(word);
}

static void name_leaves(uint64_t *word)
{
	if (is_tlbi(word))
		word[1] |= 1;
}

static void name_other_asid(uint64_t *word)
{
	if (is_tlbi(word))
		word[0] ^= UINT64_C(1) << ASID_LSB;
}

/* A Secure IPA for a Non-secure one, or the other way about. */
static void name_other_space(uint64_t *word)
{
	if ((word[0] & OPCODE) == S_S2_IPA)
		word[1] ^= 2;
}

/* One page less where there are more than two. */
static void shorten_range(uint64_t *word)
{
	if (is_tlbi(word) && word[1] >> TG_LSB & 3 && (word[0] >> NUM_LSB & 0x1f) > 1)
		word[0] -= 1 << NUM_LSB;
}

static void forget_sync(uint64_t *word)
{
	if ((word[0] & OPCODE) == SYNC)
		word[0] = PREFETCH;
}

static const struct {
	const char *name;
	void (*make)(uint64_t *word);
} mistakes[] = {
	{ "tlbi", forget_tlbi },    { "ipa", forget_ipa },       { "cd", forget_cd },
	{ "ste", forget_ste },      { "leaf", name_leaves },     { "asid", name_other_asid },
	{ "range", shorten_range }, { "eats", forget_eats },     { "space", name_other_space },
	{ "sync", forget_sync },    { "labels", forget_labels },
};

static void (*err)(uint64_t *word);

bool software_errs(const char *name)
{
	for (unsigned i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++)
		if (!strcmp(mistakes[i].name, name))
			err = mistakes[i].make;
	return err != NULL;
}

bool software_is_wrong(void)
{
	return err != NULL;
}

void software_err(uint64_t *word)
{
	if (err)
		err(word);
}
