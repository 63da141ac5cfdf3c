"""The facts that nas-corpus writes, and the tshark fields that say the same: of several, those that are there count together."""

EMM, ESM, GMM, SM, DTAP, CM3 = "nas_eps.emm.", "nas_eps.esm.", "gsm_a.gm.gmm.", "gsm_a.gm.sm.", "gsm_a.dtap.", "gsm_a.classmark3."

FIELDS = {
    "emmType": ["nas_eps.nas_msg_emm_type"],
    "esmType": ["nas_eps.nas_msg_esm_type"],
    "bearer": ["nas_eps.bearer_id"],
    "imsi": ["e212.imsi"],
    "imei": ["gsm_a.imei"],
    "imeisv": ["gsm_a.imeisv"],
    "tmsi": ["3gpp.tmsi"],
    "lac": ["gsm_a.lac"],
    "CKSN": ["gsm_a.key_seq"],
    "extended periodic timers": ["gsm_a.ext_periodic_timers"],
    "PDN type": ["nas_eps.esm_pdn_type"],
    "request type": ["nas_eps.esm_request_type"],
    "radio priority": ["gsm_a.gm.radio_priority_pdp"],
    "TI": ["gsm_a.gm.ti_value"],
    "S1 registered": ["nas_5gs.mm.s1_mode_reg_b0"],
    "N1 registered": ["nas_5gs.mm.n1_mode_reg_b1"],
    "LCS client type": ["gsm_map.lcs.lcsClientType"],
    "LCS internal identity": ["gsm_map.lcs.lcsClientInternalID"],
    "ipcp option": ["ipcp.opt.type"],
    "nbifom parameter": ["nbifom.param_id"],
    "nbifom rule": ["nbifom.routing_rule.id"],
    "nbifom access": ["nbifom.routing_rule.routing_access"],
    "nbifom operation": ["nbifom.routing_rule.op_code"],
    "nbifom priority": ["nbifom.routing_rule.prio"],
    "timer unit": [GMM + "gprs_timer_unit", GMM + "gprs_timer2_unit"],
    "timer count": [GMM + "gprs_timer_value", GMM + "gprs_timer2_value"],
}


def under(prefix, text, names=""):
    """Facts of one dissector, "fact: field" by line; names: in front of every fact."""
    for line in text.strip().splitlines():
        fact, field = line.rsplit(":", 1)
        FIELDS[names + fact.strip()] = [prefix + field.strip()]


