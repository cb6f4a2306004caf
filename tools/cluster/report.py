"""The figures of a run, as a table."""


def by_fault(record, moments):
    """Return (name of the fault, visitors' answers, 503s of visitors, writes, 503s of editors) for each fault."""
    rows = []
    for name, began, ended in moments:
        visits = [answer for answer in record.answers if began <= answer.at <= ended]
        public = [answer.status for answer in visits if not answer.address.startswith("/admin/")]
        forms = [answer.status for answer in visits if answer.address.startswith("/admin/")]
        writes = [status for at, _slug, _name, status in record.writes if began <= at <= ended]
        rows.append((name, len(public), public.count(503), writes.count(302), (writes + forms).count(503)))
    return rows


def table(verdict, faults):
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(verdict.statuses.items()))
    figures = {
        ("acknowledged writes / lost", "0 lost"): (verdict.writes, len(verdict.lost)),
        ("answers to visitors / compared with SQL at their position / wrong", "0 wrong"): (
            *(verdict.answers, verdict.judged, len(verdict.wrong)),
        ),
        ("pages read by an editor after saving / without what was saved", "0 without"): (
            *(verdict.read_back, len(verdict.stale)),
        ),
        ("statuses", "5xx only 503"): (statuses,),
        ("503 to visitors / to editors", "only what the dead part serves"): (verdict.visitors_503, verdict.editors_503),
        ("connections without an answer", "only while nginx is dead"): (verdict.broken,),
    }
    lines = ["| figure | to reach | found |", "|---|---|---|"]
    lines += [f"| {name} | {aim} | {' / '.join(map(str, found))} |" for (name, aim), found in figures.items()]
    lines += ["", "| killed | answers to visitors | of these 503 | saved | 503 to editors |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(map(str, row))} |" for row in faults]
    return "\n".join([*lines, *map(str, [*verdict.lost, *verdict.wrong, *verdict.stale][:20])]) + "\n"


def exit_code(verdict):
    """Return 0 where everything holds that has to."""
    is_bad = [status for status in verdict.statuses if status >= 500 and status != 503]
    holds = not (verdict.lost or verdict.wrong or verdict.stale or is_bad or verdict.visitors_503)
    return 0 if holds and verdict.writes and verdict.judged else 1
