# unroot. `make` builds the program and the library in build/; `make check` installs what the tests
# need, builds and runs them; `make try` shows the patch for a sample; `make help` lists the rest.
# Sources, passes, reports, commands, templates and tests are found in their folders: there is no
# list to edit. B=DIR builds somewhere else; V=1 shows the commands.

VERSION := 0.1.0
SOVERSION := 0
B ?= build
CXX ?= c++
OBJCOPY ?= objcopy

PREFIX ?= /usr/local
prefix ?= $(PREFIX)
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib
includedir ?= $(prefix)/include
datarootdir ?= $(prefix)/share
mandir ?= $(datarootdir)/man
man1dir ?= $(mandir)/man1
pkgconfigdir ?= $(libdir)/pkgconfig
bashcompletiondir ?= $(datarootdir)/bash-completion/completions
zshcompletiondir ?= $(datarootdir)/zsh/site-functions
fishcompletiondir ?= $(datarootdir)/fish/vendor_completions.d
INSTALL ?= install
INSTALL_PROGRAM ?= $(INSTALL)
INSTALL_DATA ?= $(INSTALL) -m 644

PKG := libpcre2-8 jansson yaml-0.1
APP_PKG := sqlite3
HAVE_PKG := $(shell pkg-config --exists $(PKG) $(APP_PKG) 2>/dev/null && echo yes)

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wpointer-arith
CFLAGS ?= -O2 -g
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE $(WARN) $(CFLAGS) $(EXTRA_CFLAGS) $(CPPFLAGS) -fPIC \
	-fvisibility=hidden -pthread -Isrc -Iinclude -I$(B)/gen \
	$(shell pkg-config --cflags $(PKG) 2>/dev/null) -DUNROOT_VERSION='"$(VERSION)"'
ALL_LDFLAGS := $(CFLAGS) $(LDFLAGS) $(EXTRA_LDFLAGS) -pthread
LIBS := $(shell pkg-config --libs $(PKG) 2>/dev/null)
APP_LIBS := $(LIBS) $(shell pkg-config --libs $(APP_PKG) 2>/dev/null)

