"""Makes random S1AP PDUs over pycrate's grammar, and compares what `nasue decode` makes of them with what pycrate says.

usage: pycrate_s1ap.py NASUE COUNT [SEED]. Every message of every procedure; of each choice between optional IEs, extensions,
alternatives and enumerated values the ones used least so far come first, so that a few thousand PDUs use them all. Numbers and sizes
lie at and beside their bounds as often as between them; strings without bounds pass 16K now and then, so that they come in fragments.
Each PDU must decode to pycrate's JER value and encode to the same octets. Then octets are changed: what pycrate reads and writes back
unchanged must be read alike and written back. Prints a line per difference and a summary; exit status 1 when there is one.
"""

import json
import random
import subprocess
import sys
import threading

from pycrate_asn1dir import S1AP

PDU = S1AP.S1AP_PDU_Descriptions.S1AP_PDU
ARMS = {"InitiatingMessage": "initiatingMessage", "SuccessfulOutcome": "successfulOutcome", "UnsuccessfulOutcome": "unsuccessfulOutcome"}
ALPHABETS = {
    "PrintableString": "ABCXYZabcxyz0189 '()+,-./:=?",
    "VisibleString": "".join(chr(c) for c in range(32, 127)),
    "UTF8String": "abcé€",
}
UNBOUNDED = [0, 1, 2, 126, 127, 128, 129, 255, 256]
FRAGMENTED = [16383, 16384, 16385, 20000, 32768, 49152, 65535, 65536, 65537, 81920]


