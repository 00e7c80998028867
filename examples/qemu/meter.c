/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a virtual machine's SMMU was asked, and how long it took: linked into QEMU beside either
 * model, it stands between QEMU's core and the model's callbacks, and prints at exit
 *
 *	METER translations 12345
 *	METER translations.ns 6789
 *
 * A translation with all that it brings about (walks, event records) counts as one, and so does a
 * register access with the commands that it has consumed.  A table or record that is fetched
 * through a device counts in both.
 */
#include "hw/arm/smmu-common.h"
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "system/system.h"

struct figure {
	const char *name;
	uint64_t calls, ticks;
};

static struct figure translations = { "translations" }, probes = { "probes" },
		     reads = { "register-reads" }, writes = { "register-writes" };

static IOMMUTLBEntry (*translate_inside)(IOMMUMemoryRegion *, hwaddr, IOMMUAccessFlags, int);
static const MemoryRegionOps *registers_inside;
static MemoryRegionOps registers;
static int64_t began_ns, began_ticks;
static Notifier when_ready, at_exit;

static void count(struct figure *figure, int64_t since)
{
	qatomic_inc(&figure->calls);
	qatomic_add(&figure->ticks, cpu_get_host_ticks() - since);
}

static IOMMUTLBEntry translate(IOMMUMemoryRegion *region, hwaddr addr, IOMMUAccessFlags flag,
			       int index)
{
	const int64_t since = cpu_get_host_ticks();
	const IOMMUTLBEntry entry = translate_inside(region, addr, flag, index);

	count(flag == IOMMU_NONE ? &probes : &translations, since);
	return entry;
}

static MemTxResult read_register(void *opaque, hwaddr offset, uint64_t *data, unsigned size,
				 MemTxAttrs attrs)
{
	const int64_t since = cpu_get_host_ticks();
	const MemTxResult result = registers_inside->read_with_attrs(opaque, offset, data, size,
								     attrs);

	count(&reads, since);
	return result;
}

static MemTxResult write_register(void *opaque, hwaddr offset, uint64_t data, unsigned size,
				  MemTxAttrs attrs)
{
	const int64_t since = cpu_get_host_ticks();
	const MemTxResult result = registers_inside->write_with_attrs(opaque, offset, data, size,
								      attrs);

	count(&writes, since);
	return result;
}

static void print_one(const struct figure *figure, double ns_per_tick)
{
	fprintf(stderr, "METER %s %" PRIu64 "\nMETER %s.ns %.0f\n", figure->name, figure->calls,
		figure->name, figure->ticks * ns_per_tick);
}

static void print(Notifier *notifier, void *data)
{
	const double ns_per_tick = (double)(get_clock() - began_ns) /
				   (double)(cpu_get_host_ticks() - began_ticks);

	print_one(&translations, ns_per_tick);
	print_one(&probes, ns_per_tick);
	print_one(&reads, ns_per_tick);
	print_one(&writes, ns_per_tick);
}

/* The machine is there, and nothing of it has run. */
static void begin(Notifier *notifier, void *data)
{
	Object *model = object_resolve_path_type("", TYPE_ARM_SMMU, NULL);
	IOMMUMemoryRegionClass *region = (IOMMUMemoryRegionClass *)object_class_by_name(
		"smmuv3-iommu-memory-region");

	if (!model)
		return;
	translate_inside = region->translate;
	region->translate = translate;
	registers_inside = ARM_SMMU(model)->iomem.ops;
	registers = *registers_inside;
	registers.read_with_attrs = read_register;
	registers.write_with_attrs = write_register;
	ARM_SMMU(model)->iomem.ops = &registers;
	began_ns = get_clock();
	began_ticks = cpu_get_host_ticks();
	at_exit.notify = print;
	qemu_add_exit_notifier(&at_exit);
}

static void __attribute__((constructor)) wait_until_ready(void)
{
	when_ready.notify = begin;
	qemu_add_machine_init_done_notifier(&when_ready);
}
