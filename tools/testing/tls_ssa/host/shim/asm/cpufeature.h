/* SPDX-License-Identifier: GPL-2.0 */
/* Of /proc/cpuinfo: CPUID below valgrind leaves out ADX, which it can do. */
#ifndef _SHIM_ASM_CPUFEATURE_H
#define _SHIM_ASM_CPUFEATURE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define X86_FEATURE_BMI2	" bmi2 "
#define X86_FEATURE_ADX		" adx "

static inline bool boot_cpu_has(const char *feature)
{
	static char line[8192];
	FILE *f;

	if (!line[0]) {
		f = fopen("/proc/cpuinfo", "r");
		while (f && fgets(line, sizeof(line), f) && strncmp(line, "flags", 5))
			;
		if (f)
			fclose(f);
	}
	return strstr(line, feature);
}

#endif