under(EMM, """
    emmCause: cause
    ksi: nas_key_set_id
    attachType: eps_att_type
    ciphering: toc
    integrity: toi
    mmeGroup: mme_grp_id
    mmeCode: mme_code
    mTMSI: m_tmsi
    epsIMEI: imei
    tac: tai_tac
    serviceType: service_type
    identityType: id_type2
    NB-S1 DRX: nb_s1_drx_param
    GUTI type: guti_type
    ciphering keys: cipher_key
    radio capability ID available: ue_radio_cap_id_available
    radio capability ID requested: ue_radio_cap_id_request
    additional update type: add_upd_type
    signalling active: saf
    preferred CIoT: pnb_ciot
    additional update result: add_upd_res
    attach result: EPS_attach_result
    update result: eps_update_result_value
    update type: update_type_value
    active: active_flg
    control plane service: ctrl_plane_serv_type
    SMS services: sms_services_status
    CSFB response: csfb_resp
    redirection: redic_policy
    IMEISV request: imeisv_req
    nonce: nonce
    paging identity: paging_id
    LCS indicator: emm_lcs_ind
    SS code: ss_code
    valid in PLMN: ext_emerg_num_list.eenlv
    extended emergency number: ext_emerg_num_list.emerg_num
    sub-services: ext_emerg_num_list.sub_serv_field
    container type: gen_msg_cont_type
    n1 CP CIoT: 5g_cp_ciot
    n1 N3 data: n3_data
    n1 HC: 5g_hc_cp_ciot
    n1 UP CIoT: 5g_up_ciot
    n1 preferred CIoT: 5gs_pnb_ciot
    paging probability: wus_assist_info.ue_paging_probability
    network IMS VoPS: ims_vops
    network EMC BS: emc_bs
    network EPC-LCS: epc_lcs
    network CS-LCS: cs_lcs
    network ESRPS: esr_ps
    network ERw/oPDN: er_wo_pdn
    network CP CIoT: cp_ciot
    network UP CIoT: up_ciot
    network S1-U data: s1_u_data
    network HC-CP CIoT: hc_cp_ciot
    network ePCO: epco
    network RestrictEC: restrict_ec
    network RestrictDCNR: restrict_dcnr
    network IWK N26: iwkn26
    network 15 bearers: 15_bearers
""")
under(EMM, """
    NF: nf_cap
    1xSRVCC: 1xsrvcc_cap
    LCS: lcs_cap
    LPP: lpp_cap
    ACC-CSFB: acc_csfb_cap
    H.245-ASH: h245_ash_cap
    ProSe: prose_cap
    ProSe-dd: prose_dd_cap
    ProSe-dc: prose_dc_cap
    ProSe-relay: prose_relay_cap
    CP CIoT: cp_ciot_cap
    UP CIoT: up_ciot_cap
    S1-U data: s1u_data_cap
    ERw/oPDN: er_wo_pdn_cap
    HC-CP CIoT: hc_cp_ciot_cap
    ePCO: epco_cap
    multipleDRB: multiple_drb_cap
    V2X PC5: v2x_pc5_cap
    RestrictEC: restrict_ec_cap
    CP backoff: cp_backoff_cap
    DCNR: dcnr_cap
    N1mode: n1mode_cap
    SGC: sgc_cap
    15 bearers: 15_bearers_cap
    RACS: racs_cap
    WUSA: wsua_cap
    CP-MT-EDT: cp_mt_edt_cap
    UP-MT-EDT: up_mt_edt_cap
    V2X NR-PC5: v2x_nr_pc5_cap
""", "ue ")
under(GMM + "net_cap.", """
    SM dedicated: smdch
    SM GPRS: smgprs
    UCS2: ucs2
    SoLSA: solsa
    R99: rev
    SS screening: ss_scr_ind
    PFC: pfc
    LCSVA: lcs
    PS HO UTRAN: ps_irat_iu
    PS HO E-UTRAN: ps_irat_s1
    EMM combined: comb_proc
    ISR: isr
    SRVCC: srvcc_to_geran
    EPC: epc
    NF: nf
    GERAN sharing: geran_net_sharing
    UPIP: up_int_prot
    GIA4: gia4
    GIA5: gia5
    GIA6: gia6
    GIA7: gia7
    ePCO: epco_ie_ind
    RestrictEC: restrict_use_enh_cov
    DCNR: dc_eutra_nr_cap
""", "ms ")
under(GMM, """
    drx split: split_pg_cycle_code
    drx cycle: cn_spec_drx_cycle_len_coef
    drx CCCH: split_on_ccch
    drx timer: non_drx_timer
    eDRX: edrx_value
    eDRX window: paging_time_window
    voice domain: voice_domain_pref_for_eutran
    data centric: ue_usage_setting
    TMSI status: tmsi_flag
    P-TMSI signature: ptmsi_sig
    NRI: nri_cont_value
    low priority: device_prop_low_prio
    N3EN: n3en_ind
    DCN-ID: dcn_id
    timer 3 unit: gprs_timer3_unit
    timer 3 count: gprs_timer3_value
""")
under("gsm_a.", """
    ES IND: ES_IND
    A5/1: A5_1_algorithm_sup
    PS: ps_sup_cap
    SM: SM_cap
    VBS: VBS_notification_rec
    VGCS: VGCS_notification_rec
    FC: FC_frequency_cap
    CM3: CM3
    LCSVA: LCS_VA_cap
    SoLSA: SoLSA
    CMSP: CMSP
    A5/3: A5_3_algorithm_sup
    A5/2: A5_2_algorithm_sup
    revision: MSC_rev
    RF power: RF_power_capability
""", "cm2 ")
under("gsm_a.", """
    Multiband supported: multi_bnd_sup_fields
    A5/7: A5_7_algorithm_sup
    A5/6: A5_6_algorithm_sup
    A5/5: A5_5_algorithm_sup
    A5/4: A5_4_algorithm_sup
""", "cm3 ")
under(CM3, """
    Associated radio capability 2: ass_radio_cap2
    Associated radio capability 1: ass_radio_cap1
    R-GSM associated radio capability: r_capabilities
    HSCSD multislot class: multislot_cap
    Extended measurement capability: ext_meas_cap
    SMS value: sms_value
    SM value: sm_value
    MS positioning method capability: ms_pos_method
    ECSD multislot class: ecsd_multi_slot_class
    8-PSK modulation capability: modulation_capability
    8-PSK RF power capability 1: 8_psk_rf_power_capability_1
    8-PSK RF power capability 2: 8_psk_rf_power_capability_2
    GSM 400 bands supported: gsm_400_bands_supported
    GSM 400 associated radio capability: gsm_400_assoc_radio_cap
    GSM 850 associated radio capability: gsm_850_assoc_radio_cap
    GSM 1900 associated radio capability: gsm_1900_assoc_radio_cap
    UMTS FDD: umts_fdd_rat_cap
    UMTS 3.84 Mcps TDD: umts_384_mcps_tdd_rat_cap
    CDMA 2000: cdma_2000_rat_cap
    Single slot DTM: single_slot_dtm_supported
    GSM 750 associated radio capability: gsm_750_assoc_radio_cap
    UMTS 1.28 Mcps TDD: umts_128_mcps_tdd_rat_cap
    GERAN feature package 1: geran_feature_package_1
    Extended DTM GPRS multislot class: ext_dtm_gprs_multi_slot_class
    Extended DTM EGPRS multislot class: ext_dtm_egprs_multi_slot_class
    High multislot capability: high_multislot_cap
    GERAN feature package 2: geran_feature_package_2
    GMSK multislot power profile: gmsk_multislot_power_prof
    8-PSK multislot power profile: 8_psk_multislot_power_prof
    T-GSM 400 bands supported: t_gsm_400_bands_supported
    T-GSM 400 associated radio capability: t_gsm_400_assoc_radio_cap
    Downlink advanced receiver performance: downlink_adv_receiver_perf
    DTM enhancements capability: dtm_enhancements_capability
    Offset required: offset_required
    DTM EGPRS high multislot class: dtm_egprs_high_multi_slot_class
    Repeated ACCH capability: repeated_acch_cap
    GSM 710 associated radio capability: gsm_710_assoc_radio_cap
    T-GSM 810 associated radio capability: t_gsm_810_assoc_radio_cap
    Ciphering mode setting capability: ciphering_mode_setting_cap
    Additional positioning capabilities: additional_positioning_caps
    E-UTRA FDD support: e_utra_fdd_support
    E-UTRA TDD support: e_utra_tdd_support
    E-UTRA measurement and reporting support: e_utra_meas_and_report_support
    Priority-based reselection support: prio_based_resel_support
    UTRA CSG cells reporting: utra_csg_cells_reporting
    VAMOS level: vamos_level
    TIGHTER capability: tighter_cap
    Selective ciphering of downlink SACCH: selective_ciph_down_sacch
    CS to PS SRVCC from GERAN to UTRA: cs_to_ps_srvcc_geran_to_utra
    CS to PS SRVCC from GERAN to E-UTRA: cs_to_ps_srvcc_geran_to_eutra
    GERAN network sharing support: geran_network_sharing_support
    E-UTRA wideband RSRQ measurements support: eutra_wb_rsrq_support
    ER band support: er_band_support
    UTRA multiple frequency band indicators support: utra_mfbi_support
    E-UTRA multiple frequency band indicators support: eutra_mfbi_support
    Extended TSC set capability support: ext_tsc_set_cap_support
    Extended EARFCN value range: ext_earfcn_value_range
""", "cm3 ")
# Both classmarks have this bit under one name.
FIELDS["classmark UCS2"] = ["gsm_a.UCS2_treatment"]
under(DTAP, """
    codec system: sysid
    calling number: clg_party_bcd_num
    type of number: type_of_number
    emergency number: emergency_bcd_num
    network name: text_string
    country initials: add_ci
    time zone: timezone
    daylight saving: dst_adjustment
""")
under(DTAP + "codec.", """
    GSM FR: gsm_fr
    GSM HR: gsm_hr
    GSM EFR: gsm_efr
    FR AMR: fr_amr
    HR AMR: hr_amr
    UMTS AMR: umts_amr
    UMTS AMR2: umts_amr_2
    TDMA EFR: tdma_efr
    PDC EFR: pdc_efr
    FR AMR-WB: fr_amr_wb
    UMTS AMR-WB: umts_amr_wb
    OHR AMR: ohr_amr
    OFR AMR-WB: ofr_amr_wb
    OHR AMR-WB: ohr_amr_wb
    UMTS EVS: umts_evs
""", "codec ")
under(ESM, """
    transaction: proc_trans_id
    esmCause: cause
    qci: qci
    mbrUp: mbr_ul
    mbrDown: mbr_dl
    gbrUp: gbr_ul
    gbrDown: gbr_dl
    mbrUp ext: embr_ul
    mbrDown ext: embr_dl
    gbrUp ext: egbr_ul
    gbrDown ext: egbr_dl
    ambrDown: apn_ambr_dl
    ambrUp: apn_ambr_ul
    ambrDown ext: apn_ambr_dl_ext
    ambrUp ext: apn_ambr_ul_ext
    ambrDown ext2: apn_ambr_dl_ext2
    ambrUp ext2: apn_ambr_ul_ext2
    ext ambrDown unit: ext_apn_ambr_dl_unit
    ext ambrUp unit: ext_apn_ambr_ul_unit
    ext mbr unit: ext_mbr_unit
    ext gbr unit: ext_gbr_unit
    linkedBearer: linked_bearer_id
    pdnIPv4: pdn_ipv4
    transfer flag: eit
    MAX_CID: hdr_comp_config.max_cid
    rate control: serv_plmn_rate_ctrl_val
    control plane only: ctrl_plane_only_ind.cpoi
    downlink data expected: rel_assist_ind.ddx
    notification: notif_ind
    re-attempt modes: ratc
    re-attempt PLMNs: eplmnc
""")
under(SM, """
    APN: apn
    pco: pco_pid
    pco DNS server IPv4: pco.dns.ipv4
    pco DNS server IPv6: pco.dns.ipv6
    pco P-CSCF IPv4: pco.pcscf.ipv4
    pco P-CSCF IPv6: pco.pcscf.ipv6
    pco IPv4 link MTU: pco.ipv4_link_mtu_size
    pco non-IP link MTU: pco.non_ip_link_mtu_size
    pco PDU session identity: pco.pdu_session_id
    tft operation: tft.op_code
    tft filters: tft.pkt_flt
    filter: tft.pkt_flt_id
    filter direction: tft.pkt_flt_dir
    filter precedence: tft.packet_evaluation_precedence
    filter component: tft.packet_filter_component_type_id
    tft parameter: tft.param_id
    TI flag: ti_flag
    SAPI: llc_sapi
    PFI: packet_flow_id
    connectivity type: connectivity_type
    offload E-UTRAN: wlan_eutran_offload_accept
    offload UTRAN: wlan_utran_offload_accept
    qos delay: qos.delay_cls
    qos reliability: qos.reliability_cls
    qos peak: qos.peak_throughput
    qos precedence: qos.prec_class
    qos mean: qos.mean_throughput
    qos traffic: qos.traffic_cls
    qos order: qos.del_order
    qos erroneous: qos.del_of_err_sdu
    qos ber: qos.ber
    qos sdu: qos.sdu_err_rat
    qos priority: qos.traff_hdl_pri
    qos signalling: qos.signalling_ind
    qos source: qos.source_stat_desc
""")
for profile in (0x0002, 0x0003, 0x0004, 0x0006, 0x0102, 0x0103, 0x0104):
    FIELDS[f"rohc {profile}"] = [f"{ESM}hdr_comp_config.prof_{profile:04x}"]
