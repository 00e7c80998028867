/* SPDX-License-Identifier: MIT */
#include "gpt_world.h"

#include <check.h>
#include <string.h>

static const struct gpt_word *word_at(const struct gpt_world *w, uint64_t at)
{
	for (unsigned i = w->words; i-- > 0;)
		if (w->word[i].at == at)
			return &w->word[i];
	return NULL;
}

static enum smmu3_mem_result answer(void *context, const struct smmu3_mem_access *access,
				    void *data)
{
	struct gpt_world *w = context;
	const struct gpt_word *word = word_at(w, access->pa);
	const uint64_t value = word ? to_le64(word->word) : 0;

	ck_assert_uint_lt(w->reads, GPT_READS);
	w->read[w->reads++] = *access;
	memcpy(data, &value, sizeof(value));
	return word && word->aborts ? SMMU3_MEM_ABORT : SMMU3_MEM_OK;
}

void gpt_world_open(struct gpt_world *w)
{
	*w = (struct gpt_world){
		.registers = { L0_AT, 0x3502, true, true },
		.features = { .oas_bits = 52, .gran4k = true, .gran16k = true, .gran64k = true },
	};
	mem_init(&w->mem, &(struct smmu3_host){ .size = sizeof(struct smmu3_host),
						.context = w,
						.read = answer });
	w->view.mem = &w->mem;
}

void gpt_world_close(struct gpt_world *w)
{
	mem_free(&w->mem);
}

void put_word(struct gpt_world *w, uint64_t at, uint64_t word)
{
	ck_assert_uint_lt(w->words, GPT_WORDS);
	w->word[w->words++] = (struct gpt_word){ at, word, false };
}

void put_abort(struct gpt_world *w, uint64_t at)
{
	ck_assert_uint_lt(w->words, GPT_WORDS);
	w->word[w->words++] = (struct gpt_word){ at, 0, true };
}

struct gpc_verdict checked(struct gpt_world *w, enum smmu3_pas pas, uint64_t addr)
{
	const struct gpc gpc = gpc_decode(&w->features, &w->registers);

	w->reads = 0;
	return gpc_check(&w->view, &gpc, (struct pa){ addr, pas },
			 (struct smmu3_mpam){ .partid = 0 });
}

void expect_pass(struct gpt_world *w, enum smmu3_pas pas, uint64_t addr, unsigned span_lg2)
{
	const struct gpc_verdict verdict = checked(w, pas, addr);

	ck_assert_uint_eq(verdict.result, GPC_PASSES);
	ck_assert_uint_eq(verdict.span_lg2, span_lg2);
}

void expect_denied(struct gpt_world *w, enum smmu3_pas pas, uint64_t addr, unsigned level)
{
	const struct gpc_verdict verdict = checked(w, pas, addr);

	ck_assert_uint_eq(verdict.result, GPC_DENIED);
	ck_assert_uint_eq(verdict.level, level);
}

void expect_error(struct gpt_world *w, enum smmu3_pas pas, uint64_t addr, unsigned cfg_err,
		  unsigned level)
{
	const struct gpc_verdict verdict = checked(w, pas, addr);

	ck_assert_uint_eq(verdict.result, GPC_LOOKUP_ERROR);
	ck_assert_uint_eq(verdict.cfg_err, cfg_err);
	ck_assert_uint_eq(verdict.level, level);
}
