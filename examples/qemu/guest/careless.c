/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * careless.ko: a driver of QEMU's edu device that takes a page away from it, and forgets to say so.
 *
 * When a device is bound, it maps a page at iova and lets the device read it, so that the SMMU
 * keeps the translation.  Then it unmaps the page with iommu_unmap_fast(), which leaves the
 * invalidation to iommu_iotlb_sync(); that comes before the device writes the page again (careful),
 * or after it, and then the device writes once more.  What came of it is a line of the kernel's
 * log, for guest/init:
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

static bool careful;
module_param(careful, bool, 0444);
MODULE_PARM_DESC(careful, "invalidate before the device accesses the page again");

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

/* Does what the device writes arrive in the page?  Its buffer holds what it has read of it. */
static const char *edu_write(void __iomem *edu, u32 *page)
{
	WRITE_ONCE(page[WORD / 4], 0);
	if (edu_copy(edu, EDU_BUFFER, iova + WORD, EDU_TO_MEMORY))
		return "stuck";
	return READ_ONCE(page[WORD / 4]) ? "wrote" : "stopped";
}

/* ---- What the SMMU finds in memory: IHI 0070, 5.2, 5.4, 6.3 ---- */

enum { STRTAB_BASE = 0x80, STRTAB_BASE_CFG = 0x88 };
#define STRTAB_BASE_CFG_FMT GENMASK(17, 16) /* 1: two levels */
#define STRTAB_BASE_CFG_SPLIT GENMASK(10, 6)
#define ADDRESS GENMASK_ULL(51, 6)
#define STE_CONFIG GENMASK_ULL(3, 1)  /* bit 0 of it: stage 1, bit 1: stage 2 */
#define STE_S2VMID GENMASK_ULL(15, 0) /* of word 2 */
#define CD_ASID GENMASK_ULL(63, 48)

static u64 word_at(u64 base, unsigned int index)
{
	return le64_to_cpu(((__le64 *)phys_to_virt(base & ADDRESS))[index]);
}

/* The address of a StreamID's STE. */
static u64 ste_of(const void __iomem *smmu, u32 sid)
{
	u64 table = readq(smmu + STRTAB_BASE);
	u32 form = readl(smmu + STRTAB_BASE_CFG), split = FIELD_GET(STRTAB_BASE_CFG_SPLIT, form);

	if (!FIELD_GET(STRTAB_BASE_CFG_FMT, form))
		return (table & ADDRESS) + sid * 64;
	return (word_at(table, sid >> split) & ADDRESS) + (sid & (BIT(split) - 1)) * 64;
}

/* By what the device's translations are known to commands. */
static void name_domain(u64 ste, char name[16])
{
	if (FIELD_GET(STE_CONFIG, word_at(ste, 0)) & 1)
		snprintf(name, 16, "asid=%llu", FIELD_GET(CD_ASID, word_at(word_at(ste, 0), 0)));
	else
		snprintf(name, 16, "vmid=%llu", FIELD_GET(STE_S2VMID, word_at(ste, 2)));
}

static int find_name(struct device *dev, char name[16])
{
	struct platform_device *smmu = to_platform_device(dev->iommu->iommu_dev->dev->parent);
	struct resource *registers = platform_get_resource(smmu, IORESOURCE_MEM, 0);
	void __iomem *at = registers ? ioremap(registers->start, SZ_4K) : NULL;

	if (!at)
		return -ENOMEM;
	name_domain(ste_of(at, dev_iommu_fwspec_get(dev)->ids[0]), name);
	iounmap(at);
	return 0;
}

/* ---- The driver ---- */

static int map_page(struct iommu_domain *domain, void *page)
{
	int prot = IOMMU_READ | IOMMU_WRITE | IOMMU_CACHE;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	return iommu_map(domain, iova, virt_to_phys(page), PAGE_SIZE, prot, GFP_KERNEL);
#else
	return iommu_map(domain, iova, virt_to_phys(page), PAGE_SIZE, prot);
#endif
}

/* The page is unmapped: what the device does to it before, and after, the SMMU has been told. */
static void take_away(struct iommu_domain *domain, void __iomem *edu, u32 *page, const char *name)
{
	struct iommu_iotlb_gather gather;
	const char *before = "";

	iommu_iotlb_gather_init(&gather);
	if (iommu_unmap_fast(domain, iova, PAGE_SIZE, &gather) != PAGE_SIZE)
		pr_err("%s mapped read, and cannot be unmapped\n", name);
	if (!careful)
		before = edu_write(edu, page);
	iommu_iotlb_sync(domain, &gather);
	pr_info("%s mapped read unmapped %s%sinvalidated %s\n", name, before, careful ? "" : " ",
		edu_write(edu, page));
}

static int give_and_take(struct device *dev, void __iomem *edu, u32 *page)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);
	char name[16];
	int error;

	if (!domain || !(domain->type & __IOMMU_DOMAIN_PAGING))
		return -EOPNOTSUPP;
	error = find_name(dev, name);
	if (!error)
		error = map_page(domain, page);
	if (error)
		return error;
	page[WORD / 4] = 0x600df00d;
	error = edu_copy(edu, iova + WORD, EDU_BUFFER, 0);
	take_away(domain, edu, page, name);
	return error;
}

static int careless_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	void *page = (void *)devm_get_free_pages(&pdev->dev, GFP_KERNEL | __GFP_ZERO, 0);
	int error = page ? pcim_enable_device(pdev) : -ENOMEM;

	if (!error)
		error = pcim_iomap_regions(pdev, BIT(0), KBUILD_MODNAME);
	if (error)
		return error;
	pci_set_master(pdev);
	error = give_and_take(&pdev->dev, pcim_iomap_table(pdev)[0], page);
	if (error)
		pr_err("error %d\n", error);
	return error;
}

static const struct pci_device_id careless_ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, {} };

static struct pci_driver careless_driver = {
	.name = KBUILD_MODNAME,
	.id_table = careless_ids,
	.probe = careless_probe,
};
module_pci_driver(careless_driver);

MODULE_DESCRIPTION("Takes a page away from an edu device and forgets the SMMU");
MODULE_LICENSE("Dual MIT/GPL");
