//! The tokens of SyncML, MetInf, DevInf and the DDF of OMA DM.
//!
//! Facts only (OMA-TS-SyncML-RepPro, OMA-TS-SyncML-MetaInfo, OMA-TS-DM-DDF, OMA-TS-DevInfo).

use super::pages::{Page, Since, Space, Vocabulary};
use Since::{V10, V11, V12};

/// SyncML and DM messages, and the MetInf and DDF documents that share their pages.
pub static SYNCML: Vocabulary = Vocabulary {
    name: "SyncML",
    pages: &[&SYNCML_PAGE, &METINF_PAGE, &DMDDF_PAGE],
    attributes: &[],
    values: &[],
    addenda: &[],
    addenda_values: &[],
    dates: &[],
};

/// Device information as a document of its own.
pub static DEVINF: Vocabulary = Vocabulary {
    name: "DevInf",
    pages: &[&DEVINF_PAGE],
    attributes: &[],
    values: &[],
    addenda: &[],
    addenda_values: &[],
    dates: &[],
};

/// Code page 0 of SyncML. 0x30 is reserved.
pub static SYNCML_PAGE: Page = Page::new(0, "SyncML", Space::SyncMl, SYNCML_TAGS, &[]);
/// Code page 1 of SyncML.
pub static METINF_PAGE: Page = Page::new(1, "MetInf", Space::MetInf, METINF_TAGS, &[]);
/// Code page 2 of SyncML.
pub static DMDDF_PAGE: Page = Page::new(2, "DM DDF", Space::DmDdf, DMDDF_TAGS, &[]);
/// Code page 0 of DevInf. `Size` is called `MaxSize` in 1.2.
pub static DEVINF_PAGE: Page = Page::new(
    0,
    "DevInf",
    Space::DevInf,
    DEVINF_TAGS,
    &[(0x1C, V12, "MaxSize")],
);

/// OMA-TS-SyncML-RepPro, WBXML tokens.
#[rustfmt::skip]
const SYNCML_TAGS: &[(u8, Since, &str)] = &[
    (0x05, V10, "Add"), (0x06, V10, "Alert"), (0x07, V10, "Archive"), (0x08, V10, "Atomic"),
    (0x09, V10, "Chal"), (0x0A, V10, "Cmd"), (0x0B, V10, "CmdID"), (0x0C, V10, "CmdRef"),
    (0x0D, V10, "Copy"), (0x0E, V10, "Cred"), (0x0F, V10, "Data"), (0x10, V10, "Delete"),
    (0x11, V10, "Exec"), (0x12, V10, "Final"), (0x13, V10, "Get"), (0x14, V10, "Item"),
    (0x15, V10, "Lang"), (0x16, V10, "LocName"), (0x17, V10, "LocURI"), (0x18, V10, "Map"),
    (0x19, V10, "MapItem"), (0x1A, V10, "Meta"), (0x1B, V10, "MsgID"), (0x1C, V10, "MsgRef"),
    (0x1D, V10, "NoResp"), (0x1E, V10, "NoResults"), (0x1F, V10, "Put"), (0x20, V10, "Replace"),
    (0x21, V10, "RespURI"), (0x22, V10, "Results"), (0x23, V10, "Search"), (0x24, V10, "Sequence"),
    (0x25, V10, "SessionID"), (0x26, V10, "SftDel"), (0x27, V10, "Source"),
    (0x28, V10, "SourceRef"), (0x29, V10, "Status"), (0x2A, V10, "Sync"), (0x2B, V10, "SyncBody"),
    (0x2C, V10, "SyncHdr"), (0x2D, V10, "SyncML"), (0x2E, V10, "Target"), (0x2F, V10, "TargetRef"),
    (0x31, V10, "VerDTD"), (0x32, V10, "VerProto"), (0x33, V11, "NumberOfChanges"),
    (0x34, V11, "MoreData"), (0x35, V12, "Field"), (0x36, V12, "Filter"), (0x37, V12, "Record"),
    (0x38, V12, "FilterType"), (0x39, V12, "SourceParent"), (0x3A, V12, "TargetParent"),
    (0x3B, V12, "Move"), (0x3C, V12, "Correlator"),
];

/// OMA-TS-SyncML-MetaInfo, WBXML tokens.
#[rustfmt::skip]
const METINF_TAGS: &[(u8, Since, &str)] = &[
    (0x05, V10, "Anchor"), (0x06, V10, "EMI"), (0x07, V10, "Format"), (0x08, V10, "FreeID"),
    (0x09, V10, "FreeMem"), (0x0A, V10, "Last"), (0x0B, V10, "Mark"), (0x0C, V10, "MaxMsgSize"),
    (0x0D, V10, "Mem"), (0x0E, V10, "MetInf"), (0x0F, V10, "Next"), (0x10, V10, "NextNonce"),
    (0x11, V10, "SharedMem"), (0x12, V10, "Size"), (0x13, V10, "Type"), (0x14, V10, "Version"),
    (0x15, V11, "MaxObjSize"), (0x16, V12, "FieldLevel"),
];

