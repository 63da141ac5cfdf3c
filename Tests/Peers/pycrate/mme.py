#!/usr/bin/env python3
"""pycrate_corenet as an eNB-only test MME, driven by one-line UDP commands.
usage: mme.py [bind-ip [log-file]]      commands: see CMDS; every reply is one line."""
import os, select, sys, time, socket, threading, traceback, builtins
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, 'cryptomobile'))
IP = sys.argv[1] if len(sys.argv) > 1 else '127.0.1.100'
LOG = open(sys.argv[2], 'w', buffering=1) if len(sys.argv) > 2 else sys.stderr
T0 = time.time()
builtins.log = lambda *a, **k: None      # 0.8.1: utils.py calls log() before it defines it
if not os.environ.get('FULL'):            # modules an LTE core never encodes with: 3/4 of the start-up time
    from unittest.mock import MagicMock
    import pycrate_asn1dir
    for _n in ('RRC3G', 'RRCNR', 'RRCLTE', 'NGAP', 'RANAP', 'HNBAP', 'RUA'):
        sys.modules['pycrate_asn1dir.' + _n] = _m = MagicMock(name=_n); setattr(pycrate_asn1dir, _n, _m)
from pycrate_corenet import utils, Server, ServerAuC, ServerGTPU, HdlrENB, HdlrGNB, HdlrUE
from pycrate_corenet.Server import CorenetServer, AuC
from pycrate_corenet.HdlrUES1 import UEEMMd, UES1d
from pycrate_corenet.ProcCNEMM import (EMMAuthentication, EMMSecurityModeControl, EMMIdentification,
                                       EMMGUTIReallocation, EMMInformation, EMMDetachCN)
from pycrate_corenet.ProcCNS1ap import S1APUEContextModification, S1APSigProc
from pycrate_corenet import ProcCNS1ap
from CryptoMobile.conv import conv_401_A3
T_IMPORT = time.time() - T0

def log(msg='', **k):
    print('%9.3f %s' % (time.time() - T0, msg), file=LOG, flush=True)
for m in (utils, Server, ServerAuC, HdlrENB, HdlrGNB, HdlrUE):
    m.log = log                          # not to a file of its own
utils.ASN_ACQUIRE_TO = 5.0               # 10 ms, then it drops the PDU: too short on a slow machine

class NoGtpu:                            # no user plane: no raw sockets, no TUN
    def add_mobile(s, *a, **k): pass
    rem_mobile = set_mobile_dl = stop = add_mobile

K, OPC = bytes.fromhex('00112233445566778899aabbccddeeff'), bytes.fromhex('63bfa50ee6523365ff14c1f45f88737d')
class Auc(AuC):
    def __init__(s):                     # no AuC.db
        s.db = {'0010101234567%02d' % i: [K, 0, 0x20, None] for i in range(80, 90)}
        s.Milenage = ServerAuC.Milenage(bytes(16)); s.Milenage.set_opc(OPC)
        s._SIDF_ECIES = {}; s.n = 0
    def save(s): pass
    stop = save
    def make_4g_vector(s, imsi, snid, amf=b'\x80\0', RAND=None):
        s.n += 1                         # deterministic RAND
        return AuC.make_4g_vector(s, imsi, snid, amf, RAND or s.n.to_bytes(16, 'big'))

C = CorenetServer
C.SERVER_HNB = C.SERVER_GNB = {}
C.SERVER_ENB = {'INET': socket.AF_INET, 'IP': IP, 'port': 36412, 'MAXCLI': 16, 'errclo': True, 'GTPU': IP}
C.AUCd, C.GTPUd, C.SMSd = Auc, NoGtpu, None
C.ConfigUE = {'0010101234567%02d' % i: {'PDP': [], 'PDN': [(apn, 1, '10.45.0.%d' % i) for apn in ('*', 'corenet')],
                                        'PDU': [], 'MSISDN': '1000%02d' % i, 'USIM': True} for i in range(80, 90)}
UEEMMd.SMC_EEA_PRIO = [int(c) for c in os.environ.get('EEA', '2')]
UEEMMd.SMC_EIA_PRIO = [2]; UEEMMd.SMC_EIA_DEF = 2
UEEMMd.AUTH_TAU = UEEMMd.AUTH_SER = UEEMMd.AUTH_DET = 0      # authenticate only if the KSI is unknown
UEEMMd.TAU_S1REL = False
UEEMMd.T3460 = UEEMMd.T3450 = UEEMMd.T3470 = UEEMMd.T3422 = float(os.environ.get('TIMER', '6'))
UES1d.SECNAS_UL_MAC = UES1d.SECNAS_UL_CNT = True             # drop on bad MAC / COUNT (default: accept)