for bearer in range(1, 16):
    FIELDS[f"hc unused {bearer}"] = [f"{ESM}hdr_compr_config_status.ebi{bearer}"]
    FIELDS[f"active {bearer}"] = [f"{EMM}ebi{bearer}"]
for index in range(16):
    named = index in (1, 2, 3)
    FIELDS[f"5gea{index}"] = [f"{EMM}{'128_' if named else ''}5g_ea{index}"]
    FIELDS[f"5gia{index}"] = [f"{EMM}{'128_' if named else ''}5g_ia{index}"]
for index in range(8):
    FIELDS[f"eea{index}"] = [f"{EMM}{'128' if index in (1, 2) else ''}eea{index}"]
    FIELDS[f"eia{index}"] = [f"{EMM}{'128' if index in (1, 2) else ''}eia{index}"]
    FIELDS[f"uea{index}"] = [f"{EMM}uea{index}"]
    if index:
        FIELDS[f"uia{index}"] = [f"{EMM}uia{index}"]
        FIELDS[f"gea{index}"] = [f"{EMM}gea{index}"]
# Since TS 24.301 Release 17 the bit of EIA7 is EPS-UPIP; tshark 4.2 (Ubuntu 24.04) calls it so, 4.0 (Debian 12) does not.
FIELDS["eia7"].append(EMM + "eps_upip")
