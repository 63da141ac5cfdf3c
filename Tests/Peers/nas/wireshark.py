"""Compares what tshark reads from the corpus of `nas-corpus write` with what our decoder read (the facts of the JSON lines).

usage: wireshark.py PCAP JSONL. Prints a line per difference and a summary; exit status 1 when there is a difference.
"""

import json
import subprocess
import sys

from wireshark_fields import FIELDS

# Facts that every tshark must be able to tell; others are left out where a version has no field for them.
REQUIRED = {
    "emmType", "esmType", "bearer", "transaction", "emmCause", "esmCause", "ksi", "attachType", "ciphering", "integrity", "mmeGroup",
    "mmeCode", "mTMSI", "imsi", "epsIMEI", "imei", "imeisv", "tmsi", "tac", "lac", "qci", "mbrUp", "mbrDown", "gbrUp", "gbrDown",
    "linkedBearer", "pdnIPv4", "serviceType", "identityType", "eea0", "eia1", "uea0", "uia1", "gea1",
}

# Identifiers of optional elements, each dissector's own.
ELEMENT_FIELDS = [
    "nas_eps.emm.elem_id", "nas_eps.common.elem_id", "nas_eps.esm.elem_id", "gsm_a.common.elem_id", "gsm_a.dtap.elem_id",
    "gsm_a.gm.elem_id", "nas_5gs.mm.elem_id", "nas_5gs.common.elem_id",
]

# (message, words in the title, fact or "malformed"): why the difference is not ours. "" stands for any.
SKIPS = json.load(open(sys.path[0] + "/wireshark-skips.json"))


def number(text):
    """The number that tshark shows; the text itself where it is none."""
    if text in ("True", "False"):
        return int(text == "True")
    if text.count(".") == 3 and all(part.isdigit() for part in text.split(".")):
        high = [int(part) for part in text.split(".")]
        return high[0] << 24 | high[1] << 16 | high[2] << 8 | high[3]
    try:
        return int(text, 16) if text.startswith("0x") else int(text)
    except ValueError:
        return text


def value(cell, ours):
    """A cell as what our facts have: text where they have text."""
    return cell if any(isinstance(fact, str) for fact in ours) else number(cell)


def fields_of_this_tshark():
    """The field names of this tshark, which takes no other, by the name without hyphens: nas_eps of 4.0 is nas-eps in 4.2."""
    output = subprocess.run(["tshark", "-G", "fields"], check=True, stdout=subprocess.PIPE, text=True).stdout
    names = [columns[2] for columns in (line.split("\t") for line in output.splitlines()) if columns[0] == "F"]
    return {name.replace("-", "_"): name for name in names}


def dissected(pcap, known):
    names = ["frame.number", "_ws.malformed", "_ws.expert.message"]
    for fields in list(FIELDS.values()) + [ELEMENT_FIELDS]:
        names += [field for field in fields if field not in names and field in known]
    command = ["tshark", "-r", pcap, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=;", "-E", "occurrence=a"]
    for name in names:
        command += ["-e", known.get(name, name)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in output.splitlines():
        cells = line.split("\t")
        yield {name: cell.split(";") for name, cell in zip(names, cells) if cell}


def main():
    pcap, facts = sys.argv[1:3]
    expected = [json.loads(line) for line in open(facts)]
    known = fields_of_this_tshark()
    unknown = [name for name, fields in FIELDS.items() if not known.keys() & fields]
    if REQUIRED & set(unknown):
        print(f"this tshark has no field for {', '.join(sorted(REQUIRED & set(unknown)))}: FIELDS wants its name for it")
        return 1
    if unknown:
        print(f"not compared, as this tshark has no field for it: {', '.join(unknown)}")
    frames = list(dissected(pcap, known))
    if len(frames) != len(expected):
        print(f"{len(expected)} messages, tshark sees {len(frames)} frames")
        return 1
    differences, skipped, compared = 0, {}, 0
    types = set()
    for message, frame in zip(expected, frames):
        types.add((message["type"], message["direction"]))
        found = []
        wrong = frame.get("_ws.malformed", []) + frame.get("_ws.expert.message", [])
        if wrong:
            found.append(("malformed", wrong, []))
        for name, fields in FIELDS.items():
            if name in unknown:
                continue
            ours = message["facts"].get(name, [])
            theirs = [value(cell, ours) for field in fields for cell in frame.get(field, [])]
            if len(fields) > 1:
                # Two dissectors' fields, each in the order of the message but not together.
                ours, theirs = sorted(ours), sorted(theirs)
            compared += len(ours)
            if ours != theirs:
                found.append((name, theirs, ours))
        ours = len(message["facts"].get("elements", []))
        theirs = sum(len(frame.get(field, [])) for field in ELEMENT_FIELDS)
        compared += 1
        if ours != theirs:
            found.append(("elements", theirs, ours))
        for name, theirs, ours in found:
            why = next(
                (skip for skip in SKIPS
                 if skip["message"] in ("", message["type"]) and skip["title"] in message["title"] and skip["fact"] == name), None)
            if why:
                skipped[why["reason"]] = skipped.get(why["reason"], 0) + 1
                continue
            differences += 1
            print(f"frame {message['frame']}, {message['type']}, {message['title']}: {name}: tshark {theirs}, ours {ours}: {message['hex']}: {message['words']}")
    for reason, count in skipped.items():
        print(f"skipped {count}: {reason}")
    unused = [skip for skip in SKIPS if skip["reason"] not in skipped]
    for skip in unused:
        print(f"skip without use: {skip}")
    print(f"{len(expected)} messages of {len(types)} types and directions, {compared} facts compared, {differences} differences")
    return 1 if differences or unused else 0


sys.exit(main())
