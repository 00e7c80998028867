/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * careless.ko: a driver of QEMU's edu device that takes something from it, and forgets to say so.
 *
 * When a device is bound, it maps a page at iova and lets the device read it, so that the SMMU
 * keeps what it has found on the way.  What follows depends on what it forgets:
 *
 *     nothing   the page is unmapped and invalidated, and the device writes
 *     page      the page is unmapped by iommu_unmap_fast(), which leaves the invalidation to
 *               iommu_iotlb_sync(); the device writes before that is called, and after it
 *     stream    the device's STE says abort for a while, and nobody invalidates it; meanwhile the
 *               device writes
 *
 * What came of it is a line of the kernel's log, for guest/init:
 *
 *     careless: asid=7 mapped read unmapped wrote invalidated stopped
 *
 * asid (or vmid, of an SMMU with stage 2 alone) is the domain's, as the SMMU finds it in memory.
 */
#define pr_fmt(text) KBUILD_MODNAME ": " text

#include <linux/bitfield.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/version.h>

static char *forgets = "page";
module_param(forgets, charp, 0444);
MODULE_PARM_DESC(forgets, "what is not invalidated in time: nothing, page, stream");

static unsigned long iova = 0x0ab00000;
module_param(iova, ulong, 0444);
MODULE_PARM_DESC(iova, "where the page is mapped: the device has 28 bits of address");

/* ---- The device ---- */

enum { EDU_SOURCE = 0x80, EDU_TARGET = 0x88, EDU_COUNT = 0x90, EDU_COMMAND = 0x98 };
enum { EDU_RUNS = BIT(0), EDU_TO_MEMORY = BIT(1) };
enum { EDU_BUFFER = 0x40000 }; /* its own memory, as it calls it */
enum { WORD = 0x40 };          /* of the page: which one is accessed */

/* Copies 4 bytes, which is one transaction, some 100 ms after it was told to. */
static int edu_copy(void __iomem *edu, u64 source, u64 target, u32 command)
{
	u32 value;

	writeq(source, edu + EDU_SOURCE);
	writeq(target, edu + EDU_TARGET);
	writeq(4, edu + EDU_COUNT);
	writel(command | EDU_RUNS, edu + EDU_COMMAND);
	return readl_poll_timeout(edu + EDU_COMMAND, value, !(value & EDU_RUNS), 10000, 20000000);
}

/* ---- What the SMMU finds in memory: IHI 0070, 5.2, 5.4, 6.3 ---- */

enum { STRTAB_BASE = 0x80, STRTAB_BASE_CFG = 0x88 };
#define STRTAB_BASE_CFG_FMT GENMASK(17, 16) /* 1: two levels */
#define STRTAB_BASE_CFG_SPLIT GENMASK(10, 6)
#define ADDRESS GENMASK_ULL(51, 6)
#define STE_CONFIG GENMASK_ULL(3, 1) /* 0: abort */
#define STE_STAGE1 BIT_ULL(1)
#define STE_S2VMID GENMASK_ULL(15, 0) /* of word 2 */
#define CD_ASID GENMASK_ULL(63, 48)

static __le64 *table_at(u64 base)
{
	return phys_to_virt(base & ADDRESS);
}

/* The STE of a StreamID. */
static __le64 *ste_of(const void __iomem *smmu, u32 sid)
{
	__le64 *table = table_at(readq(smmu + STRTAB_BASE));
	u32 form = readl(smmu + STRTAB_BASE_CFG), split = FIELD_GET(STRTAB_BASE_CFG_SPLIT, form);

	if (!FIELD_GET(STRTAB_BASE_CFG_FMT, form))
		return table + sid * 8;
	return table_at(le64_to_cpu(table[sid >> split])) + (sid & (BIT(split) - 1)) * 8;
}

static __le64 *find_ste(struct device *dev)
{
	struct platform_device *smmu = to_platform_device(dev->iommu->iommu_dev->dev->parent);
	struct resource *registers = platform_get_resource(smmu, IORESOURCE_MEM, 0);
	void __iomem *at = registers ? ioremap(registers->start, SZ_4K) : NULL;
	__le64 *ste = at ? ste_of(at, dev_iommu_fwspec_get(dev)->ids[0]) : NULL;

	if (at)
		iounmap(at);
	return ste;
}

/* ---- A page is given to the device, and something is taken away ---- */

struct story {
	struct iommu_domain *domain;
	void __iomem *edu;
	u32 *page;
	__le64 *ste;
	char text[128]; /* so far */
};