if not os.environ.get('PLAIN'):                              # fixes for 0.8.1 defects met on the way
    ProcCNS1ap.decode_ue_rad_cap = lambda buf: (None, {})
    f_ev = C.sctp_set_events
    def ev(self, sk): f_ev(self, sk); sk.set_nodelay(True)   # else a 2nd downlink message waits 200 ms for the SACK
    C.sctp_set_events = ev
    S1APUEContextModification.send = S1APSigProc._send       # declared, but send()/recv() are missing
    def mod_recv(self, pdu):
        self._recv(pdu); self.S1.Proc.pop(self.Code, None); self.success = pdu[0] == 'successfulOutcome'
    S1APUEContextModification.recv = mod_recv
    f_stream = C.handle_stream_msg
    def safe(self, sk):                                      # one exception would end the only server thread
        if sk.fileno() < 0: return                           # read and closed already
        try: f_stream(self, sk)
        except Exception: log('EXC ' + traceback.format_exc())
    C.handle_stream_msg = safe
    f_new = C.handle_new_enb
    def new(self):                                           # the end of an association before this one comes before it
        for sk in list(self.SCTPCli):
            if select.select([sk], [], [], 0)[0]: self.handle_stream_msg(sk)
        f_new(self)
    C.handle_new_enb = new
    if os.environ.get('FORGET'):                             # UEs end with their associations: as `reset` for each, between profiles
        f_rem = C._rem_sk
        def rem(self, sk):
            f_rem(self, sk)
            if not self.SCTPCli: self.UE.clear(); self.MTMSI.clear()
        C._rem_sk = rem

srv = C(serving=True, threaded=True)
while not srv.is_running():
    if not srv._server.is_alive(): sys.exit('server did not start')
    time.sleep(.01)
utils.random.seed(1)                                         # deterministic TMSI
srv._GTP_TEID_UL = 0

class Nothing(list):
    def __bool__(s): return True
def start(ue, cls, **ies):
    """start an EMM common procedure now, whatever else runs (run_proc() would wait for .ready)"""
    e = ue.S1.EMM
    p = e.init_proc(cls, encod={cls.Init: ies}, emm_preempt=True)
    f = p.process                        # when it ends, do not re-enter the procedure below it on the stack
    p.process = lambda pdu: f(pdu) or Nothing()
    n = ue.S1.transmit_s1ap_proc(p.output())
    return 'sent %s (%d octets)' % (cls.__name__, n)
def auth(ue): return start(ue, EMMAuthentication)
def smc(ue): return start(ue, EMMSecurityModeControl)
def guti(ue): return start(ue, EMMGUTIReallocation)
def ident(ue, t='1'): return start(ue, EMMIdentification, IDType=int(t))
def info(ue): return start(ue, EMMInformation)
def detach(ue, t='1'): return start(ue, EMMDetachCN, EPSDetachType={'Type': int(t)})
def authsmc(ue):
    """authenticate, wait, then SMC with the new KASME (pycrate's own blocking run_proc)"""
    ok, p = ue.S1.EMM.run_proc(EMMAuthentication)
    if not (ok and getattr(p, 'success', 0)): return 'auth failed'
    ok, p = ue.S1.EMM.run_proc(EMMSecurityModeControl)
    return 'authsmc %s ksi %s' % (ok and p.success, ue.S1.SEC['KSI'])
def release(ue): return 'release %s' % ue.S1.release()
def page(ue):
    end = time.time() + 10               # the eNB's RELEASE COMPLETE may still be unread, and a connected UE is not paged
    while ue.S1.is_connected() and time.time() < end: time.sleep(.01)
    if ue.S1.is_connected(): return 'not paged: connected'
    ue.S1.page(); return 'paged'
def mod(ue, ul='0'):
    """UE CONTEXT MODIFICATION REQUEST with KeNB from the current KASME and the given UL COUNT"""
    k = conv_401_A3(ue.S1.get_sec_ctx()['Kasme'], int(ul))
    n = ue.S1.start_s1ap_proc(S1APUEContextModification, SecurityKey=(int.from_bytes(k, 'big'), 256),
        UESecurityCapabilities={'encryptionAlgorithms': (0xe000, 16), 'integrityProtectionAlgorithms': (0xe000, 16)})
    return 'sent mod %d' % n
def raw(ue, hexnas, sec='1'): return 'raw %s' % ue.S1._send_nas_raw(bytes.fromhex(hexnas), sec=sec == '1', wait_t=0)
def st(ue):
    e, s = ue.S1.EMM, ue.S1
    c = s.get_sec_ctx() or {}
    return 'emm=%s conn=%s ksi=%s ul=%s dl=%s procs=%s last=%s' % (e.state, s.is_connected(), s.SEC['KSI'], c.get('UL'), c.get('DL'),
        [p.Name for p in e.Proc], [(p.Name, getattr(p, 'success', None)) for p in e._proc[-2:]])
def reset(ue):
    """forget the UE: half-done procedures outlive releases and associations, and refuse the next ATTACH with STATUS 98"""
    srv.UE.pop(ue.IMSI, None); srv.MTMSI.clear(); return 'forgotten'
def setv(ue, name, val): setattr(ue.S1.EMM, name, eval(val)); return 'set'
CMDS = {f.__name__: f for f in (auth, smc, guti, ident, info, detach, authsmc, release, page, mod, raw, st, reset, setv)}
ctl = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); ctl.bind((IP, 36499))
def one(line, frm):
    try:
        op, imsi, *a = line.split()
        r = CMDS[op](srv.get_ued(imsi=imsi), *a)
    except Exception as e:
        r = 'error %r' % e; log('EXC ' + traceback.format_exc())
    log('CMD %s -> %s' % (line, r)); ctl.sendto(r.encode(), frm)
print('READY import %.2f s, total %.2f s' % (T_IMPORT, time.time() - T0), flush=True)
while True:
    d, frm = ctl.recvfrom(4096)
    line = d.decode().strip()
    if line == 'quit': break
    threading.Thread(target=one, args=(line, frm), daemon=True).start()
t = time.time(); srv.stop(); srv._server.join(5)
print('STOPPED in %.2f s, server thread alive: %s' % (time.time() - t, srv._server.is_alive()), flush=True)
