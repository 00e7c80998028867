/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libsmmu as QEMU's "arm-smmuv3": linked in place of QEMU's own model.  QEMU's smmu-common.c stays;
 * it gives each PCI function its IOMMU memory region.
 *
 * The SMMU calls back from any thread that translates or accesses registers, with QEMU's big lock
 * held or, below a disk's iothread, without it.  Interrupts wait for the main loop then; only a
 * notification of others, and memory that is a device's, take the lock.
 *
 * Properties: stage ("1", "2" or "nested"); caches and micro, the places of the shared TLB and of
 * the micro-TLBs of 64 streams in front; statistics, printed at exit; record, a file that gets all
 * that the SMMU meets and does, of one boot; check, which prints each use of something that the
 * guest should have invalidated, by smmu/check.h; forget, of how many TLBI commands one is lost, as
 * if the guest had forgotten it, to see that found.
 */
#include "qemu/osdep.h"

#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "qemu/units.h"
#if __has_include("system/address-spaces.h")
#include "system/address-spaces.h"
#else
#include "exec/address-spaces.h"
#endif
#include "hw/arm/smmu-common.h"
#include "hw/boards.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "system/runstate.h"
#include "system/system.h"

#include <smmu/check.h>
#include <smmu/record.h>
#include <smmu/smmu.h>
#include <smmu/stats.h>

#define TYPE_LIBSMMU "arm-smmuv3"
#define TYPE_LIBSMMU_REGION "smmuv3-iommu-memory-region"

enum { IRQS = 4, REGISTERS_BYTES = 0x20000, MICRO_STREAMS = 64 };

struct Libsmmu {
	SMMUState parent;
	struct smmu3 *smmu;
	qemu_irq irq[IRQS];
	unsigned pulses; /* bits of irq that wait for the main loop */
	uint8_t *blob;   /* the state, while it is saved or loaded */
	uint32_t blob_bytes;
	Notifier at_exit;
	struct smmu3_record *record; /* NULL: nothing is recorded */
	FILE *recorded;
	char *stage, *record_path;
	uint32_t caches, micro, forget;
	unsigned tlbis;    /* so far, of those that may be forgotten */
	unsigned findings; /* so far */
	bool statistics, check;
};

struct LibsmmuClass {
	SMMUBaseClass parent;
	DeviceRealize realize;
	ResettablePhases phases;
};

OBJECT_DECLARE_TYPE(Libsmmu, LibsmmuClass, LIBSMMU)

/* ---- Memory ---- */

static enum smmu3_mem_result answer_of(MemTxResult result)
{
	return result == MEMTX_OK ? SMMU3_MEM_OK : SMMU3_MEM_ABORT;
}

/* A command that is lost does nothing: CMD_PREFETCH_CONFIG.  Commands are read by one thread. */
static void forget(struct Libsmmu *s, uint8_t *command)
{
	enum { PREFETCH_CONFIG = 0x01, TLBI_FIRST = 0x10, TLBI_LAST = 0x30 };

	if (command[0] >= TLBI_FIRST && command[0] <= TLBI_LAST && !(++s->tlbis % s->forget)) {
		memset(command, 0, 16);
		command[0] = PREFETCH_CONFIG;
	}
}

static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	struct Libsmmu *s = context;
	const enum smmu3_mem_result result = answer_of(
		address_space_read(&address_space_memory, access->pa, MEMTXATTRS_UNSPECIFIED, data,
				   access->bytes));

	if (s->forget && access->reason == SMMU3_REASON_CMDQ && result == SMMU3_MEM_OK)
		forget(s, data);
	return result;
}

static enum smmu3_mem_result on_write(void *context, const struct smmu3_mem_access *access,
				      const void *data)
{
	return answer_of(address_space_write(&address_space_memory, access->pa,
					     MEMTXATTRS_UNSPECIFIED, data, access->bytes));
}

static void on_written(void *context, const struct smmu3_mem_access *access)
{
	MemoryRegion *ram = current_machine->ram;

	memory_region_set_dirty(ram, access->pa - ram->addr, access->bytes);
}

/* The machine's own RAM, which is never unplugged, is read in place; all else by on_read, and what
 * is to be recorded, or may be forgotten, too. */
