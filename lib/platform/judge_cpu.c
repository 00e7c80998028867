/* SPDX-License-Identifier: MIT */
/* What CPUs map, which audits compare with what masters reach. */
#include "platform/machine.h"

#include "arch/attr.h"

#include <stdlib.h>

static bool judge_cpu_mapping(struct build *build, struct cpu_mapping_spec *cpu)
{
	const unsigned before = build->loader.complaints->count;

	if (cpu->size == UNSET)
		return false;
	if (cpu->sh == UNSET)
		cpu->sh = mair_is_always_osh((uint8_t)cpu->attr) ? SMMU3_OSH : SMMU3_ISH;
	if (cpu->pa % MEMORY_PAGE)
		COMPLAIN(&build->loader, key_node(cpu->at, "pa"), "no multiple of 4K");
	if (cpu->size % MEMORY_PAGE)
		COMPLAIN(&build->loader, key_node(cpu->at, "size"), "no multiple of 4K");
	if (cpu->size > PA_MOST - cpu->pa)
		COMPLAIN(&build->loader, key_node(cpu->at, "size"),
			 "the mapping passes 2^56, the end of physical addresses");
	return build->loader.complaints->count == before;
}

static int by_space(const void *a, const void *b)
{
	const struct cpu_mapping_spec *const left = *(struct cpu_mapping_spec *const *)a;
	const struct cpu_mapping_spec *const right = *(struct cpu_mapping_spec *const *)b;

	if (left->pas != right->pas)
		return left->pas < right->pas ? -1 : 1;
	return (left->pa > right->pa) - (left->pa < right->pa);
}

/* What memory is must be said once. */
static void check_overlaps(struct build *build, struct cpu_mapping_spec **sorted, size_t count)
{
	qsort(sorted, count, sizeof(struct cpu_mapping_spec *), by_space);
	for (size_t i = 1; i < count && !complaints_full(build->loader.complaints); i++) {
		const struct cpu_mapping_spec *const below = sorted[i - 1],
						     *const above = sorted[i];
		const struct cpu_mapping_spec *const later = below > above ? below : above;
		const struct cpu_mapping_spec *const first = below > above ? above : below;

		if (below->pas == above->pas && above->pa - below->pa < below->size)
			COMPLAIN(&build->loader, later->at,
				 "the CPU mapping overlaps that of line %u", first->at->line);
	}
}

void judge_cpus(struct build *build)
{
	struct list *const list = &build->machine->spec.cpu_mappings;
	struct cpu_mapping_spec **const sorted = arena_take(&build->machine->arena,
							    (list->count + 1) * sizeof(*sorted));
	size_t count = 0;

	if (!sorted) {
		complain_memory(&build->loader, build->machine->spec.at);
		return;
	}
	for (size_t i = 0; i < list->count && !complaints_full(build->loader.complaints); i++) {
		struct cpu_mapping_spec *const cpu = ITEM(*list, struct cpu_mapping_spec, i);

		if (judge_cpu_mapping(build, cpu))
			sorted[count++] = cpu;
	}
	check_overlaps(build, sorted, count);
}
