/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /dev/tls_ssa_probe: a page that holds a system call in the middle of its copy, and
 * somebody in the kernel who takes sockets over.
 */
#ifndef _TLS_SSA_SELFTEST_PROBE_H
#define _TLS_SSA_SELFTEST_PROBE_H

#include <sys/ioctl.h>
#include "lib.h"
#include "../../../../../net/tls_ssa/tests/probe/probe.h"

/**
 * struct probe - the device, opened once
 * @fd: of it
 * @page: of it; 4096 bytes
 */
struct probe {
	int fd;
	void *page;
};

static inline int probe_open(struct probe *p)
{
	static bool loaded;

	if (!loaded && system("modprobe tls_ssa_probe"))
		return -1;
	loaded = true;
	p->fd = open("/dev/tls_ssa_probe", O_RDWR | O_CLOEXEC);
	if (p->fd < 0)
		return -1;
	p->page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
	return p->page == MAP_FAILED ? -1 : 0;
}

static inline void probe_close(struct probe *p)
{
	if (p->fd < 0)
		return;
	munmap(p->page, 4096);
	close(p->fd);
	p->fd = -1;
}

static inline int probe_do(struct probe *p, unsigned int what)
{
	return ioctl(p->fd, what, 0);
}

/* From here on who reads the page waits. */
static inline int probe_hold(struct probe *p)
{
	return probe_do(p, SSA_PROBE_HOLD) || madvise(p->page, 4096, MADV_DONTNEED);
}

static inline void probe_let(struct probe *p)
{
	probe_do(p, SSA_PROBE_LET);
}

/* Until @n threads are in it */
static inline void probe_wait(struct probe *p, int n)
{
	while (probe_do(p, SSA_PROBE_WAITING) < n)
		;
}

#endif /* _TLS_SSA_SELFTEST_PROBE_H */
