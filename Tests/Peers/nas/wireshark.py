"""Compares what tshark reads from the corpus of `nas-corpus write` with what our decoder read (the facts of the JSON lines).

usage: wireshark.py PCAP JSONL. Prints a line per difference and a summary; exit status 1 when there is a difference.
"""

import json
import subprocess
import sys

# A fact and the tshark fields that say the same; of several, those that are there count together, in this order.
FIELDS = {
    "emmType": ["nas_eps.nas_msg_emm_type"],
    "esmType": ["nas_eps.nas_msg_esm_type"],
    "bearer": ["nas_eps.bearer_id"],
    "transaction": ["nas_eps.esm.proc_trans_id"],
    "emmCause": ["nas_eps.emm.cause"],
    "esmCause": ["nas_eps.esm.cause"],
    "ksi": ["nas_eps.emm.nas_key_set_id"],
    "attachType": ["nas_eps.emm.eps_att_type"],
    "ciphering": ["nas_eps.emm.toc"],
    "integrity": ["nas_eps.emm.toi"],
    "mmeGroup": ["nas_eps.emm.mme_grp_id"],
    "mmeCode": ["nas_eps.emm.mme_code"],
    "mTMSI": ["nas_eps.emm.m_tmsi"],
    "imsi": ["e212.imsi"],
    "epsIMEI": ["nas_eps.emm.imei"],
    "imei": ["gsm_a.imei"],
    "imeisv": ["gsm_a.imeisv"],
    "tmsi": ["3gpp.tmsi"],
    "tac": ["nas_eps.emm.tai_tac"],
    "lac": ["gsm_a.lac"],
    "qci": ["nas_eps.esm.qci"],
    "mbrUp": ["nas_eps.esm.mbr_ul"],
    "mbrDown": ["nas_eps.esm.mbr_dl"],
    "gbrUp": ["nas_eps.esm.gbr_ul"],
    "gbrDown": ["nas_eps.esm.gbr_dl"],
    "linkedBearer": ["nas_eps.esm.linked_bearer_id"],
    "pdnIPv4": ["nas_eps.esm.pdn_ipv4"],
    "serviceType": ["nas_eps.emm.service_type"],
    "identityType": ["nas_eps.emm.id_type2"],
}
for index in range(8):
    FIELDS[f"eea{index}"] = [f"nas_eps.emm.{'128' if index in (1, 2) else ''}eea{index}"]
    FIELDS[f"eia{index}"] = [f"nas_eps.emm.{'128' if index in (1, 2) else ''}eia{index}"]
    FIELDS[f"uea{index}"] = [f"nas_eps.emm.uea{index}"]
    if index:
        FIELDS[f"uia{index}"] = [f"nas_eps.emm.uia{index}"]
        FIELDS[f"gea{index}"] = [f"nas_eps.emm.gea{index}"]
# Since TS 24.301 Release 17 the bit of EIA7 is EPS-UPIP; tshark 4.2 (Ubuntu 24.04) calls it so, 4.0 (Debian 12) does not.
FIELDS["eia7"].append("nas_eps.emm.eps_upip")

# Identifiers of optional elements, each dissector's own.
ELEMENT_FIELDS = [
    "nas_eps.emm.elem_id", "nas_eps.common.elem_id", "nas_eps.esm.elem_id", "gsm_a.common.elem_id", "gsm_a.dtap.elem_id",
    "gsm_a.gm.elem_id", "nas_5gs.mm.elem_id", "nas_5gs.common.elem_id",
]

# (message, words in the title, fact or "malformed"): why the difference is not ours. "" stands for any.
SKIPS = json.load(open(sys.path[0] + "/wireshark-skips.json"))


def number(text):
    if text in ("True", "False"):
        return int(text == "True")
    if text.count(".") == 3:
        high = [int(part) for part in text.split(".")]
        return high[0] << 24 | high[1] << 16 | high[2] << 8 | high[3]
    return int(text, 16) if text.startswith("0x") else int(text)


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
    if unknown:
        print(f"this tshark has no field for {', '.join(unknown)}: FIELDS wants its name for it")
        return 1
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
            ours = message["facts"].get(name, [])
            theirs = [number(cell) for field in fields for cell in frame.get(field, [])]
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
            print(f"frame {message['frame']}, {message['type']}, {message['title']}: {name}: tshark {theirs}, ours {ours}: {message['hex']}")
    for reason, count in skipped.items():
        print(f"skipped {count}: {reason}")
    unused = [skip for skip in SKIPS if skip["reason"] not in skipped]
    for skip in unused:
        print(f"skip without use: {skip}")
    print(f"{len(expected)} messages of {len(types)} types and directions, {compared} facts compared, {differences} differences")
    return 1 if differences or unused else 0


sys.exit(main())
