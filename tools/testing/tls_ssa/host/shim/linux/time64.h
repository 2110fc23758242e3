/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_TIME64_H
#define _SHIM_LINUX_TIME64_H

#include <time.h>
#include <linux/types.h>

static inline time64_t ktime_get_real_seconds(void)
{
	return time(NULL);
}

static inline time64_t mktime64(unsigned int year, unsigned int mon, unsigned int day,
				unsigned int hour, unsigned int min, unsigned int sec)
{
	struct tm tm = {
		.tm_year = year - 1900, .tm_mon = mon - 1, .tm_mday = day,
		.tm_hour = hour, .tm_min = min, .tm_sec = sec,
	};

	return timegm(&tm);
}

#endif
