// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "change.h"

bool differs(const struct section *now, const struct section *want, size_t attribute)
{
	bool in_now = now && is_set(now, attribute), in_want = want && is_set(want, attribute);
	const struct section *s = now ?: want;
	const struct attribute *a = &kinds[s->kind].attribute[attribute];

	if (in_now && in_want)
		return !form_same(a->form, now->value[attribute].text, want->value[attribute].text);
	/* A key cannot be read: what is written every time is no change. */
	if (a->secret && now && want)
		return false;
	return in_now != in_want;
}

static void put_line(struct text *out, char sign, const struct section *s, size_t attribute)
{
	text_putc(out, sign);
	if (kinds[s->kind].word)
		text_putc(out, '\t');
	put_setting(out, &kinds[s->kind].attribute[attribute], s->value[attribute].text);
}

static void put_frame(struct text *out, char sign, const struct section *s, bool begin)
{
	if (!kinds[s->kind].word)
		return;
	text_putc(out, sign);
	if (begin) {
		section_title(s, out);
		text_puts(out, " {\n");
	} else {
		text_puts(out, "}\n");
	}
}

static void put_change(struct text *out, const struct section *now, const struct section *want)
{
	const struct section *s = now ?: want;
	char sign = !now ? '+' : !want ? '-' : ' ';
	bool any = sign != ' ';
	size_t i;

	for (i = 0; i < kinds[s->kind].count; i++)
		any |= differs(now, want, i);
	if (!any)
		return;
	put_frame(out, sign, s, true);
	for (i = 0; i < kinds[s->kind].count; i++) {
		if (!differs(now, want, i))
			continue;
		if (now && is_set(now, i))
			put_line(out, '-', now, i);
		if (want && is_set(want, i))
			put_line(out, '+', want, i);
	}
	put_frame(out, sign, s, false);
}

void put_diff(struct text *out, const struct model *now, const struct model *want)
{
	const struct section *s;

	for (s = now->first; s; s = s->next)
		put_change(out, s, model_find(want, s->kind, s->name));
	for (s = want->first; s; s = s->next) {
		if (!model_find(now, s->kind, s->name))
			put_change(out, NULL, s);
	}
}
