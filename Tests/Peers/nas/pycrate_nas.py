"""Compares the octets of the corpus of `nas-corpus write` with what pycrate makes of them, both ways.

usage: pycrate_nas.py JSONL NAS-CORPUS. Ours: pycrate decodes each message and encodes it again; the octets must be the same and
every octet must have a place in its structure. Theirs: pycrate makes every message with each of its optional elements, random
contents where it has a structure for them; `nas-corpus reencode` decodes each and builds it anew from the values. Prints a line per
difference and a summary; exit status 1 when there is a difference.
"""

import json
import random
import subprocess
import sys

from pycrate_mobile.NASLTE import parse_NASLTE_MO, parse_NASLTE_MT
from pycrate_mobile.TS24301_EMM import EMMTypeMOClasses, EMMTypeMTClasses
from pycrate_mobile.TS24301_ESM import ESMTypeClasses

SKIPS = json.load(open(sys.path[0] + "/pycrate-skips.json"))
CHANGES = json.load(open(sys.path[0] + "/pycrate-changes.json"))
USED = set()
# Messages of ESM that the UE sends; the others come from the network.
ESM_UPLINK = {194, 195, 198, 199, 202, 203, 206, 208, 210, 212, 214, 218, 233}


class Report:
    def __init__(self):
        self.differences = 0
        self.skipped = {}

    def note(self, way, message, element, text):
        for skip in SKIPS:
            if skip["way"] in ("", way) and skip["message"] in ("", message) and skip["element"] in element:
                self.skipped[skip["reason"]] = self.skipped.get(skip["reason"], 0) + 1
                return
        self.differences += 1
        print(f"{way}: {message}, {element}: {text}")


def ours(path, report):
    count = 0
    for line in open(path):
        specimen = json.loads(line)
        octets = bytes.fromhex(specimen["hex"])
        parse = parse_NASLTE_MO if specimen["direction"] == "up" else parse_NASLTE_MT
        count += 1
        try:
            message, error = parse(octets)
        except Exception as problem:
            message, error = None, repr(problem)
        if message is None or error:
            report.note("ours", specimen["type"], specimen["title"], f"pycrate does not decode it ({error}): {specimen['hex']}")
            continue
        again = message.to_bytes()
        if again != octets:
            report.note("ours", specimen["type"], specimen["title"], f"{specimen['hex']} comes back as {again.hex()}")
            continue
        unknown = [e._name for e in message if e._name.startswith("_T_")]
        if unknown:
            report.note("ours", specimen["type"], specimen["title"], f"unknown to pycrate: {unknown}: {specimen['hex']}")
    return count


def contents(message, element):
    """Other contents than pycrate's defaults, as hexadecimal digits; None: the defaults do."""
    for change in CHANGES:
        if change["element"] == element and change["message"] in ("", message):
            USED.add(change["reason"])
            return change["contents"]
    return None


def made(classes, is_uplink):
    """Messages as pycrate makes them: bare, with each optional element, with all, and with all of random contents."""
    for octet, cls in sorted(classes.items()):
        optional = [element._name for element in cls().get_opts() if contents(cls.__name__, element._name) != "left out"]
        variants = [("bare", [], False)] + [(one, [one], False) for one in optional]
        variants += [("every element", optional, False)] + [("random contents", optional, True)] * 20
        for title, chosen, is_random in variants:
            message = cls()
            for element in message.get_opts():
                if element._name in chosen:
                    element.set_trans(False)
                    better = contents(cls.__name__, element._name)
                    if better is not None:
                        element.set_val({"V": bytes.fromhex(better)})
            if is_random:
                for element in message:
                    if element._name not in CANONICAL:
                        scramble(element)
            yield cls.__name__, title, "up" if is_uplink(octet) else "down", message.to_bytes()


# Values whose spare bits we write as the specification has them, whatever came: the four ones before the type of a GUTI or TMSI, and a
# number of tracking areas above 16, which is read as 16. (A message that is only passed on keeps its octets all the same.)
CANONICAL = {"EPSID", "GUTI", "AddGUTI", "OldGUTI", "ID", "MTMSI", "TAIList"}


def scramble(element):
    """Random octets in a value of octets."""
    try:
        value = element["V"]
    except Exception:
        return
    octets = value.to_bytes()
    if value.get_bl() == 8 * len(octets) > 0:
        element.set_val({"V": bytes(random.randrange(256) for _ in octets)})


def theirs(tool, report):
    messages = []
    for classes, is_uplink in [
        (EMMTypeMOClasses, lambda octet: True), (EMMTypeMTClasses, lambda octet: False),
        (ESMTypeClasses, lambda octet: octet in ESM_UPLINK),
    ]:
        messages += list(made(classes, is_uplink))
    text = "".join(f"{direction} {octets.hex()}\n" for _, _, direction, octets in messages)
    answer = subprocess.run([tool, "reencode"], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    if len(answer) != len(messages):
        report.note("theirs", "", "", f"{len(messages)} messages, {len(answer)} answers")
    refused = 0
    for (name, element, _, octets), line in zip(messages, answer):
        # Random octets may be no value of the element's type; but what is read must be written back.
        if element == "random contents" and line.startswith("!"):
            refused += 1
        elif line != "= " + octets.hex():
            report.note("theirs", name, element, f"{octets.hex()} becomes {line}")
    print(f"{refused} of pycrate's messages with random contents have values that are none")
    return len(messages)


def main():
    random.seed(24301)
    report = Report()
    counts = ours(sys.argv[1], report), theirs(sys.argv[2], report)
    for reason, count in report.skipped.items():
        print(f"skipped {count}: {reason}")
    unused = [skip for skip in SKIPS if skip["reason"] not in report.skipped]
    unused += [change for change in CHANGES if change["reason"] not in USED]
    for reason in sorted(USED):
        print(f"changed: {reason}")
    for skip in unused:
        print(f"skip without use: {skip}")
    print(f"{counts[0]} messages of ours, {counts[1]} of pycrate's, {report.differences} differences")
    return 1 if report.differences or unused else 0


sys.exit(main())
