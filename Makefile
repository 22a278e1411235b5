# unroot. `make` builds build/unroot; `make check` installs what the tests need, builds and runs all of
# them; `make try` shows the patch for a sample. Sources, passes, reports, commands and templates are
# found in their folders: there is no list to edit.

VERSION := 0.1.0
PREFIX ?= /usr/local
B ?= build
CC ?= cc
PKG := libpcre2-8 jansson yaml-0.1

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wpointer-arith
CFLAGS ?= -O2 -g
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE $(WARN) $(CFLAGS) $(EXTRA_CFLAGS) -fPIC -fvisibility=hidden -pthread \
	-Isrc -Iinclude -I$(B)/gen $(shell pkg-config --cflags $(PKG) 2>/dev/null) -DUNROOT_VERSION='"$(VERSION)"'
ALL_LDFLAGS := $(LDFLAGS) $(EXTRA_LDFLAGS) -pthread
LIBS := $(shell pkg-config --libs $(PKG) 2>/dev/null)

LIB_SRC := $(sort $(wildcard $(patsubst %,src/%/*.c,base text dockerfile yaml kubernetes knowledge unit pass engine report)))
APP_SRC := $(sort $(wildcard src/repo/*.c src/cli/*.c))
GEN_SRC := $(B)/gen/registry.c $(B)/gen/commands.c $(B)/gen/templates_data.c
LIB_OBJ := $(LIB_SRC:src/%.c=$(B)/obj/%.o) $(B)/obj/gen/registry.o $(B)/obj/gen/templates_data.o
APP_OBJ := $(APP_SRC:src/%.c=$(B)/obj/%.o) $(B)/obj/gen/commands.o
UNIT := $(patsubst tests/unit/%.c,$(B)/test/%,$(sort $(wildcard tests/unit/test_*.c)))
TEMPLATES := $(shell find templates golden -type f 2>/dev/null | LC_ALL=C sort)

.PHONY: all clean
all: $(B)/unroot

$(B)/unroot: $(APP_OBJ) $(B)/libunroot.a
	$(CC) $(ALL_LDFLAGS) -o $@ $(APP_OBJ) $(B)/libunroot.a $(LIBS)

$(B)/libunroot.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# ---- generated: registries from the folders, templates as bytes

# $(call registry,STRUCT,PREFIX,TABLE,COUNT,HEADER,FILES)
define registry
	@mkdir -p $(@D)
	@{ echo '/* Written by the Makefile from the folder. */'; echo '#include "$(5)"'; \
	for f in $(basename $(notdir $(6))); do echo "extern const struct $(1) $(2)_$$f;"; done; \
	echo "const struct $(1) *const $(3)[] = {"; \
	for f in $(basename $(notdir $(6))); do echo "    &$(2)_$$f,"; done; \
	echo "};"; echo "const size_t $(4) = sizeof $(3) / sizeof *$(3);"; } >> $@.new
endef

PASS_SRC := $(sort $(wildcard src/pass/*.c))
REPORT_SRC := $(sort $(wildcard src/report/*.c))
COMMAND_SRC := $(sort $(wildcard src/cli/cmd_*.c))

$(B)/gen/registry.c: Makefile $(PASS_SRC) $(REPORT_SRC)
	@rm -f $@.new
	$(call registry,pass,pass,pass_registry,pass_count,pass/pass.h,$(PASS_SRC))
	$(call registry,report,report,report_registry,report_count,report/report.h,$(REPORT_SRC))
	@mv $@.new $@

$(B)/gen/commands.c: Makefile $(COMMAND_SRC)
	@rm -f $@.new
	$(call registry,command,command,command_registry,command_count,cli/command.h,$(COMMAND_SRC:src/cli/cmd_%=command_%))
	@sed -i 's/command_command_/command_/g' $@.new
	@mv $@.new $@

# The list of names is a prerequisite of its own, so that a file taken away is noticed, too.
$(B)/gen/templates.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(TEMPLATES) > $@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(B)/gen/templates_data.c: $(B)/gen/templates.list $(TEMPLATES) src/knowledge/embed.sh
	sh src/knowledge/embed.sh $@ . - < $(B)/gen/templates.list
FORCE:

clean:
	rm -rf $(B)

-include $(shell find $(B)/obj $(B)/test -name '*.d' 2>/dev/null)