static void add_ram(struct Libsmmu *s)
{
	MemoryRegion *ram = current_machine->ram;

	if (ram && ram->container == get_system_memory() && !s->record && !s->forget)
		smmu3_add_ram(s->smmu, ram->addr, memory_region_size(ram),
			      SMMU3_PAS_BIT(SMMU3_PAS_NS), memory_region_get_ram_ptr(ram));
}

/* ---- Interrupts ---- */

static void deliver(void *opaque)
{
	struct Libsmmu *s = opaque;
	unsigned pulses = qatomic_xchg(&s->pulses, 0);

	for (unsigned i = 0; i < IRQS; i++)
		if (pulses & BIT(i))
			qemu_irq_pulse(s->irq[i]);
}

/* QEMU numbers its four wires as the library does. */
static void on_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	struct Libsmmu *s = context;

	qatomic_or(&s->pulses, BIT(interrupt));
	if (bql_locked())
		deliver(s);
	else
		aio_bh_schedule_oneshot(qemu_get_aio_context(), deliver, s);
}

/* ---- Who keeps translations: vhost and VFIO ---- */

static void notify_part(SMMUDevice *sdev, hwaddr at, hwaddr mask)
{
	IOMMUTLBEvent event = {
		.type = IOMMU_NOTIFIER_UNMAP,
		.entry = { .target_as = &address_space_memory, .iova = at, .addr_mask = mask },
	};
	IOMMUNotifier *n;

	IOMMU_NOTIFIER_FOREACH(n, &sdev->iommu)
	memory_region_notify_iommu_one(n, &event);
}

/* In parts that are powers of two, each aligned to itself. */
static void notify_range(SMMUDevice *sdev, uint64_t at, uint64_t bytes)
{
	while (bytes) {
		uint64_t part = MIN(at ? at & -at : UINT64_C(1) << 63, pow2floor(bytes));

		notify_part(sdev, at, part - 1);
		at += part;
		bytes -= part;
	}
}

static void notify_all(SMMUDevice *sdev)
{
	IOMMUNotifier *n;

	IOMMU_NOTIFIER_FOREACH(n, &sdev->iommu)
	memory_region_unmap_iommu_notifier_range(n);
}

/* A device hears of every address space's invalidations: it may be told too much. */
static void on_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	struct Libsmmu *s = context;
	bool by_va = scope->kind == SMMU3_INVALIDATES_STAGE1 && scope->bytes;
	SMMUDevice *sdev;

	if (QLIST_EMPTY(&s->parent.devices_with_notifiers))
		return;
	BQL_LOCK_GUARD();
	QLIST_FOREACH(sdev, &s->parent.devices_with_notifiers, next)
	if (by_va)
		notify_range(sdev, scope->addr, scope->bytes);
	else
		notify_all(sdev);
}

static int notify_flag_changed(IOMMUMemoryRegion *region, IOMMUNotifierFlag before,
			       IOMMUNotifierFlag now, Error **errp)
{
	SMMUDevice *sdev = container_of(region, SMMUDevice, iommu);
	struct Libsmmu *s = sdev->smmu;

	if (now & (IOMMU_NOTIFIER_MAP | IOMMU_NOTIFIER_DEVIOTLB_UNMAP)) {
		error_setg(errp, "%s: notifiers of mappings and of device TLBs are not supported",
			   region->parent_obj.name);
		return -EINVAL;
	}
	if (before == IOMMU_NOTIFIER_NONE)
		QLIST_INSERT_HEAD(&s->parent.devices_with_notifiers, sdev, next);
	else if (now == IOMMU_NOTIFIER_NONE)
		QLIST_REMOVE(sdev, next);
	return 0;
}

/* ---- Transactions ---- */

static IOMMUTLBEntry entry_of(hwaddr addr, const struct smmu3_outcome *outcome)
{
	hwaddr mask = outcome->span ? outcome->span - 1 : ~(hwaddr)0;

	return (IOMMUTLBEntry){
		.target_as = &address_space_memory,
		.iova = addr & ~mask,
		.translated_addr = outcome->pa & ~mask,
		.addr_mask = mask,
		.perm = IOMMU_ACCESS_FLAG(outcome->perm & SMMU3_PERM_UR,
					  outcome->perm & SMMU3_PERM_UW),
	};
}