static __printf(2, 3) void tell(struct story *story, const char *format, ...)
{
	size_t length = strlen(story->text);
	va_list arguments;

	va_start(arguments, format);
	vscnprintf(story->text + length, sizeof(story->text) - length, format, arguments);
	va_end(arguments);
}

/* By what commands know the device's translations. */
static void tell_name(struct story *story)
{
	u64 word = le64_to_cpu(story->ste[0]);

	if (word & STE_STAGE1)
		tell(story, "asid=%llu", FIELD_GET(CD_ASID, le64_to_cpu(table_at(word)[0])));
	else
		tell(story, "vmid=%llu", FIELD_GET(STE_S2VMID, le64_to_cpu(story->ste[2])));
}

static int map_page(struct story *story)
{
	phys_addr_t page = virt_to_phys(story->page);
	int prot = IOMMU_READ | IOMMU_WRITE | IOMMU_CACHE;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	int error = iommu_map(story->domain, iova, page, PAGE_SIZE, prot, GFP_KERNEL);
#else
	int error = iommu_map(story->domain, iova, page, PAGE_SIZE, prot);
#endif

	if (!error)
		tell(story, " mapped");
	return error;
}

static int device_reads(struct story *story)
{
	int error;

	story->page[WORD / 4] = 0x600df00d;
	error = edu_copy(story->edu, iova + WORD, EDU_BUFFER, 0);
	if (!error)
		tell(story, " read");
	return error;
}

/* Does what the device has read arrive in the page when it writes it there again? */
static void device_writes(struct story *story)
{
	WRITE_ONCE(story->page[WORD / 4], 0);
	if (edu_copy(story->edu, EDU_BUFFER, iova + WORD, EDU_TO_MEMORY))
		tell(story, " stuck");
	else
		tell(story, READ_ONCE(story->page[WORD / 4]) ? " wrote" : " stopped");
}

/* The STE as it was comes back in time for whoever unbinds the device. */
static void forget_stream(struct story *story)
{
	__le64 was = story->ste[0];

	WRITE_ONCE(story->ste[0], was & ~cpu_to_le64(STE_CONFIG));
	tell(story, " detached");
	device_writes(story);
	WRITE_ONCE(story->ste[0], was);
	tell(story, " attached");
}

static void unmap_page(struct story *story, bool forget)
{
	struct iommu_iotlb_gather gather;

	iommu_iotlb_gather_init(&gather);
	if (iommu_unmap_fast(story->domain, iova, PAGE_SIZE, &gather) == PAGE_SIZE)
		tell(story, " unmapped");
	if (forget)
		device_writes(story);
	iommu_iotlb_sync(story->domain, &gather);
	tell(story, " invalidated");
}

static int give_and_take(struct story *story)
{
	int error;

	tell_name(story);
	error = map_page(story);
	if (error)
		return error;
	error = device_reads(story);
	if (!strcmp(forgets, "stream"))
		forget_stream(story);
	unmap_page(story, !strcmp(forgets, "page"));
	device_writes(story);
	return error;
}

/* ---- The driver ---- */

static int begin(struct pci_dev *pdev, struct story *story)
{
	int error = pcim_enable_device(pdev);

	if (!error)
		error = pcim_iomap_regions(pdev, BIT(0), KBUILD_MODNAME);
	if (error)
		return error;
	story->edu = pcim_iomap_table(pdev)[0];
	story->page = (u32 *)devm_get_free_pages(&pdev->dev, GFP_KERNEL | __GFP_ZERO, 0);
	story->domain = iommu_get_domain_for_dev(&pdev->dev);
	if (!story->domain || !(story->domain->type & __IOMMU_DOMAIN_PAGING))
		return -EOPNOTSUPP;
	story->ste = find_ste(&pdev->dev);
	return story->page && story->ste ? 0 : -ENOMEM;
}

static int careless_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct story story = {};
	int error = begin(pdev, &story);

	if (!error) {
		pci_set_master(pdev);
		error = give_and_take(&story);
	}
	if (error)
		tell(&story, " error %d", error);
	pr_info("%s\n", story.text);
	return error;
}

static const struct pci_device_id careless_ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, {} };

static struct pci_driver careless_driver = {
	.name = KBUILD_MODNAME,
	.id_table = careless_ids,
	.probe = careless_probe,
};
module_pci_driver(careless_driver);

MODULE_DESCRIPTION("Takes something from an edu device, and forgets to invalidate it in time");
MODULE_LICENSE("Dual MIT/GPL");
