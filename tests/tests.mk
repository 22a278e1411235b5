# The tests. Included by the Makefile; everything is built in $(B), logs are in $(B)/log.

SUPPORT_MAIN := corpus manifest_corpus measure readloop replay
SUPPORT_SRC := $(filter-out $(SUPPORT_MAIN:%=tests/support/%.c),$(wildcard tests/support/*.c))
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(B)/obj/%.o)
UNIT := $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/test_*.c)))
UNIT_SH := $(patsubst tests/unit/%.sh,%,$(sort $(wildcard tests/unit/*.sh)))
FUZZ := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
TEST_CFLAGS = $(ALL_CFLAGS) -I.
CMOCKA_LIBS ?= -lcmocka
ABS_B := $(abspath $(B))
RUN := sh tests/support/run.sh $(B)/log

.PHONY: test unit golden cli house lib-test replay e2e sanitize tsan tsan-run fuzz fuzz-run faults \
	faults-run corpus manifests agreement bench check fleet migrate-big
.SECONDARY:

test: unit golden replay cli fleet house lib-test ## all tests that need nothing but this tree
	@sh tests/support/summary.sh $(B)/log

check: ## install what the tests need (apt-get), build, run them, say how it went
	@sh tests/support/deps.sh test
	@rm -rf $(B)/log
	@$(MAKE) --no-print-directory all && $(MAKE) --no-print-directory -k test || \
	    { sh tests/support/summary.sh $(B)/log; exit 1; }

# ---- test programs

$(B)/obj/tests/%.o: tests/%.c $(B)/gen/flags.list
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/tests/support.a: $(SUPPORT_OBJ) $(B)/gen/support.list
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(SUPPORT_OBJ)
LIST_support = $(SUPPORT_OBJ)

# What test programs may use; fuzzers also src/repo/, unit tests all that the program has but main().
REPO_OBJ = $(filter $(B)/obj/repo/%,$(APP_OBJ))
TEST_LIB = $(B)/obj/tests/support.a $(B)/obj/core.a

$(UNIT:%=$(B)/test/%): $(B)/test/%: $(B)/obj/tests/unit/%.o \
		$(filter-out %/cli/main.o,$(APP_OBJ)) $(TEST_LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(APP_LIBS) $(CMOCKA_LIBS)
$(B)/test/golden: $(B)/obj/tests/golden.o $(B)/obj/repo/folder.o $(TEST_LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(B)/test/corpus $(B)/test/manifest_corpus $(B)/test/measure $(B)/test/readloop: $(B)/test/%: $(B)/obj/tests/support/%.o $(TEST_LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
$(FUZZ:fuzz_%=$(B)/test/replay_%): $(B)/test/replay_%: $(B)/obj/tests/fuzz/fuzz_%.o \
		$(B)/obj/tests/support/replay.o $(REPO_OBJ) $(TEST_LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# ---- what `test` is made of

UNIT_RUN := $(UNIT:%=unit/%) $(UNIT_SH:%=unit/%)
.PHONY: $(UNIT_RUN)
unit: $(UNIT_RUN) ## unit tests: a program for each module
$(UNIT:%=unit/%): unit/%: $(B)/test/%
	@$(RUN) unit/$* $<
$(UNIT_SH:%=unit/%): unit/%: tests/unit/%.sh $(B)/unroot
	@UNROOT=$(ABS_B)/unroot CC="$(CC)" $(RUN) unit/$* sh $<

ifneq ($(wildcard tests/golden.c),)
golden: $(B)/test/golden $(B)/unroot ## the examples in golden/, with all their properties
	@UNROOT=$(ABS_B)/unroot $(RUN) golden $(B)/test/golden
else
golden:
	@echo "  skip  golden: there is no tests/golden.c"
endif

replay: $(FUZZ:fuzz_%=$(B)/test/replay_%) ## the fuzzers' properties over known inputs, without clang
	@for p in $(FUZZ:fuzz_%=%); do \
	    $(RUN) replay/$$p $(B)/test/replay_$$p tests/fuzz/cases golden docs/sample || exit 1; done

CLI_RUN := $(patsubst tests/cli/%.bats,cli/%,$(sort $(wildcard tests/cli/*.bats)))
.PHONY: $(CLI_RUN)
cli: $(CLI_RUN) ## the command line (bats)
$(CLI_RUN): cli/%: tests/cli/%.bats $(B)/unroot
	@UNROOT=$(ABS_B)/unroot $(RUN) cli/$* bats $<

fleet: $(B)/unroot ## 40 repositories migrated, some of them hostile, and again after kill -9
	@$(RUN) fleet python3 tests/migrate/fleet.py $(ABS_B)/unroot 40 6 1

FLEET ?= 1000
KILLS ?= 50
migrate-big: $(B)/unroot ## the same with FLEET=1000 repositories and KILLS=50, beside git grep
	@python3 tests/migrate/fleet.py $(ABS_B)/unroot $(FLEET) $(KILLS)

house: ## layers, sizes, names, banned functions, what belongs together
	@$(RUN) house python3 tests/support/house.py

lib-test: all ## install the library somewhere and use it from C and C++, shared and static
	@MAKE="$(MAKE)" CC="$(CC)" CXX="$(CXX)" $(RUN) lib-test sh tests/support/lib_test.sh $(B)

ifneq ($(wildcard tests/e2e/run.sh),)
e2e: $(B)/unroot ## build and run sample images before and after (needs a container engine)
	@UNROOT=$(ABS_B)/unroot sh tests/e2e/all.sh
	@UNROOT=$(ABS_B)/unroot sh tests/e2e/verify.sh
endif

# ---- the same in other builds

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SANITIZE_ENV := ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1 \
	UBSAN_OPTIONS=exitcode=99:print_stacktrace=1 TSAN_OPTIONS=exitcode=98:halt_on_error=1 SLOW=1

sanitize: ## the tests with address and undefined behaviour sanitizers
	@$(SANITIZE_ENV) $(MAKE) --no-print-directory B=$(B)/asan CFLAGS="-O1 -g" \
	    EXTRA_CFLAGS="$(SANITIZE)" EXTRA_LDFLAGS="$(SANITIZE)" unit golden replay cli

tsan: ## the thread pool and a run over a folder with the thread sanitizer
	@$(SANITIZE_ENV) $(MAKE) --no-print-directory B=$(B)/tsan CFLAGS="-O1 -g" \
	    EXTRA_CFLAGS=-fsanitize=thread EXTRA_LDFLAGS=-fsanitize=thread tsan-run
tsan-run: unit/test_pool unit/test_rx $(B)/unroot
	@$(RUN) tsan sh tests/support/same_bytes.sh $(ABS_B)/unroot golden docs/sample tests/fuzz/cases

FUZZ_SECONDS ?= 20
fuzz: ## libFuzzer (clang) on the parsers and the engine, FUZZ_SECONDS=20 each
	@$(SANITIZE_ENV) $(MAKE) --no-print-directory B=$(B)/fuzz CC=clang CFLAGS="-O1 -g" \
	    EXTRA_CFLAGS="-fsanitize=fuzzer-no-link $(SANITIZE)" EXTRA_LDFLAGS="$(SANITIZE)" fuzz-run
fuzz-run: $(FUZZ:%=$(B)/test/%)
	@for p in $(FUZZ); do sh tests/support/fuzz.sh $(B)/test/$$p $(B) $(FUZZ_SECONDS) || exit 1; done
$(FUZZ:%=$(B)/test/%): $(B)/test/%: $(B)/obj/tests/fuzz/%.o $(REPO_OBJ) $(TEST_LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

faults: ## each write, rename, fsync … fails in turn (-DUR_FAULTS)
	@$(SANITIZE_ENV) $(MAKE) --no-print-directory B=$(B)/faults CFLAGS="-O1 -g" \
	    EXTRA_CFLAGS="-DUR_FAULTS $(SANITIZE)" EXTRA_LDFLAGS="$(SANITIZE)" faults-run
faults-run: unit/test_io cli/faults

# ---- other people's files

corpus: $(B)/test/corpus $(B)/unroot ## CORPUS=DIR: all properties over DIR/*.Dockerfile; prints the table of answers
	@sh tests/support/corpus.sh $(ABS_B) "$(CORPUS)"

manifests: $(B)/test/manifest_corpus ## CORPUS=DIR: all properties over the YAML and JSON files below DIR; a table of answers
	@find "$(CORPUS)" -name '*.y*ml' -o -name '*.json' | LC_ALL=C sort | $< -

agreement: $(B)/unroot ## CORPUS=DIR ANSWERS=FILE.jsonl[.xz]: reads every file as BuildKit does
	@sh tests/support/agreement.sh $(ABS_B) "$(ANSWERS)" "$(CORPUS)"

bench: $(B)/unroot $(B)/test/readloop $(B)/test/measure ## files a second, CPU time, memory, beside other tools that are there
	@python3 tests/bench.py $(B) $(CORPUS)

-include $(wildcard $(B)/obj/tests/*.d $(B)/obj/tests/*/*.d)