static enum smmu3_verdict ask(struct Libsmmu *s, const struct smmu3_txn *txn,
			      struct smmu3_outcome *outcome)
{
	return likely(!s->record) ? smmu3_translate(s->smmu, txn, outcome) :
				    smmu3_record_translate(s->record, s->smmu, txn, outcome);
}

/* Without a flag QEMU asks what is mapped, whichever access that lets through. */
static IOMMUTLBEntry translate(IOMMUMemoryRegion *region, hwaddr addr, IOMMUAccessFlags flag,
			       int index)
{
	SMMUDevice *sdev = container_of(region, SMMUDevice, iommu);
	struct Libsmmu *s = sdev->smmu;
	struct smmu3_txn txn = {
		.addr = addr,
		.bytes = 1,
		.sid = smmu_get_sid(sdev),
		.flags = SMMU3_TXN_NO_STALL | (flag == IOMMU_WO ? SMMU3_TXN_WRITE : 0) |
			 (flag == IOMMU_NONE ? SMMU3_TXN_PROBE : 0),
		.txn_class = flag == IOMMU_RW ? SMMU3_CLASS_ATOMIC : SMMU3_CLASS_ORDINARY,
	};
	struct smmu3_outcome outcome;
	enum smmu3_verdict verdict = ask(s, &txn, &outcome);

	if (verdict != SMMU3_OK && flag == IOMMU_NONE) {
		txn.flags |= SMMU3_TXN_WRITE;
		verdict = ask(s, &txn, &outcome);
	}
	return verdict == SMMU3_OK ? entry_of(addr, &outcome) :
				     (IOMMUTLBEntry){ .target_as = &address_space_memory,
						      .iova = addr,
						      .addr_mask = 0xfff };
}

/* ---- Registers ---- */

static enum smmu3_pas space_of(MemTxAttrs attrs)
{
	return attrs.secure ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
}

static MemTxResult read_register(void *opaque, hwaddr offset, uint64_t *data, unsigned size,
				 MemTxAttrs attrs)
{
	struct Libsmmu *s = opaque;
	int failed = s->record ? smmu3_record_mmio_read(s->record, s->smmu, space_of(attrs), offset,
							size, data) :
				 smmu3_mmio_read(s->smmu, space_of(attrs), offset, size, data);

	return failed ? MEMTX_ERROR : MEMTX_OK;
}

static MemTxResult write_register(void *opaque, hwaddr offset, uint64_t data, unsigned size,
				  MemTxAttrs attrs)
{
	struct Libsmmu *s = opaque;
	int failed = s->record ? smmu3_record_mmio_write(s->record, s->smmu, space_of(attrs),
							 offset, size, data) :
				 smmu3_mmio_write(s->smmu, space_of(attrs), offset, size, data);

	return failed ? MEMTX_ERROR : MEMTX_OK;
}

static const MemoryRegionOps registers = {
	.read_with_attrs = read_register,
	.write_with_attrs = write_register,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 4, .max_access_size = 8 },
	.impl = { .min_access_size = 4, .max_access_size = 8 },
};

/* ---- Save and load ---- */

static int pre_save(void *opaque)
{
	struct Libsmmu *s = opaque;
	struct smmu3_error error;
	size_t bytes = 0;

	deliver(s);
	smmu3_save(s->smmu, NULL, &bytes, NULL);
	g_free(s->blob);
	s->blob = g_malloc(bytes);
	s->blob_bytes = bytes;
	if (!smmu3_save(s->smmu, s->blob, &bytes, &error))
		return 0;
	error_report("libsmmu: %s", error.text);
	return -EINVAL;
}

static int post_load(void *opaque, int version)
{
	struct Libsmmu *s = opaque;
	struct smmu3_error error;

	if (s->record)
		smmu3_record_unsaid(s->record, "a state is loaded");
	if (!smmu3_load(s->smmu, s->blob, s->blob_bytes, &error))
		return 0;
	error_report("libsmmu: %s", error.text);
	return -EINVAL;
}

/* It may come from anybody, and is read into memory before smmu3_load can judge it. */
static bool is_no_longer_than_any(void *opaque, int version)
{
	struct Libsmmu *s = opaque;

	return s->blob_bytes <= 16 * MiB;
}

/* What was due when the state was saved is done by a register access. */
static void on_state(void *opaque, bool running, RunState state)
{
	struct Libsmmu *s = opaque;
	uint64_t value;

	if (running)
		smmu3_mmio_read(s->smmu, SMMU3_PAS_NS, 0, 4, &value);
}

