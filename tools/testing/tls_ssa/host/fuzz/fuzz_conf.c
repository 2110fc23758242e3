// SPDX-License-Identifier: GPL-2.0
/*
 * Policy files of ssactl. What it takes, it writes in a form that it takes as the same;
 * and of values it says what the kernel says.
 */
#include "fuzz.h"
#include "../../../../../net/tls_ssa/policy/values.h"
#include "../../../../net/ssa/model.h"

static_assert((int)A_COUNT == (int)SSA_A_COUNT);

/* Does the kernel take it, and show it as the same? */
static bool kernel_takes(unsigned int a, enum form form, const char *value)
{
	struct ssa_complaint why = {};
	struct ssa_values v = {};
	static char page[4096];
	int err, len;

	err = ssa_attribute_parse(&v, a, value, strlen(value), &why);
	if (!err) {
		len = ssa_attribute_show(&v, a, page, sizeof(page) - 1);
		FUZZ_ASSERT(len == -E2BIG || (len > 0 && page[len - 1] == '\n'));
		if (len > 0) {
			page[len - 1] = '\0';
			FUZZ_ASSERT(form_same(form, value, page));
		}
	}
	ssa_values_free(&v);
	return !err;
}

static void judge_model(const struct model *m)
{
	const struct section *s;
	size_t i;

	for (s = m->first; s; s = s->next) {
		if (s->kind != KIND_DEFAULT && s->kind != KIND_PROFILE)
			continue;
		for (i = 0; i < kinds[s->kind].count; i++) {
			if (s->value[i].text)
				FUZZ_ASSERT(kernel_takes(i, kinds[s->kind].attribute[i].form,
							 s->value[i].text));
		}
	}
}

static void whole_file(const char *bytes, size_t len)
{
	struct text once = { 0 }, twice = { 0 };
	struct report report = { 0 };
	struct model m, again;

	model_init(&m);
	parse(&m, "input", bytes, len, &report);
	model_check(&m, &report);
	if (!report.errors) {
		judge_model(&m);
		put_model(&once, &m);
		model_init(&again);
		parse(&again, "output", once.s ?: "", once.len, &report);
		model_check(&again, &report);
		FUZZ_ASSERT(!report.errors);
		put_model(&twice, &again);
		FUZZ_ASSERT(once.len == twice.len && (!once.len || !strcmp(once.s, twice.s)));
		model_free(&again);
	}
	model_free(&m);
	text_free(&once);
	text_free(&twice);
}

/* A value of one line without control characters, as a file has it */
static void one_value(unsigned int a, const char *bytes, size_t len)
{
	enum form form = kinds[KIND_PROFILE].attribute[a].form;
	struct text why = { 0 };
	char value[4096];
	bool taken;
	size_t i;

	len = min(len, sizeof(value) - 1);
	for (i = 0; i < len; i++) {
		if ((u8)bytes[i] < ' ' || bytes[i] == 0x7f)
			return;
	}
	memcpy(value, bytes, len);
	value[len] = '\0';
	if (!len || value[0] == ' ' || value[len - 1] == ' ')
		return;
	taken = form_check(form, value, &why);
	FUZZ_ASSERT(taken == kernel_takes(a, form, value));
	FUZZ_ASSERT(taken != (why.len > 0));
	text_free(&why);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	fuzz_begin(256 * 1024);
	if (size && data[0] < A_COUNT && data[0] != '\n' && data[0] != '\t')
		one_value(data[0], (const char *)data + 1, size - 1);
	else
		whole_file((const char *)data, size);
	fuzz_end();
	return 0;
}