class Maker:
    """Random values, in the shape that pycrate's set_val takes."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.used = {}
        self.budget = 0
        self.is_fragmented = False

    def count(self, *key):
        self.used[key] = self.used.get(key, 0) + 1

    def least(self, key, candidates):
        """One of the candidates, mostly one used least."""
        least = min(self.used.get(key + (c,), 0) for c in candidates)
        if self.random.random() < 0.7:
            candidates = [c for c in candidates if self.used.get(key + (c,), 0) == least]
        chosen = self.random.choice(candidates)
        self.count(*key, chosen)
        return chosen

    def takes(self, *key):
        """Whether something optional comes: surely if it never came, else by a throw that costs nothing when the PDU is large."""
        if key not in self.used:
            self.used[key] = 0
        taken = self.used[key] == 0 or self.random.random() < (0.35 if self.budget > 0 else 0.03)
        if taken:
            self.count(*key)
        return taken

    def number(self, low, high):
        edge = self.random.random()
        if edge < 0.2:
            return low
        if edge < 0.4:
            return high
        if edge < 0.55 and high - low > 256:
            near = low + (1 << self.random.randrange((high - low).bit_length())) + self.random.choice([-1, 0])
            return min(max(near, low), high)
        return self.random.randint(low, high)

    def bounds(self, constraint):
        """low, high of the root (high None: no bound), whether it is extensible."""
        if constraint is None:
            return 0, None, False
        low, high = None, None
        for part in constraint.root:
            first, last = (part, part) if isinstance(part, int) else (part.lb, part.ub)
            low = first if low is None or (first is not None and first < low) else low
            high = last if high is None or (last is not None and last > high) else high
        return low or 0, high, constraint.ext is not None

    def size(self, constraint, key, unit):
        """A size in units of so many octets, within what is left of the budget."""
        low, high, is_extensible = self.bounds(constraint)
        if high is None:
            if self.is_fragmented and self.random.random() < 0.5:
                return self.random.choice(FRAGMENTED)
            return self.random.choice(UNBOUNDED) if self.budget > 300 else self.random.randrange(9)
        if is_extensible and self.takes(key, "size behind the marker"):
            return high + self.random.choice([1, 2, 90])
        most = max(low, min(high, int(self.budget / unit)))
        if key + ("most",) not in self.used and high * unit < 3000:
            self.count(*key, "most")
            return high
        edge = self.random.random()
        if edge < 0.3:
            return low
        if edge < 0.6:
            return most
        return self.random.randint(low, min(most, low + 6))

    def value(self, obj, path):
        make = getattr(self, "make_" + obj.TYPE.replace(" ", "_").replace("-", "_"))
        return make(obj, path)

    def make_INTEGER(self, obj, path):
        low, high, is_extensible = self.bounds(obj._const_val)
        if is_extensible and self.takes(path, "number behind the marker"):
            return self.random.choice([high + 1, high + 200, high + 70000])
        if high is None:
            high = 1 << 40
        return self.number(low, high)

    def make_ENUMERATED(self, obj, path):
        self.budget -= 1
        return self.least((obj.get_typeref().fullname() if obj.get_typeref() else path, "value"), list(obj._root) + list(obj._ext or []))

    def make_BOOLEAN(self, obj, path):
        return self.random.random() < 0.5

    def make_NULL(self, obj, path):
        return 0

    def make_BIT_STRING(self, obj, path):
        count = self.size(obj._const_sz, (path,), 1 / 8)
        self.budget -= count // 8 + 1
        return (self.random.choice([0, (1 << count) - 1] + [self.random.getrandbits(count) if count else 0] * 4), count)

    def make_OCTET_STRING(self, obj, path):
        count = self.size(obj._const_sz, (path,), 1)
        self.budget -= count + 1
        return self.random.randbytes(count)

    def text(self, obj, path):
        count = self.size(obj._const_sz, (path,), 1)
        self.budget -= count + 1
        return "".join(self.random.choice(ALPHABETS[obj.TYPE]) for _ in range(count))

    make_PrintableString = make_VisibleString = make_UTF8String = text

    def make_OBJECT_IDENTIFIER(self, obj, path):
        return tuple([1, self.random.choice([3, 39])] + [self.number(0, 1 << 30) for _ in range(self.random.randint(1, 6))])

    def make_CHOICE(self, obj, path):
        names = [n for n in obj._root + list(obj._ext or []) if self.is_possible(obj._cont[n])]
        chosen = self.least((path, "alternative"), names)
        return (chosen, self.value(obj._cont[chosen], f"{path}.{chosen}"))

    def is_possible(self, obj):
        """Whether the grammar has a value for it: not where a set of IEs is empty."""
        if obj.TYPE == "SEQUENCE" and self.is_field(obj):
            return bool(self.rows(obj))
        if obj.TYPE == "SEQUENCE OF":
            return self.is_possible(obj._cont)
        return True

    def is_field(self, obj):
        return "id" in obj._cont and "criticality" in obj._cont and ("value" in obj._cont or "extensionValue" in obj._cont)

    def rows(self, field):
        table = (field._cont["value"] if "value" in field._cont else field._cont["extensionValue"])._const_tab
        if table is None or table._val is None:
            return []
        return list(table._val.root) + list(table._val.ext or [])

    def field(self, field, row, path):
        name = "value" if "value" in field._cont else "extensionValue"
        inner = row["Value"] if "Value" in row else row["Extension"]
        key = inner.get_typeref().fullname().split(".")[-1] if inner.get_typeref() else inner.TYPE
        self.budget -= 4
        inside = self.value(inner, f"{path}/{row['id']}")
        called = inner._typeref.called[1] if inner._typeref is not None and hasattr(inner._typeref, "called") else inner.TYPE
        return {"id": row["id"], "criticality": row["criticality"], name: (called, inside)}

    def make_SEQUENCE(self, obj, path):
        if self.is_field(obj):
            return self.field(obj, self.rows(obj)[0], path)
        made = {}
        for name in obj._cont:
            part = obj._cont[name]
            place = f"{path}.{name}"
            if not self.is_possible(part):
                continue
            if name in obj._root_mand or self.takes(place, "present"):
                made[name] = self.value(part, place)
        return made

    def make_SEQUENCE_OF(self, obj, path):
        element = obj._cont
        if element.TYPE == "SEQUENCE" and self.is_field(element):
            rows = self.rows(element)
            is_items = obj._const_sz is not None and len(rows) == 1 and self.bounds(obj._const_sz)[1] != 65535
            if not is_items:
                return self.container(element, rows, path)
        low, high, _ = self.bounds(obj._const_sz)
        count = self.size(obj._const_sz, (path,), 12)
        made = []
        for position in range(count):
            if position >= max(low, 1) and self.budget < -2000 and count > 300:
                break
            made.append(self.value(element, path))
        return made

    def container(self, element, rows, path):
        chosen = [r for r in rows if r["presence"] == "mandatory" or self.takes(path, r["id"], "present")]
        if not chosen and ("extensionValue" in element._cont or len(rows) == 1):
            chosen = [self.random.choice(rows)]
        return [self.field(element, row, path) for row in chosen]

    def pdu(self, row, arm):
        """One PDU: pycrate's value."""
        self.budget = self.random.choice([0, 60, 250, 800, 2500])
        self.is_fragmented = self.random.random() < 0.02
        message = row[arm]
        name = message._typeref.called[1]
        value = self.value(message, name)
        return (ARMS[arm], {"procedureCode": row["procedureCode"], "criticality": row["criticality"], "value": (name, value)})


def procedures():
    table = PDU._cont["initiatingMessage"]._cont["value"]._const_tab._val
    # PRIVATE MESSAGE (39) holds private IEs alone, and the grammar has none.
    rows = [row for row in list(table.root) + list(table.ext or []) if row["procedureCode"] != 39]
    return [(row, arm) for row in rows for arm in ARMS if arm in row]


