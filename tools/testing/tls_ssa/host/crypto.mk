# SPDX-License-Identifier: GPL-2.0
#
# The primitives alone: constant time below memcheck, and OpenSSL beside them.
#
#   make ct                   ct/ct.c below valgrind; prints TAP
#   make crosscheck           ct/crosscheck.c, thousands of random cases; prints TAP
#   make backends             ct/backends.c, each back end against the others; prints TAP
#                             COUNT=100000: so many cases of X25519, the rest in proportion

CC_ct   := $(CCACHE) $(CC) -O2 -DSSA_CT_TEST
BRCC_ct := $(CCACHE) $(CC) -O2
$(eval $(call variant,ct))

# the file that stands in for one of BearSSL's
define standin
$(OUT)/$(1)/bearssl/ec/ecdsa_i31_bits.o: $(TOP)/crypto/bearssl/ecdsa_bits.c
	@mkdir -p $$(@D)
	$(Q)$$(BRCC_$(1)) $(BRFLAGS) -c -o $$@ $$<
endef
$(foreach v,plain asan fuzz cov ct,$(eval $(call standin,$(v))))

.PHONY: ct crosscheck backends
test: ct crosscheck backends

CT      := tools/testing/tls_ssa/host/ct/ct

$(OUT)/ct/ct: $(OUT)/ct/$(CT).o $(OUT)/ct/libssa.a $(OUT)/ct/libbearssl.a
	@echo '  LD [ct] $(@F)'
	$(Q)$(CC_ct) -pthread -o $@ $^

# What memcheck says of the controls is in the log, too.
ct: $(OUT)/ct/ct
	$(Q)valgrind --quiet --error-limit=no --num-callers=8 \
		--suppressions=$(HOST)/ct/ct.supp --log-file=$(OUT)/ct/valgrind.log $<

$(OUT)/plain/crosscheck: $(OUT)/plain/tools/testing/tls_ssa/host/ct/crosscheck.o \
		$(OUT)/plain/libssa.a $(OUT)/plain/libbearssl.a
	@echo '  LD [plain] $(@F)'
	$(Q)$(CC_plain) -pthread -o $@ $^ -lcrypto

crosscheck: $(OUT)/plain/crosscheck
	$(Q)$<

$(OUT)/plain/backends: $(OUT)/plain/tools/testing/tls_ssa/host/ct/backends.o \
		$(OUT)/plain/libssa.a $(OUT)/plain/libbearssl.a
	@echo '  LD [plain] $(@F)'
	$(Q)$(CC_plain) -pthread -o $@ $^ -lcrypto

backends: $(OUT)/plain/backends
	$(Q)$< $(COUNT)
