"""Checks what tshark reads from a capture of a `nasue mme` whose UEs were handed over to an SGSN of nasue's and back (stage kernel-sctp).

usage: wireshark_s3.py CAPTURE.pcapng. Prints a line per fact that is not as it should be; exit status 1 then.
"""

import subprocess
import sys

FIELDS = [
    "frame.number", "_ws.malformed", "gtpv2.message_type", "gtpv2.seq", "gtpv2.teid", "e212.imsi", "gtpv2.f_teid_interface_type",
    "gtpv2.f_teid_gre_key", "gtpv2.mm_context_sm", "gtpv2.target_type", "gtpv2.rnc_id", "gtpv2.lac", "gtpv2.container_type", "gtpv2.cause",
    "gtpv2.apn", "gtpv2.ebi", "gtpv2.enodebid",
]


def known_fields():
    output = subprocess.run(["tshark", "-G", "fields"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return {columns[2] for columns in (line.split("\t") for line in output.splitlines()) if columns[0] == "F"}


KNOWN = known_fields() | {"_ws.malformed"}
problems = []


def frames(path):
    names = [name for name in FIELDS if name in KNOWN]
    command = ["tshark", "-r", path, "-Y", "gtpv2", "-T", "fields", "-E", "separator=/t", "-E", "aggregator=;", "-E", "occurrence=a"]
    for name in names:
        command += ["-e", name]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()
    return [dict(zip(names, line.split("\t"))) for line in lines]


def check(fact, expected, found):
    if expected != found:
        problems.append(f"{fact}: expected {expected}, tshark reads {found}")


def first(frame, name):
    return frame[name].split(";")[0]


def numbers(frame, name):
    return [int(value, 0) for value in frame[name].split(";") if value]


gtp = frames(sys.argv[1])
for frame in gtp:
    # RANAP and BSSGP are not emulated: what is in their containers, the last elements, is no message of theirs.
    if not {"1", "2"} & set(frame["gtpv2.container_type"].split(";")):
        check(f"frame {frame['frame.number']} is whole", "", frame["_ws.malformed"])
types = {int(frame["gtpv2.message_type"]) for frame in gtp}
for number in (133, 134, 135, 136):
    check(f"messages of type {number}", True, number in types)
requests = [frame for frame in gtp if frame["gtpv2.message_type"] == "133"]
responses = {frame["gtpv2.seq"]: frame for frame in gtp if frame["gtpv2.message_type"] == "134"}
# UMTS Key, Quadruplets and Quintuplets from the MME; UMTS Key and Quintuplets from the SGSN (TS 29.274 table 8.38-1).
leaving = [frame for frame in requests if first(frame, "gtpv2.mm_context_sm") == "5"]
returning = [frame for frame in requests if first(frame, "gtpv2.mm_context_sm") == "3"]
check("FORWARD RELOCATION REQUEST with a UMTS context from the MME", True, bool(leaving))
check("FORWARD RELOCATION REQUEST with a UMTS context from the SGSN", True, bool(returning))
for frame in leaving:
    place = f"frame {frame['frame.number']}"
    check(f"{place}: IMSI", "001010123456780", first(frame, "e212.imsi"))
    check(f"{place}: interface of the sender", 13, numbers(frame, "gtpv2.f_teid_interface_type")[0])
    check(f"{place}: APN", "internet", first(frame, "gtpv2.apn"))
    kind = first(frame, "gtpv2.target_type")
    # Wireshark's name for the field of a cell of GERAN differs between versions: only the type is compared there.
    check(f"{place}: target", True, kind in ("0", "2"))
    if kind == "0":
        check(f"{place}: RNC ID", 1, numbers(frame, "gtpv2.rnc_id")[0])
        check(f"{place}: LAC", 256, numbers(frame, "gtpv2.lac")[0])
    check(f"{place}: container", 1 if kind == "0" else 2, numbers(frame, "gtpv2.container_type")[0])
    response = responses.get(frame["gtpv2.seq"])
    if response:
        check(f"{place}: TEID of the response", numbers(frame, "gtpv2.f_teid_gre_key")[0], numbers(response, "gtpv2.teid")[0])
        check(f"{place}: cause of the response", "16", first(response, "gtpv2.cause"))
        check(f"{place}: interface of the SGSN", 14, numbers(response, "gtpv2.f_teid_interface_type")[0])
for frame in returning:
    place = f"frame {frame['frame.number']}"
    check(f"{place}: interface of the sender", 14, numbers(frame, "gtpv2.f_teid_interface_type")[0])
    check(f"{place}: target", "1", first(frame, "gtpv2.target_type"))
    check(f"{place}: container", 3, numbers(frame, "gtpv2.container_type")[0])
for problem in problems:
    print(problem)
print(f"{len(gtp)} GTPv2-C messages on S3 read by tshark, {len(problems)} differences")
sys.exit(1 if problems else 0)