/// OMA-TS-DM_TND 10, WBXML tokens.
#[rustfmt::skip]
const DMDDF_TAGS: &[(u8, Since, &str)] = &[
    (0x05, V12, "AccessType"), (0x06, V12, "ACL"), (0x07, V12, "Add"), (0x08, V12, "b64"),
    (0x09, V12, "bin"), (0x0A, V12, "bool"), (0x0B, V12, "chr"), (0x0C, V12, "CaseSense"),
    (0x0D, V12, "CIS"), (0x0E, V12, "Copy"), (0x0F, V12, "CS"), (0x10, V12, "date"),
    (0x11, V12, "DDFName"), (0x12, V12, "DefaultValue"), (0x13, V12, "Delete"),
    (0x14, V12, "Description"), (0x15, V12, "DFFormat"), (0x16, V12, "DFProperties"),
    (0x17, V12, "DFTitle"), (0x18, V12, "DFType"), (0x19, V12, "Dynamic"), (0x1A, V12, "Exec"),
    (0x1B, V12, "float"), (0x1C, V12, "Format"), (0x1D, V12, "Get"), (0x1E, V12, "int"),
    (0x1F, V12, "Man"), (0x20, V12, "MgmtTree"), (0x21, V12, "MIME"), (0x22, V12, "Mod"),
    (0x23, V12, "Name"), (0x24, V12, "Node"), (0x25, V12, "node"), (0x26, V12, "NodeName"),
    (0x27, V12, "null"), (0x28, V12, "Occurrence"), (0x29, V12, "One"), (0x2A, V12, "OneOrMore"),
    (0x2B, V12, "OneOrN"), (0x2C, V12, "Path"), (0x2D, V12, "Permanent"), (0x2E, V12, "Replace"),
    (0x2F, V12, "RTProperties"), (0x30, V12, "Scope"), (0x31, V12, "Size"), (0x32, V12, "time"),
    (0x33, V12, "Title"), (0x34, V12, "TStamp"), (0x35, V12, "Type"), (0x36, V12, "Value"),
    (0x37, V12, "VerDTD"), (0x38, V12, "VerNo"), (0x39, V12, "xml"), (0x3A, V12, "ZeroOrMore"),
    (0x3B, V12, "ZeroOrN"), (0x3C, V12, "ZeroOrOne"),
];

/// OMA-TS-DS_DevInf, WBXML tokens.
#[rustfmt::skip]
const DEVINF_TAGS: &[(u8, Since, &str)] = &[
    (0x05, V10, "CTCap"), (0x06, V10, "CTType"), (0x07, V10, "DataStore"), (0x08, V10, "DataType"),
    (0x09, V10, "DevID"), (0x0A, V10, "DevInf"), (0x0B, V10, "DevTyp"), (0x0C, V10, "DisplayName"),
    (0x0D, V10, "DSMem"), (0x0E, V10, "Ext"), (0x0F, V10, "FwV"), (0x10, V10, "HwV"),
    (0x11, V10, "Man"), (0x12, V10, "MaxGUIDSize"), (0x13, V10, "MaxID"), (0x14, V10, "MaxMem"),
    (0x15, V10, "Mod"), (0x16, V10, "OEM"), (0x17, V10, "ParamName"), (0x18, V10, "PropName"),
    (0x19, V10, "Rx"), (0x1A, V10, "Rx-Pref"), (0x1B, V10, "SharedMem"), (0x1C, V10, "Size"),
    (0x1D, V10, "SourceRef"), (0x1E, V10, "SwV"), (0x1F, V10, "SyncCap"), (0x20, V10, "SyncType"),
    (0x21, V10, "Tx"), (0x22, V10, "Tx-Pref"), (0x23, V10, "ValEnum"), (0x24, V10, "VerCT"),
    (0x25, V10, "VerDTD"), (0x26, V10, "XNam"), (0x27, V10, "XVal"), (0x28, V11, "UTC"),
    (0x29, V11, "SupportNumberOfChanges"), (0x2A, V11, "SupportLargeObjs"), (0x2B, V12, "Property"),
    (0x2C, V12, "PropParam"), (0x2D, V12, "MaxOccur"), (0x2E, V12, "NoTruncate"),
    (0x30, V12, "Filter-Rx"), (0x31, V12, "FilterCap"), (0x32, V12, "FilterKeyword"),
    (0x33, V12, "FieldLevel"), (0x34, V12, "SupportHierarchicalSync"),
];