LIB_SRC := $(sort $(wildcard $(patsubst %,src/%/*.c,base text dockerfile yaml context kubernetes server \
	knowledge unit split pass engine report)))
APP_SRC := $(sort $(wildcard src/repo/*.c src/migrate/*.c src/verify/*.c src/cli/*.c))
LIB_OBJ := $(LIB_SRC:src/%.c=$(B)/obj/%.o) $(B)/obj/gen/registry.o $(B)/obj/gen/templates_data.o
APP_OBJ := $(APP_SRC:src/%.c=$(B)/obj/%.o) $(B)/obj/gen/commands.o $(B)/obj/gen/probe_data.o
FIND_TEMPLATES := find templates golden -type f 2>/dev/null | LC_ALL=C sort
TEMPLATES := $(shell $(FIND_TEMPLATES))

# $(call say,WHAT): one short line in place of the command, unless V=1 or -s.
QUIET := $(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(V),,@$(if $(QUIET),,echo "  $(1)	$@";))

.DELETE_ON_ERROR:
.SUFFIXES:
.PRECIOUS: $(B)/gen/%.list
.PHONY: all lib install uninstall try format format-check clean help FORCE

all: $(B)/unroot lib ## build the program and the library
lib: $(B)/libunroot.a $(B)/libunroot.so $(B)/unroot.pc ## build the library alone

# ---- objects and what is made of them

$(B)/unroot: $(APP_OBJ) $(B)/obj/core.a $(B)/gen/app_objects.list
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $(APP_OBJ) $(B)/obj/core.a $(APP_LIBS)

# With all its names, for the program and the tests.
$(B)/obj/core.a: $(LIB_OBJ) $(B)/gen/lib_objects.list
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(LIB_OBJ)

# One object, of which only what unroot.h declares can be seen.
$(B)/libunroot.a: $(LIB_OBJ) $(B)/gen/lib_objects.list
	@rm -f $@
	$(call say,AR)$(LD) -r -o $(B)/obj/libunroot.o $(LIB_OBJ) && \
	    $(OBJCOPY) --localize-hidden $(B)/obj/libunroot.o && $(AR) rcs $@ $(B)/obj/libunroot.o

$(B)/libunroot.so: $(LIB_OBJ) $(B)/gen/lib_objects.list
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -shared -Wl,-soname,libunroot.so.$(SOVERSION) -Wl,-z,defs -o $@ \
	    $(LIB_OBJ) $(LIBS)

$(B)/unroot.pc: include/unroot.pc.in Makefile $(B)/gen/dirs.list
	@mkdir -p $(@D)
	$(call say,GEN)sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' -e 's|@includedir@|$(includedir)|' \
	    -e 's|@version@|$(VERSION)|' -e 's|@requires@|$(PKG)|' $< > $@

$(B)/obj/%.o: src/%.c $(B)/gen/flags.list
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/gen/%.o: $(B)/gen/%.c $(B)/gen/flags.list
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

ifneq ($(HAVE_PKG),yes)
.PHONY: missing-libraries
missing-libraries:
	@echo "pkg-config does not find all of $(PKG) $(APP_PKG): 'make try' and 'make check' install them" >&2
	@exit 1
$(LIB_OBJ) $(APP_OBJ): | missing-libraries
endif

# ---- generated: registries from the folders, templates as bytes

# What must be made again when one of these changes: a file that is gone, other flags, another prefix.
LIST_passes = $(basename $(notdir $(wildcard src/pass/*.c)))
LIST_shapes = $(patsubst shape_%,%,$(basename $(notdir $(wildcard src/split/shape_*.c))))
LIST_reports = $(patsubst format_%.c,%,$(notdir $(wildcard src/report/format_*.c)))
LIST_commands = $(patsubst cmd_%.c,%,$(notdir $(wildcard src/cli/cmd_*.c)))
LIST_lib_objects = $(LIB_OBJ) $(ALL_LDFLAGS) $(LIBS)
LIST_app_objects = $(APP_OBJ) $(ALL_LDFLAGS) $(APP_LIBS)
LIST_flags = $(CC) $(ALL_CFLAGS)
LIST_dirs = $(prefix) $(libdir) $(includedir)

keep = if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(B)/gen/templates.list: FORCE
	@mkdir -p $(@D); $(FIND_TEMPLATES) > $@.new; $(keep)
$(B)/gen/%.list: FORCE
	@mkdir -p $(@D); printf '%s\n' $(LIST_$*) > $@.new; $(keep)
FORCE:

# $(call registry,STRUCT,TABLE,COUNT,HEADER,NAMES)
define registry
	@{ echo '/* Written by the Makefile from the folder. */'; echo '#include "$(4)"'; \
	for name in $(5); do echo "extern const struct $(1) $(1)_$$name;"; done; \
	echo "const struct $(1) *const $(2)[] = {"; \
	for name in $(5); do echo "    &$(1)_$$name,"; done; \
	echo "};"; echo "const size_t $(3) = sizeof $(2) / sizeof *$(2);"; } >> $@.new
endef

$(B)/gen/registry.c: Makefile $(B)/gen/passes.list $(B)/gen/reports.list $(B)/gen/shapes.list
	@rm -f $@.new
	$(call registry,pass,pass_registry,pass_count,pass/pass.h,$(sort $(LIST_passes)))
	$(call registry,shape,shape_registry,shape_count,split/shape.h,$(sort $(LIST_shapes)))
	$(call registry,report,report_registry,report_count,report/report.h,$(sort $(LIST_reports)))
	@mv $@.new $@

$(B)/gen/commands.c: Makefile $(B)/gen/commands.list
	@rm -f $@.new
	$(call registry,command,command_registry,command_count,cli/command.h,$(sort $(LIST_commands)))
	@mv $@.new $@

$(B)/gen/templates_data.c: $(B)/gen/templates.list $(TEMPLATES) src/knowledge/embed.sh
	$(call say,GEN)sh src/knowledge/embed.sh $@ . - < $<

# The program that `unroot verify` puts into containers: no library, for the processor of this
# machine. Where it can't be built an empty one is taken, and verify says what it can't see.
PROBE_SRC := $(wildcard src/probe/*.c)
PROBE_CFLAGS := -std=c11 -Os $(WARN) -ffreestanding -fno-builtin -fno-stack-protector -fno-pic -fno-pie \
	-fno-asynchronous-unwind-tables -nostdlib -static -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-s

$(B)/gen/probe: $(PROBE_SRC) $(wildcard src/probe/*.h) Makefile
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(PROBE_CFLAGS) -Isrc -o $@ $(PROBE_SRC) || { \
	    echo "unroot: the probe of verify can't be built here; going on without" >&2; : > $@; }
$(B)/gen/probe_data.c: $(B)/gen/probe
	$(call say,GEN){ echo '/* Written by the Makefile. */'; echo '#include "verify/probe.h"'; \
	    echo 'const unsigned char probe_bytes[] = {'; \
	    od -An -v -tu1 $< | sed 's/[0-9][0-9]*/&,/g'; echo '0};'; \
	    echo "const size_t probe_size = $$(wc -c < $<);"; } > $@

# ---- installation

$(B)/completions/%: $(B)/unroot
	@mkdir -p $(@D)
	$(call say,GEN)$(B)/unroot completion $* > $@

install: all $(B)/completions/bash $(B)/completions/zsh $(B)/completions/fish ## install under PREFIX; DESTDIR and the GNU directory variables work
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(libdir) $(DESTDIR)$(includedir) \
	    $(DESTDIR)$(pkgconfigdir) $(DESTDIR)$(bashcompletiondir) $(DESTDIR)$(zshcompletiondir) \
	    $(DESTDIR)$(fishcompletiondir)
	$(INSTALL_PROGRAM) $(B)/unroot $(DESTDIR)$(bindir)/unroot
	$(INSTALL_DATA) include/unroot.h $(DESTDIR)$(includedir)/unroot.h
	$(INSTALL_DATA) $(B)/libunroot.a $(DESTDIR)$(libdir)/libunroot.a
	$(INSTALL_DATA) $(B)/libunroot.so $(DESTDIR)$(libdir)/libunroot.so.$(VERSION)
	ln -sf libunroot.so.$(VERSION) $(DESTDIR)$(libdir)/libunroot.so.$(SOVERSION)
	ln -sf libunroot.so.$(SOVERSION) $(DESTDIR)$(libdir)/libunroot.so
	$(INSTALL_DATA) $(B)/unroot.pc $(DESTDIR)$(pkgconfigdir)/unroot.pc
	$(INSTALL_DATA) $(B)/completions/bash $(DESTDIR)$(bashcompletiondir)/unroot
	$(INSTALL_DATA) $(B)/completions/zsh $(DESTDIR)$(zshcompletiondir)/_unroot
	$(INSTALL_DATA) $(B)/completions/fish $(DESTDIR)$(fishcompletiondir)/unroot.fish
ifneq ($(wildcard docs/unroot.1),)
	$(INSTALL) -d $(DESTDIR)$(man1dir)
	$(INSTALL_DATA) docs/unroot.1 $(DESTDIR)$(man1dir)/unroot.1
endif

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(bindir)/unroot $(DESTDIR)$(includedir)/unroot.h \
	    $(DESTDIR)$(libdir)/libunroot.a $(DESTDIR)$(libdir)/libunroot.so \
	    $(DESTDIR)$(libdir)/libunroot.so.$(SOVERSION) $(DESTDIR)$(libdir)/libunroot.so.$(VERSION) \
	    $(DESTDIR)$(pkgconfigdir)/unroot.pc $(DESTDIR)$(bashcompletiondir)/unroot \
	    $(DESTDIR)$(zshcompletiondir)/_unroot $(DESTDIR)$(fishcompletiondir)/unroot.fish \
	    $(DESTDIR)$(man1dir)/unroot.1

# ---- for people

try: ## build and show what unroot does to the sample in docs/sample (installs what is missing)
	@sh tests/support/deps.sh build
	@$(MAKE) --no-print-directory -s $(B)/unroot
	@sh tests/support/try.sh $(B)/unroot docs/sample

C_FILES = $(wildcard src/*/*.[ch] include/*.h tests/*.[ch] tests/*/*.[ch])
format: ## clang-format all C in place
	clang-format -i $(C_FILES)
format-check: ## fail when clang-format would change something
	clang-format --dry-run -Werror $(C_FILES)

clean: ## remove the build folder
	rm -rf $(B)

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
	    awk -F'|' '{ printf "  %-14s%s\n", $$1, $$2 }'

include tests/tests.mk
-include $(LIB_OBJ:.o=.d) $(APP_OBJ:.o=.d)