static const VMStateDescription vmstate = {
	.name = "libsmmu",
	.version_id = 1,
	.minimum_version_id = 1,
	.priority = MIG_PRI_IOMMU,
	.pre_save = pre_save,
	.post_load = post_load,
	.fields = (const VMStateField[]){ VMSTATE_UINT32(blob_bytes, Libsmmu),
					  VMSTATE_VALIDATE("size", is_no_longer_than_any),
					  VMSTATE_VARRAY_UINT32_ALLOC(blob, Libsmmu, blob_bytes, 1,
								      vmstate_info_uint8, uint8_t),
					  VMSTATE_END_OF_LIST() },
};

/* ---- The device ---- */

/* QEMU's own features, with messages, so that CMD_SYNC signals as on most hardware. */
static int configure(const struct Libsmmu *s, struct smmu3_config *config,
		     struct smmu3_error *error)
{
	enum { S2P = 1 << 0, S1P = 1 << 1, MSI = 1 << 13, HAD = 1 << 2, XNX = 1 << 4 };
	const char *stage = s->stage ?: "1";

	if (smmu3_config_init(config, "qemu-10.2", error))
		return -1;
	config->idr[0] |= MSI;
	if (!strcmp(stage, "1"))
		config->idr[0] &= ~S2P, config->idr[3] &= ~XNX;
	else if (!strcmp(stage, "2"))
		config->idr[0] &= ~S1P, config->idr[3] &= ~HAD;
	config->statistics = s->statistics;
	config->check = s->check ? SMMU3_CHECK_ON : SMMU3_CHECK_OFF;
	config->caches = (struct smmu3_caches){
		.l1stds = s->caches,
		.stes = s->caches,
		.cds = s->caches,
		.tlb = s->caches,
		.tables = s->caches,
		.micro = s->micro,
		.micro_streams = s->micro ? MICRO_STREAMS : 0,
	};
	return 0;
}

static void print_statistics(struct Libsmmu *s)
{
	const struct smmu3_figure *figure;
	struct smmu3_stats stats;

	if (smmu3_stats_read(s->smmu, &stats))
		return;
	for (size_t i = 0; (figure = smmu3_stats_figure(i)); i++)
		fprintf(stderr, "STATS %s %" PRIu64 "\n", figure->name,
			*(uint64_t *)((char *)&stats + figure->offset));
}

/* ---- The checker ---- */

/* Each on one line: "FINDING cause", and what it is. */
static void on_finding(void *context, const struct smmu3_finding *finding)
{
	enum { FINDINGS_MOST = 100 };
	struct Libsmmu *s = context;
	char text[2048];

	if (qatomic_fetch_inc(&s->findings) >= FINDINGS_MOST)
		return;
	(void)smmu3_finding_text(finding, text, sizeof(text));
	for (char *end; (end = strchr(text, '\n'));)
		*end = end[1] ? ';' : 0;
	fprintf(stderr, "FINDING %" PRIu64 " %s\n", finding->cause, text);
}

/* ---- Recording ---- */

static int write_recorded(void *context, const void *data, size_t bytes)
{
	return fwrite(data, 1, bytes, context) == bytes ? 0 : -1;
}

static const struct smmu3_host *record(struct Libsmmu *s, const struct smmu3_config *config,
				       const struct smmu3_host *host, struct smmu3_error *error)
{
	s->recorded = fopen(s->record_path, "wb");
	if (!s->recorded) {
		snprintf(error->text, sizeof(error->text), "%s: %s", s->record_path,
			 strerror(errno));
		return NULL;
	}
	s->record = smmu3_record_open(config, host, write_recorded, s->recorded, error);
	return s->record ? smmu3_record_host(s->record) : NULL;
}

static void close_recorded(struct Libsmmu *s)
{
	struct smmu3_error error;

	smmu3_destroy(s->smmu);
	if (smmu3_record_close(s->record, &error))
		error_report("libsmmu: %s: %s", s->record_path, error.text);
	if (fclose(s->recorded))
		error_report("libsmmu: %s: %s", s->record_path, strerror(errno));
}

/* ---- Beginning and end ---- */

/* No device and no CPU is at work any more. */
static void at_exit(Notifier *notifier, void *data)
{
	struct Libsmmu *s = container_of(notifier, struct Libsmmu, at_exit);

	print_statistics(s);
	if (s->record)
		close_recorded(s);
}

