/* SPDX-License-Identifier: MIT */
#include <smmu/platform.h>

static void report(void *context, const struct smmu3_diagnostic *diagnostic)
{
	*(int *)context = diagnostic->code;
}

int main(void)
{
	int told = 0, code = 0;
	struct smmu3_machine *machine = smmu3_machine_load("no-such-file.yaml", NULL, NULL, report,
							   &told, &code);

	return machine == NULL && code == -SMMU3_E_IO && told == -SMMU3_E_IO ? 0 : 1;
}
