"""Checks what tshark reads from the captures of two `nasue mme` whose UE was handed over with both contexts (stage kernel-sctp).

usage: wireshark.py SOURCE.pcapng TARGET.pcapng. Prints a line per fact that is not as it should be; exit status 1 then.
"""

import subprocess
import sys

FIELDS = [
    "frame.number", "ip.src", "ip.dst", "_ws.malformed", "gtpv2.message_type", "gtpv2.msg_lengt", "gtpv2.seq", "gtpv2.teid", "e212.imsi",
    "gtpv2.f_teid_interface_type", "gtpv2.f_teid_ipv4", "gtpv2.f_teid_gre_key", "gtpv2.mm_context_sm", "gtpv2.mm_context_nhi",
    "gtpv2.mm_context_ksi_a", "gtpv2.mm_context_osci", "gtpv2.mm_context_unipa", "gtpv2.mm_context_unc", "gtpv2.mm_context_nas_dl_cnt",
    "gtpv2.mm_context_nas_ul_cnt", "gtpv2.mm_context_kasme", "gtpv2.mm_context_nhi_old", "gtpv2.old_ksiasme", "gtpv2.old_ncc",
    "gtpv2.mm_context_old_kasme", "gtpv2.mm_context.old_nh", "gtpv2.mm_context_ensct", "gtpv2.apn", "gtpv2.ebi", "gtpv2.container_type",
    "gtpv2.cause", "gtpv2.CauseMisc", "gtpv2.CauseRadioNetwork", "s1ap.procedureCode", "s1ap.nextHopParameter", "s1ap.nextHopChainingCount",
    "gtpv2.pdn_ipv4", "gtpv2.mm_context_ue_net_cap_len",
]


def known_fields():
    output = subprocess.run(["tshark", "-G", "fields"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return {columns[2] for columns in (line.split("\t") for line in output.splitlines()) if columns[0] == "F"}


KNOWN = known_fields() | {"_ws.malformed"}


def frames(path):
    names = [name for name in FIELDS if name in KNOWN]
    command = ["tshark", "-r", path, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=;", "-E", "occurrence=a"]
    for name in names:
        command += ["-e", name]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()
    return [dict(zip(names, line.split("\t"))) for line in lines]


problems = []


def check(fact, expected, found):
    if expected != found:
        problems.append(f"{fact}: expected {expected}, tshark reads {found}")


source, target = frames(sys.argv[1]), frames(sys.argv[2])
# Whoever is no peer has the address after theirs; what it sent is no concern of this check.
STRANGER = "127.0.0.4"
gtp = [frame for frame in source if frame.get("gtpv2.message_type") and STRANGER not in (frame["ip.src"], frame["ip.dst"])]
for frame in gtp:
    check(f"frame {frame['frame.number']} is whole", "", frame["_ws.malformed"])
types = [int(frame["gtpv2.message_type"]) for frame in gtp]
for number in (133, 134, 135, 136, 137, 138):
    check(f"messages of type {number}", True, number in types)
request = next(frame for frame in gtp if frame["gtpv2.message_type"] == "133")
response = next(frame for frame in gtp if frame["gtpv2.message_type"] == "134")
for name, expected in {
    "e212.imsi": "001010123456780", "gtpv2.mm_context_sm": "4", "gtpv2.mm_context_nhi": "0", "gtpv2.mm_context_osci": "1",
    "gtpv2.mm_context_unipa": "2", "gtpv2.mm_context_unc": "2", "gtpv2.old_ncc": "2", "gtpv2.container_type": "3", "gtpv2.apn": "internet",
    "gtpv2.mm_context_ensct": "1",
}.items():
    if name in KNOWN:
        check(name, expected, request[name].split(";")[0])
check("interface of the sender", "12", request["gtpv2.f_teid_interface_type"].split(";")[0])
check("two contexts have two eKSIs", True, request["gtpv2.mm_context_ksi_a"] != request["gtpv2.old_ksiasme"])
check("and two KASMEs", True, request["gtpv2.mm_context_kasme"] != request["gtpv2.mm_context_old_kasme"])
check("TEID of the response", int(request["gtpv2.f_teid_gre_key"].split(";")[0], 0), int(response["gtpv2.teid"], 0))
check("sequence number of the response", request["gtpv2.seq"], response["gtpv2.seq"])
check("cause of the response", "16", response["gtpv2.cause"].split(";")[0])
# The pair that was forwarded is the one that the target eNB got.
handed = [frame for frame in target if frame.get("s1ap.nextHopParameter")]
check("HANDOVER REQUEST with a pair", True, bool(handed))
if handed:
    plain = handed[0]["s1ap.nextHopParameter"].replace(":", "")
    check("NH of HANDOVER REQUEST", request["gtpv2.mm_context.old_nh"].replace(":", ""), plain)
    check("NCC of HANDOVER REQUEST", "2", handed[0]["s1ap.nextHopChainingCount"])

for problem in problems:
    print(problem)
print(f"{len(gtp)} GTPv2-C messages read by tshark, {len(problems)} differences")
sys.exit(1 if problems else 0)
