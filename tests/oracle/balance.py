"""Independent reference balance check for 835 files: service line, claim and transaction level, one verdict per transaction set.

    python3 balance.py PATH...        a PATH is a file, or a folder whose *.edi are taken; exit status 1 if any transaction set does
                                      not balance, or if a PATH holds none
"""
import sys
from decimal import Decimal as D
from pathlib import Path


def sets(path):
    """Yield (control number, segments) for each ST..SE of each interchange, by the delimiters of its own ISA."""
    s = open(path, encoding="utf-8-sig", errors="replace", newline="").read()
    at = s.find("ISA")
    while at >= 0:
        element, terminator = s[at + 3], s[at + 105]
        nxt = -1
        for gap in ("", "\n", "\r\n", "\r"):
            i = s.find(terminator + gap + "ISA" + element, at)
            if i >= 0 and (nxt < 0 or i < nxt):
                nxt = i + len(terminator + gap)
        chunk = s[at:] if nxt < 0 else s[at:nxt]
        current = None
        for raw in chunk.split(terminator):
            e = raw.strip().split(element)
            if e[0] == "ST":
                current = [e]
            elif current is not None:
                current.append(e)
                if e[0] == "SE":
                    if current[0][1] == "835":
                        yield current[0][2], current
                    current = None
        at = nxt


def cas_sum(e):
    return sum((D(e[i + 1]) for i in range(2, len(e) - 1, 3) if e[i + 1] != ""), D(0))


def check(segments):
    out, bpr, claims, plb, claim, line = [], None, [], D(0), None, None
    for e in segments:
        if e[0] == "BPR":
            bpr = D(e[2])
        elif e[0] == "CLP":
            claim = dict(id=e[1], status=e[2], charge=D(e[3]), paid=D(e[4]), pr=D(e[5] or 0) if len(e) > 5 else D(0), cas=D(0), pr_cas=D(0), lines=[])
            claims.append(claim)
            line = None
        elif e[0] == "SVC":
            line = dict(charge=D(e[2]), paid=D(e[3] or 0), cas=D(0))
            claim["lines"].append(line)
        elif e[0] == "CAS":
            v = cas_sum(e)
            (line or claim)["cas"] += v
            if e[1] == "PR":
                claim["pr_cas"] += v
        elif e[0] == "PLB":
            plb += sum((D(e[i]) for i in range(4, len(e), 2) if e[i]), D(0))
    for c in claims:
        for n, x in enumerate(c["lines"], 1):
            if x["charge"] - x["cas"] != x["paid"]:
                out.append(f"{c['id']} line {n}: {x['charge']} - {x['cas']} != {x['paid']}")
        total = c["cas"] + sum((x["cas"] for x in c["lines"]), D(0))
        if c["charge"] - total != c["paid"]:
            out.append(f"{c['id']} claim: {c['charge']} - {total} != {c['paid']}")
        if c["lines"] and sum(x["charge"] for x in c["lines"]) != c["charge"]:
            out.append(f"{c['id']}: charge is not the sum of its lines")
    t = sum((c["paid"] for c in claims), D(0)) - plb
    if t != bpr:
        out.append(f"transaction: {t} != BPR02 {bpr}")
    return out, bpr, plb


def main(arguments):
    bad = 0
    for argument in map(Path, arguments):
        found = 0
        for path in sorted(argument.glob("*.edi")) if argument.is_dir() else [argument]:
            for number, segments in sets(path):
                found += 1
                out, bpr, plb = check(segments)
                bad += bool(out)
                print(path, number, "BALANCED" if not out else out, "BPR", bpr, "PLB", plb)
        if not found:
            bad += 1
            print(argument, "holds no 835", file=sys.stderr)
    return 1 if bad or not arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