def answers(nasue, lines):
    """What `nasue decode` says to each line, in order."""
    command = [nasue, "decode", "--protocol", "s1ap", "--format", "json", "--verify"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def write():
        for line in lines:
            process.stdin.write(line + "\n")
        process.stdin.close()

    writer = threading.Thread(target=write)
    writer.start()
    for answer in process.stdout:
        yield json.loads(answer)
    writer.join()
    process.wait()


def first_difference(ours, theirs, path=""):
    if isinstance(ours, dict) and set(ours) == {"length", "value"} and isinstance(theirs, str):
        # A bit string of an extended fixed size: pycrate's JER does not tell how many of its bits count, ours does.
        ours = ours["value"]
    if type(ours) is not type(theirs):
        return f"{path}: {str(ours)[:80]} for {str(theirs)[:80]}"
    if isinstance(ours, dict):
        for key in sorted(set(ours) | set(theirs)):
            if key not in ours or key not in theirs:
                return f"{path}.{key}: only {'theirs' if key in theirs else 'ours'}"
            found = first_difference(ours[key], theirs[key], f"{path}.{key}")
            if found:
                return found
        return None
    if isinstance(ours, list):
        if len(ours) != len(theirs):
            return f"{path}: {len(ours)} for {len(theirs)} elements"
        for position, pair in enumerate(zip(ours, theirs)):
            found = first_difference(*pair, f"{path}[{position}]")
            if found:
                return found
        return None
    return None if ours == theirs else f"{path}: {str(ours)[:80]} for {str(theirs)[:80]}"


def compare(nasue, specimens, what):
    differences = 0
    for (name, octets, theirs), answer in zip(specimens, answers(nasue, [o.hex() for _, o, _ in specimens]), strict=True):
        problem = None
        if not answer["ok"]:
            problem = f"{answer['error']} (octet {answer['offset']})"
        elif answer["reencoded"] != octets.hex():
            problem = f"comes back as {answer['reencoded'][:200]}"
        else:
            problem = first_difference(answer["value"], theirs)
        if problem:
            differences += 1
            if differences <= 40:
                print(f"{what}: {name}: {problem}: {octets.hex()[:400]}")
    return differences


def made(maker, count):
    specimens = []
    messages = procedures()
    refused = 0
    for number in range(count):
        row, arm = messages[number % len(messages)]
        value = maker.pdu(row, arm)
        PDU.set_val(value)
        octets = PDU.to_aper()
        specimens.append((row[arm]._typeref.called[1], octets, json.loads(PDU.to_jer())))
    return specimens


def changed(maker, specimens, count):
    """Octets changed so that pycrate still reads them and writes them back."""
    rng = maker.random
    small = [s for s in specimens if len(s[1]) < 400]
    kept = []
    for _ in range(count):
        name, octets, _ = rng.choice(small)
        octets = bytearray(octets)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(octets))
            octets[at] = rng.choice([octets[at] ^ (1 << rng.randrange(8)), rng.randrange(256), 0, 0xFF, 0x80])
        octets = bytes(octets)
        try:
            PDU.from_aper(octets)
            jer = json.loads(PDU.to_jer())
            if PDU.to_aper() != octets or has_unknown(PDU.get_val()):
                continue
        except Exception:
            continue
        kept.append((name, octets, jer))
    return kept


def has_unknown(value):
    """Whether pycrate kept something that its grammar does not have: its JER of that is its own."""
    if isinstance(value, str):
        return value.startswith("_ext_") or value.startswith("_unk_")
    if isinstance(value, dict):
        return any(has_unknown(k) or has_unknown(v) for k, v in value.items())
    if isinstance(value, (tuple, list)):
        return any(has_unknown(v) for v in value)
    return False


def main():
    nasue, count = sys.argv[1], int(sys.argv[2])
    maker = Maker(int(sys.argv[3]) if len(sys.argv) > 3 else 36413)
    specimens = made(maker, count)
    differences = compare(nasue, specimens, "made")
    variants = changed(maker, specimens, count * 2)
    differences += compare(nasue, variants, "changed")
    never = [key for key, times in maker.used.items() if times == 0]
    fragmented = sum(1 for s in specimens if len(s[1]) > 16384)
    print(
        f"{len(specimens)} PDUs of {len(procedures())} messages made ({fragmented} over 16K, longest "
        f"{max(len(s[1]) for s in specimens)} octets), {len(variants)} changed, {len(maker.used)} optional parts and values, "
        f"{len(never)} never used; {differences} differences"
    )
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
