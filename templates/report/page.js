"use strict";
/*
 * The data stands in .data, two lines a file: what lists and charts need, then findings and patch,
 * which are not parsed before somebody wants to see them. Everything is shown as text; no markup is
 * ever made of data.
 */
(() => {
    const USERS = [["numeric", "a numeric non-root user"], ["named", "a user by name"], ["root", "root"], ["unknown", "not known"]];
    const USER_OF = ["unknown", "root", "named", "numeric"]; // as numbered in the data
    const ANSWERS = ["already", "safe", "review", "refused", "error"];
    const WORST = ["error", "refused", "review", "safe", "already"];
    const LEVELS = ["note", "warning", "error"];
    const GROUPS_SHOWN = 12, FILES_SHOWN = 100;

    const $ = (id) => document.getElementById(id);
    const about = JSON.parse($("about").textContent);
    const pages = [...document.querySelectorAll("script.data")].map((e) => e.textContent);
    const files = read();
    const hasRepos = files.some((f) => f.repo);
    const state = { kind: hasRepos ? "repository" : "folder", folder: "", picks: new Map(), answers: new Set(), query: "", order: "path", groups: GROUPS_SHOWN, files: FILES_SHOWN };
    const common = commonFolder();
    let shown = [];

    function read() {
        const list = [];
        for (const page of pages)
            for (let at = 1; at < page.length;) {
                const end = page.indexOf("\n", at), last = page.indexOf("\n", end + 1);
                if (end < 0 || last < 0) break;
                list.push(fileOf(JSON.parse(page.slice(at, end)), page, end + 1, last));
                at = last + 1;
            }
        return list;
    }

    function fileOf([path, repo, answer, reason, before, after, images, rules, findings], page, from, to) {
        const full = repo && path ? repo + "/" + path : repo || path;
        const key = [full, ...images, reason, ...rules].join("\n").toLowerCase();
        return { full, repo, answer: ANSWERS[answer], reason, before: USER_OF[before], after: USER_OF[after], images, rules, findings, key, page, from, to };
    }

    // What all paths begin with is not worth a chart.
    function commonFolder() {
        if (!files.length) return "";
        const first = files[0].full;
        let at = first.lastIndexOf("/") + 1;
        for (const f of files)
            while (at && !f.full.startsWith(first.slice(0, at))) at = at > 1 ? first.lastIndexOf("/", at - 2) + 1 : 0;
        return first.slice(0, at);
    }

    function make(name, attributes, ...children) {
        const svg = name === "svg" || name === "rect" || name === "title";
        const e = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
        for (const [key, value] of Object.entries(attributes || {}))
            if (key === "click") e.addEventListener("click", value);
            else if (value !== undefined && value !== false) e.setAttribute(key, value === true ? "" : value);
        e.append(...children);
        return e;
    }

    // ---- charts

    function count(list, which) {
        const sums = { numeric: 0, named: 0, root: 0, unknown: 0 };
        for (const f of list) if (f.answer !== "error") sums[f[which]]++;
        return sums;
    }

    function bar(sums, total, style) {
        const words = USERS.filter(([u]) => sums[u]).map(([u, title]) => sums[u] + " " + title).join(", ");
        const svg = make("svg", { class: style, viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": words || "none" }, make("title", {}, words || "none"));
        let x = 0;
        for (const [user] of USERS) {
            const width = total ? 100 * sums[user] / total : 0;
            if (width) svg.append(make("rect", { class: user, x: x.toFixed(3), y: 0, width: width.toFixed(3), height: 10 }));
            x += width;
        }
        return svg;
    }

    function drawPosture(list) {
        const before = count(list, "before"), after = count(list, "after"), total = list.filter((f) => f.answer !== "error").length;
        $("posture").replaceChildren(make("span", {}, "before"), bar(before, total, "bar"), make("span", {}, "after"), bar(after, total, "bar"));
        $("legend").replaceChildren(...USERS.map(([user, title]) =>
            make("li", {}, make("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, make("rect", { class: user, width: 10, height: 10 })),
                title + ": " + before[user] + " → " + after[user])));
    }

    const KINDS = {
        repository: (f) => [f.repo || "none"],
        folder: (f) => {
            if (!f.full.startsWith(state.folder)) return [];
            const slash = f.full.indexOf("/", Math.max(state.folder.length, common.length));
            return [slash < 0 ? f.full : f.full.slice(0, slash + 1)];
        },
        image: (f) => f.images.length ? f.images : ["not known"],
        reason: (f) => [f.reason || "none"],
        rule: (f) => f.rules.length ? f.rules : ["none"],
    };
    const TITLES = { repository: "repository", folder: "folder", image: "base image", reason: "reason", rule: "rule" };

    function groupsOf(list) {
        const groups = new Map();
        for (const f of list)
            for (const name of KINDS[state.kind](f)) {
                const g = groups.get(name);
                if (g) g.push(f);
                else groups.set(name, [f]);
            }
        const left = (g) => g.reduce((n, f) => n + (f.after !== "numeric"), 0);
        return [...groups].map(([name, g]) => ({ name, g, left: left(g) }))
            .sort((a, b) => b.left - a.left || b.g.length - a.g.length || (a.name < b.name ? -1 : 1));
    }

    function drawGroups(list) {
        const groups = groupsOf(list), most = groups.reduce((n, x) => Math.max(n, x.g.length), 1);
        const rows = groups.slice(0, state.groups).map(({ name, g, left }) => {
            const what = state.kind === "reason" && about.reasons[name] ? about.reasons[name].summary : undefined;
            return make("button", { class: "group", type: "button", title: what, "data-group": name, click: () => pick(name) },
                make("span", { class: "name code" }, name),
                make("span", { class: "bars" }, bar(count(g, "before"), most, "bar thin"), bar(count(g, "after"), most, "bar thin")),
                make("span", { class: "count" }, (g.length - left) + " of " + g.length));
        });
        if (groups.length > state.groups)
            rows.push(make("button", { type: "button", click: () => { state.groups *= 4; draw(); } }, (groups.length - state.groups) + " more"));
        $("groups").replaceChildren(...rows);
    }

    function pick(name) {
        if (state.kind === "folder") state.folder = name;
        else state.picks.set(state.kind, name);
        changed();
    }

    // ---- files

    function fits(f, query, raw) {
        if (!f.full.startsWith(state.folder)) return false;
        if (state.answers.size && !state.answers.has(f.answer)) return false;
        for (const [kind, name] of state.picks) if (!KINDS[kind](f).includes(name)) return false;
        return !query || f.key.includes(query) || (query.length > 2 && f.page.slice(f.from, f.to).toLowerCase().includes(raw));
    }

    const ORDERS = {
        answer: (a, b) => WORST.indexOf(a.answer) - WORST.indexOf(b.answer),
        findings: (a, b) => b.findings - a.findings,
    };

    function fileRow(f) {
        const why = f.reason || (f.answer === "safe" || f.answer === "review" ? USERS.find(([u]) => u === f.before)[1] + " → " + USERS.find(([u]) => u === f.after)[1] : "");
        const head = make("button", { type: "button", "aria-expanded": "false" },
            make("span", { class: "badge " + f.answer }, f.answer), make("span", { class: "path code" }, f.full || "-"), make("span", { class: "why" }, why));
        const row = make("div", { class: "file" }, head);
        head.addEventListener("click", () => {
            const open = head.getAttribute("aria-expanded") === "true";
            head.setAttribute("aria-expanded", String(!open));
            if (open) row.lastChild.remove();
            else row.append(detail(f));
        });
        return row;
    }

    function detail(f) {
        const { error, findings, patch } = JSON.parse(f.page.slice(f.from, f.to));
        const box = make("div", { class: "detail" });
        const reason = about.reasons[f.reason];
        if (error) box.append(make("p", {}, error));
        if (f.images.length) box.append(make("p", { class: "soft" }, "Built on " + f.images.join(", ")));
        if (findings.length)
            box.append(make("ul", {}, ...findings.map(([level, line, rule, message, assumption, fixed]) =>
                make("li", {}, (line ? "line " + line + ": " : "") + message + " ",
                    make("span", { class: "soft" }, "[" + LEVELS[level] + ", " + rule + (fixed ? ", fixed" : "") + "]"),
                    ...(assumption ? [make("div", { class: "soft" }, "Rests on: " + assumption)] : [])))));
        if (reason) box.append(make("p", {}, make("b", {}, "What to do: "), reason.todo));
        if (patch) box.append(make("pre", { tabindex: 0 }, ...patchLines(patch)));
        return box;
    }

    // What the numbers behind "@@" cover is content, even where it looks like a header.
    function patchLines(patch) {
        let old = 0, now = 0;
        return patch.replace(/\n$/, "").split("\n").map((line) => {
            const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
            let style = "soft";
            if (old <= 0 && now <= 0) {
                if (hunk) {
                    style = "hunk";
                    old = Number(hunk[1] === undefined ? 1 : hunk[1]);
                    now = Number(hunk[2] === undefined ? 1 : hunk[2]);
                }
            } else if (line[0] !== "\\") {
                style = line[0] === "+" ? "add" : line[0] === "-" ? "del" : "";
                old -= line[0] !== "+";
                now -= line[0] !== "-";
            }
            return make("span", { class: style }, line || " ");
        });
    }

    function drawList() {
        const list = shown.slice(0, state.files);
        $("list").replaceChildren(...list.map(fileRow));
        $("none").hidden = shown.length > 0;
        $("more").hidden = shown.length <= state.files;
        $("more").textContent = "show " + Math.min(FILES_SHOWN, shown.length - state.files) + " of " + (shown.length - state.files) + " more";
    }

    function showMore() {
        $("list").append(...shown.slice(state.files, state.files + FILES_SHOWN).map(fileRow));
        state.files += FILES_SHOWN;
        $("more").hidden = shown.length <= state.files;
        $("more").textContent = "show " + Math.min(FILES_SHOWN, shown.length - state.files) + " of " + (shown.length - state.files) + " more";
    }

    // ---- what is chosen

    function chip(text, undo) {
        return make("button", { type: "button", "aria-pressed": "true", title: "take this filter away", click: () => { undo(); changed(); } }, text + " ×");
    }

    function drawChosen() {
        const chips = [];
        if (state.folder) chips.push(chip("folder: " + state.folder, () => { state.folder = state.folder.replace(/[^/]*\/?$/, ""); }));
        for (const [kind, name] of state.picks) chips.push(chip(TITLES[kind] + ": " + name, () => state.picks.delete(kind)));
        $("chosen").replaceChildren(shown.length + " of " + files.length + " files", ...chips);
    }

    function drawButtons() {
        const kinds = Object.keys(KINDS).filter((kind) => kind !== "repository" || hasRepos);
        $("kinds").replaceChildren(...kinds.map((kind) =>
            make("button", { type: "button", "aria-pressed": String(kind === state.kind), click: () => { state.kind = kind; state.groups = GROUPS_SHOWN; draw(); } }, TITLES[kind])));
        $("answers").replaceChildren(...ANSWERS.map((answer) => [answer, files.filter((f) => f.answer === answer).length]).filter(([, n]) => n).map(([answer, n]) =>
            make("button", { type: "button", "aria-pressed": String(state.answers.has(answer)), click: () => {
                if (!state.answers.delete(answer)) state.answers.add(answer);
                changed();
            } }, answer + " " + n)));
    }

    function draw() {
        drawPosture(shown);
        drawGroups(shown);
        drawButtons();
        drawChosen();
        drawList();
    }

    function changed() {
        const query = state.query.trim().toLowerCase();
        const raw = JSON.stringify(query).slice(1, -1).replace(/</g, "\\u003c");
        shown = files.filter((f) => fits(f, query, raw));
        if (Object.hasOwn(ORDERS, state.order)) shown.sort(ORDERS[state.order]);
        state.files = FILES_SHOWN;
        draw();
        remember();
    }

    // The choice stands behind '#', so that it can be handed on as a link.
    function remember() {
        const hash = new URLSearchParams();
        if (state.query) hash.set("q", state.query);
        if (state.folder) hash.set("folder", state.folder);
        if (state.order !== "path") hash.set("order", state.order);
        for (const answer of state.answers) hash.append("answer", answer);
        for (const [kind, name] of state.picks) hash.set(kind, name);
        const text = hash.toString();
        history.replaceState(null, "", text ? "#" + text : location.pathname);
    }

    function recall() {
        const hash = new URLSearchParams(location.hash.slice(1));
        state.query = hash.get("q") || "";
        state.folder = hash.get("folder") || "";
        state.order = Object.hasOwn(ORDERS, hash.get("order")) ? hash.get("order") : "path";
        for (const answer of hash.getAll("answer")) if (ANSWERS.includes(answer)) state.answers.add(answer);
        for (const kind of ["repository", "image", "reason", "rule"]) if (hash.has(kind)) state.picks.set(kind, hash.get(kind));
        if (Object.hasOwn(KINDS, hash.get("by"))) state.kind = hash.get("by");
        $("search").value = state.query;
        $("order").value = state.order;
    }

    let timer = 0;
    $("search").addEventListener("input", (event) => {
        state.query = event.target.value;
        clearTimeout(timer);
        timer = setTimeout(changed, 150);
    });
    $("order").addEventListener("change", (event) => { state.order = event.target.value; changed(); });
    $("more").addEventListener("click", showMore);
    $("theme").addEventListener("click", () => {
        const root = document.documentElement;
        const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = dark ? "light" : "dark";
    });
    const done = count(files, "after").numeric, was = count(files, "before").numeric, all = files.filter((f) => f.answer !== "error").length;
    $("lead").textContent = all + (all === 1 ? " file" : " files") + (about.repos ? " in " + about.repos + (about.repos === 1 ? " repository" : " repositories") : "") +
        ": a numeric non-root user in " + was + " before, in " + done + " after";
    $("footer").textContent = "unroot " + about.version + (about.skipped ? "; " + about.skipped + " skipped" : "");
    recall();
    const first = location.hash.includes("open=first");
    changed();
    if (first && shown.length) $("list").firstChild.firstChild.click();
})();