static struct smmu3 *make(struct Libsmmu *s, struct smmu3_error *error)
{
	const struct smmu3_host own = {
		.size = sizeof(own),
		.context = s,
		.read = on_read,
		.write = on_write,
		.written = on_written,
		.interrupt = on_interrupt,
		.invalidate = on_invalidate,
		.finding = on_finding,
	};
	const struct smmu3_host *host = &own;
	struct smmu3_config config;

	if (configure(s, &config, error))
		return NULL;
	if (s->record_path)
		host = record(s, &config, &own, error);
	return host ? smmu3_create(&config, host, error) : NULL;
}

static void realize(DeviceState *dev, Error **errp)
{
	struct Libsmmu *s = LIBSMMU(dev);
	SysBusDevice *bus = SYS_BUS_DEVICE(dev);
	struct smmu3_error error;

	ERRP_GUARD();
	LIBSMMU_GET_CLASS(s)->realize(dev, errp);
	if (*errp)
		return;
	s->smmu = make(s, &error);
	if (!s->smmu) {
		error_setg(errp, "libsmmu: %s", error.text);
		return;
	}
	add_ram(s);
	memory_region_init_io(&s->parent.iomem, OBJECT(s), &registers, s, TYPE_LIBSMMU,
			      REGISTERS_BYTES);
	s->parent.mrtypename = TYPE_LIBSMMU_REGION;
	sysbus_init_mmio(bus, &s->parent.iomem);
	for (unsigned i = 0; i < IRQS; i++)
		sysbus_init_irq(bus, &s->irq[i]);
	qemu_add_vm_change_state_handler(on_state, s);
	s->at_exit.notify = at_exit;
	qemu_add_exit_notifier(&s->at_exit);
}

/* When all that other devices had under way has ended. */
static void reset_exit(Object *obj, ResetType type)
{
	struct Libsmmu *s = LIBSMMU(obj);

	if (LIBSMMU_GET_CLASS(s)->phases.exit)
		LIBSMMU_GET_CLASS(s)->phases.exit(obj, type);
	if (s->record)
		smmu3_record_reset(s->record, s->smmu);
	else
		smmu3_reset(s->smmu);
}

static const Property properties[] = {
	DEFINE_PROP_STRING("stage", Libsmmu, stage),
	DEFINE_PROP_UINT32("caches", Libsmmu, caches, 1024),
	DEFINE_PROP_UINT32("micro", Libsmmu, micro, 256),
	DEFINE_PROP_BOOL("statistics", Libsmmu, statistics, false),
	DEFINE_PROP_STRING("record", Libsmmu, record_path),
	DEFINE_PROP_BOOL("check", Libsmmu, check, false),
	DEFINE_PROP_UINT32("forget", Libsmmu, forget, 0),
};

/* Before QEMU 10.1 the data of a type was not const. */
#if QEMU_VERSION_MAJOR == 10 && QEMU_VERSION_MINOR == 0
typedef void type_data;
#else
typedef const void type_data;
#endif

static void device_class_init(ObjectClass *class, type_data *data)
{
	DeviceClass *device = DEVICE_CLASS(class);
	struct LibsmmuClass *own = LIBSMMU_CLASS(class);

	device->vmsd = &vmstate;
	resettable_class_set_parent_phases(RESETTABLE_CLASS(class), NULL, NULL, reset_exit,
					   &own->phases);
	device_class_set_parent_realize(device, realize, &own->realize);
	device_class_set_props(device, properties);
}

static void region_class_init(ObjectClass *class, type_data *data)
{
	IOMMU_MEMORY_REGION_CLASS(class)->translate = translate;
	IOMMU_MEMORY_REGION_CLASS(class)->notify_flag_changed = notify_flag_changed;
}

static const TypeInfo types[] = {
	{ .name = TYPE_LIBSMMU,
	  .parent = TYPE_ARM_SMMU,
	  .instance_size = sizeof(struct Libsmmu),
	  .class_size = sizeof(struct LibsmmuClass),
	  .class_init = device_class_init },
	{ .name = TYPE_LIBSMMU_REGION,
	  .parent = TYPE_IOMMU_MEMORY_REGION,
	  .class_init = region_class_init },
};

DEFINE_TYPES(types)
