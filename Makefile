# comicpipe: GNU make, no configure. `make help` lists the targets.

VERSION := $(shell cat VERSION)
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
CFLAGS ?= -O3 -g
LDFLAGS ?=
PKG_CONFIG ?= pkg-config
INSTALL ?= install

# release | debug | asan | cov | fuzz. Each mode has its own tree, so that switching rebuilds nothing.
MODE ?= release
ifeq ($(MODE),release)
BUILD ?= build
else
BUILD ?= build/$(MODE)
endif

# Each command is shown as one word and its file; V=1 shows it whole.
V ?= 0
Q0 = @printf '  %-4s %s\n' $(1) $@;
quiet = $(Q$(V))

# ---- flags ------------------------------------------------------------------------------

# msgpack-c's pkg-config name differs between its own releases and Debian 12.
MSGPACK := $(shell $(PKG_CONFIG) --exists msgpack-c 2>/dev/null && echo msgpack-c || echo msgpack)
PACKAGES := libarchive sqlite3 $(MSGPACK) libxml-2.0 jansson libdeflate zlib liblzma libxxhash \
	libutf8proc yaml-0.1 libqpdf
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) | sed 's/-I/-isystem /g')
PACKAGE_LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES))
# Not linked but loaded by its name when a PDF comes: see lib/container/pdf_library.h.
PDF_LIBRARY_FILE := $(shell LC_ALL=C readelf -d "$$($(CC) -print-file-name=libqpdf.so)" 2>/dev/null | \
	sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wconversion -Wsign-conversion \
	-Wdouble-promotion -Wstrict-prototypes -Wmissing-prototypes -Wmissing-declarations \
	-Wold-style-definition -Wredundant-decls -Wnested-externs -Wcast-qual -Wcast-align \
	-Wbad-function-cast -Wpointer-arith -Wwrite-strings -Wundef -Wvla -Walloca -Wswitch-enum \
	-Wimplicit-fallthrough -Wnull-dereference -Winit-self -Wdate-time -Wunused-macros \
	-Wframe-larger-than=16384 -Werror=implicit -Werror=return-type \
	-Werror=incompatible-pointer-types -Werror=int-conversion -Werror=format-security
GCC_WARNINGS := -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wformat-signedness \
	-Wformat-overflow=2 -Walloc-zero -Warith-conversion -Wjump-misses-init \
	-Wcast-align=strict -Wtrampolines -Wstringop-overflow=4 -Warray-bounds=2 \
	-Wshift-overflow=2 -Wuse-after-free=3 -Wbidi-chars=any
CLANG_WARNINGS := -Wcomma -Wassign-enum -Wconditional-uninitialized -Wshorten-64-to-32 \
	-Wextra-semi-stmt -Wmissing-variable-declarations -Wunreachable-code
HARDENING := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection=full -fno-common -fPIE \
	-ftrivial-auto-var-init=zero
HARDENING_LD := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# A compiler that does not know a flag must not stop the build; asked once per tree.
cc-option = $(shell echo 'int main(void) { return 0; }' | \
	$(CC) -Werror -Wformat $(1) -x c -c - -o /dev/null 2>/dev/null && echo '$(1)')
FLAGS_MK := $(BUILD)/flags.mk
ifneq ($(filter clean help dist uninstall,$(MAKECMDGOALS)),$(or $(MAKECMDGOALS),all))
$(shell mkdir -p $(BUILD))
include $(FLAGS_MK)
endif

MODE_CFLAGS_release = $(HARDENING_FLAGS)
MODE_LDFLAGS_release = $(HARDENING_LD)
MODE_CFLAGS_debug = -O0 -Werror
MODE_CFLAGS_asan = -O1 $(SANITIZE)
MODE_LDFLAGS_asan = $(SANITIZE)
MODE_CFLAGS_cov = -O0 --coverage
MODE_LDFLAGS_cov = --coverage
MODE_CFLAGS_fuzz = -O1 $(SANITIZE) -fsanitize=fuzzer-no-link
MODE_LDFLAGS_fuzz = $(SANITIZE)

COMIC_CFLAGS = -std=c17 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 \
	-DCOMIC_VERSION='"$(VERSION)"' -DPDF_LIBRARY_FILE='"$(PDF_LIBRARY_FILE)"' \
	-iquote lib -iquote $(BUILD)/gen $(PACKAGE_CFLAGS) \
	$(WARNING_FLAGS) $(if $(WERROR),-Werror) $(CFLAGS) $(MODE_CFLAGS_$(MODE)) -MMD -MP
COMIC_LDFLAGS = $(LDFLAGS) $(MODE_LDFLAGS_$(MODE)) -Wl,--as-needed
COMMAND := $(CC) $(COMIC_CFLAGS) $(COMIC_LDFLAGS)

# ---- what is built ----------------------------------------------------------------------

LIB_SOURCES := $(wildcard lib/*/*.c)
TOOL_SOURCES := $(wildcard tools/*.c)
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
BENCH_SOURCES := $(wildcard tests/bench/*.c)
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
PAGES := $(wildcard man/*.[1-9])

GENERATED := $(if $(wildcard lib/database/schema.sql),$(BUILD)/gen/schema.c $(BUILD)/gen/indexes.c) \
	$(if $(wildcard scripts/make-iso-codes),$(BUILD)/gen/iso_codes.c)
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/obj/%.o) $(GENERATED:%.c=%.o)
TOOLS := $(TOOL_SOURCES:tools/%.c=$(BUILD)/bin/%)
UNITS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)
BENCHES := $(BENCH_SOURCES:tests/bench/%.c=$(BUILD)/bench/%)
FUZZERS := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/fuzz/%)
LIBRARY := $(BUILD)/libcomic.a

.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all units check asan soak figures damage lint tidy bench bench-check bench-memory bench-peers \
	fuzz install uninstall dist distcheck clean help FORCE

all: $(TOOLS) ## build the programs into build/bin (the default)

$(FLAGS_MK): Makefile
	@mkdir -p $(@D)
	@echo 'WARNING_FLAGS := $(foreach f,$(WARNINGS) $(GCC_WARNINGS) $(CLANG_WARNINGS),$(call cc-option,$(f)))' > $@
	@echo 'HARDENING_FLAGS := $(foreach f,$(HARDENING),$(call cc-option,$(f)))' >> $@

# Holds the whole command line: a changed flag rebuilds what it touches.
$(BUILD)/command: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(COMMAND))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(COMMAND))' > $@

$(BUILD)/obj/%.o: %.c $(BUILD)/command
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(COMIC_CFLAGS) -c $< -o $@

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/command
	$(call quiet,CC)$(CC) $(COMIC_CFLAGS) -c $< -o $@

$(BUILD)/gen/schema.c: lib/database/schema.sql scripts/embed
	@mkdir -p $(@D)
	$(call quiet,GEN)sh scripts/embed schema_sql database/schema.h $< > $@

$(BUILD)/gen/indexes.c: lib/database/indexes.sql scripts/embed
	@mkdir -p $(@D)
	$(call quiet,GEN)sh scripts/embed indexes_sql database/schema.h $< > $@

$(BUILD)/gen/iso_codes.c: scripts/make-iso-codes
	@mkdir -p $(@D)
	$(call quiet,GEN)sh scripts/make-iso-codes > $@

$(LIBRARY): $(LIB_OBJECTS)
	@rm -f $@
	$(call quiet,AR)$(AR) rcs $@ $^

$(BUILD)/bin/%: $(BUILD)/obj/tools/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(COMIC_LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(COMIC_LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(COMIC_LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

# Fuzz targets replay files; with MODE=fuzz and clang libFuzzer makes up its own.
FUZZ_DRIVER := $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer,$(BUILD)/obj/tests/fuzz/replay.o)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(filter %.o,$(FUZZ_DRIVER)) $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(COMIC_LDFLAGS) -o $@ $^ $(filter -f%,$(FUZZ_DRIVER)) $(PACKAGE_LIBS)

units: $(UNITS) $(FUZZERS) ## build the unit tests and the fuzz replayers

# ---- tests ------------------------------------------------------------------------------

check: ## build with -Werror and run every test
	$(MAKE) WERROR=1 all units
	BUILD=$(abspath $(BUILD)) sh tests/run

asan: ## the same tests under AddressSanitizer and UBSan
	$(MAKE) MODE=asan check

SOAK_ROUNDS ?= 5000
soak: all ## random changes and kills, SOAK_ROUNDS (default 5000), SOAK_SEED (default: random)
	rm -rf $(BUILD)/soak
	seed=$(SOAK_SEED); : $${seed:=$$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}; \
	echo "seed $$seed, $(SOAK_ROUNDS) rounds"; \
	PATH=$(abspath $(BUILD))/bin:$$PATH LC_ALL=C.UTF-8 /usr/bin/python3 tests/mirror.py \
		--seed $$seed --rounds $(SOAK_ROUNDS) $(BUILD)/soak

DAMAGE_COUNT ?= 1000
damage: ## DAMAGE_COUNT (1000) damaged copies of each kind of comic, under the sanitizers
	$(MAKE) MODE=asan all
	rm -rf build/asan/damage
	seed=$(DAMAGE_SEED); : $${seed:=$$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}; \
	PATH=$(abspath build/asan)/bin:$$PATH LC_ALL=C.UTF-8 /usr/bin/python3 tests/mutate.py \
		--seed $$seed --count $(DAMAGE_COUNT) build/asan/damage

figures: all ## what it costs to follow the disk: nothing changed, all moved, one tag changed
	BUILD=$(abspath $(BUILD)) /usr/bin/python3 scripts/mirror-figures

lint: ## compilers, clang-tidy, cppcheck, shellcheck, man pages, house rules
	BUILD=$(BUILD) sh scripts/lint

bench: all $(BENCHES) ## cost per comic of each stage, beside the least it could cost
	BUILD=$(abspath $(BUILD)) /usr/bin/python3 scripts/bench $(BENCH_OPTIONS)

bench-check: all $(BENCHES) ## fail if a stage costs more than tests/bench/baseline.json says
	BUILD=$(abspath $(BUILD)) /usr/bin/python3 scripts/bench --check

bench-memory: all units $(BENCHES) ## budgets kept, and what small batches and re-imports cost
	BUILD=$(abspath $(BUILD)) /usr/bin/python3 scripts/bench-memory $(BENCH_OPTIONS)

bench-peers: all $(BENCHES) ## the whole pipeline beside what people use today
	BUILD=$(abspath $(BUILD)) /usr/bin/python3 scripts/bench-peers $(BENCH_OPTIONS)

fuzz: ## run every fuzz target for FUZZ_SECONDS (default 60) each; needs clang
	$(MAKE) MODE=fuzz CC=clang units
	BUILD=build/fuzz sh scripts/fuzz

# ---- install ----------------------------------------------------------------------------

install: all ## copy programs and manual pages below DESTDIR/PREFIX
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/bin
	$(INSTALL) -m 755 $(TOOLS) $(DESTDIR)$(PREFIX)/bin
	for page in $(PAGES); do \
		section=$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}; \
		$(INSTALL) -d $$section && $(INSTALL) -m 644 $$page $$section || exit 1; \
	done

uninstall: ## remove what install copied
	rm -f $(TOOL_SOURCES:tools/%.c=$(DESTDIR)$(PREFIX)/bin/%)
	for page in $(PAGES); do \
		rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page#man/} || exit 1; \
	done

dist: ## comicpipe-VERSION.tar.gz from the last commit
	git archive --prefix=comicpipe-$(VERSION)/ -o comicpipe-$(VERSION).tar.gz HEAD

distcheck: dist ## the archive builds, installs and uninstalls, leaving nothing
	sh scripts/distcheck comicpipe-$(VERSION)

clean: ## remove everything built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' Makefile | while read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

-include $(shell find $(BUILD)/obj $(BUILD)/gen -name '*.d' 2>/dev/null)
