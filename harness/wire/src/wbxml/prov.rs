//! The tokens of wap-provisioningdoc: the two standard attribute pages, what later addenda put
//! beside them, and the pages of Windows Mobile.
//!
//! Facts only (OMA-WAP-ProvCont 1.1, chapter 8; Windows Mobile documentation, WBXML tokens). The
//! values `,`, `HTTP-`, `BASIC` and `DIGEST` of page 1 are those since 2005; see [`OLD_VALUES`].

use super::pages::{AttributeStart, AttributeValue, Page, Since, Space, Vocabulary};
use Since::V10;

/// Documents of client provisioning.
pub static PROV: Vocabulary = Vocabulary {
    name: "PROV",
    pages: &[&PROV_PAGE, &PROV_PAGE_1, &MS_PAGE],
    attributes: ATTRIBUTES,
    values: VALUES,
    addenda: ADDENDA,
    addenda_values: ADDENDA_VALUES,
    dates: &[],
};

/// The first page that is of Windows Mobile; all from here on are.
pub const MICROSOFT: u8 = 0xC8;

/// Code page 0 of elements.
pub static PROV_PAGE: Page = Page::new(0, "PROV", Space::Prov, PROV_TAGS, &[]);
/// Code page 1 of elements, which repeats two of page 0.
pub static PROV_PAGE_1: Page = Page::new(1, "PROV 1", Space::Prov, PROV_TAGS_1, &[]);
/// The elements of Windows Mobile. Those of 2003 stand on page 0.
pub static MS_PAGE: Page = Page::new(MICROSOFT, "MSPROV", Space::Prov, MS_TAGS, &[]);

/// What the values of page 1 were in the draft of 2002: octets that are global tokens.
pub const OLD_VALUES: &[(u8, &str)] = &[
    (0x80, ","),
    (0x81, "HTTP-"),
    (0x82, "BASIC"),
    (0x83, "DIGEST"),
];

#[rustfmt::skip]
const PROV_TAGS: &[(u8, Since, &str)] =
    &[(0x05, V10, "wap-provisioningdoc"), (0x06, V10, "characteristic"), (0x07, V10, "parm")];

#[rustfmt::skip]
const PROV_TAGS_1: &[(u8, Since, &str)] = &[(0x06, V10, "characteristic"), (0x07, V10, "parm")];

#[rustfmt::skip]
const MS_TAGS: &[(u8, Since, &str)] = &[
    (0x20, V10, "characteristic-query"), (0x21, V10, "parm-query"),
    (0x22, V10, "nocharacteristic"), (0x23, V10, "noparm"),
    (0x24, V10, "characteristic-error"), (0x25, V10, "parm-error"),
    (0x26, V10, "characteristic-query-error"), (0x27, V10, "parm-query-error"),
    (0x28, V10, "nocharacteristic-error"), (0x29, V10, "noparm-error"),
];

/// Attribute starts: the standard pages 0 and 1, then those of Windows Mobile, of which the tables that
/// are left are cut off at 4B of page C9, 54 of CB and 48 of CC.
#[rustfmt::skip]
const ATTRIBUTES: &[AttributeStart] = &[
    (0, 0x45, "version", ""), (0, 0x46, "version", "1.0"), (0, 0x50, "type", ""),
    (0, 0x51, "type", "PXLOGICAL"), (0, 0x52, "type", "PXPHYSICAL"), (0, 0x53, "type", "PORT"),
    (0, 0x54, "type", "VALIDITY"), (0, 0x55, "type", "NAPDEF"), (0, 0x56, "type", "BOOTSTRAP"),
    (0, 0x57, "type", "VENDORCONFIG"), (0, 0x58, "type", "CLIENTIDENTITY"),
    (0, 0x59, "type", "PXAUTHINFO"), (0, 0x5A, "type", "NAPAUTHINFO"), (0, 0x5B, "type", "ACCESS"),
    (0, 0x05, "name", ""), (0, 0x07, "name", "NAME"), (0, 0x08, "name", "NAP-ADDRESS"),
    (0, 0x09, "name", "NAP-ADDRTYPE"), (0, 0x0A, "name", "CALLTYPE"),
    (0, 0x0B, "name", "VALIDUNTIL"), (0, 0x0C, "name", "AUTHTYPE"), (0, 0x0D, "name", "AUTHNAME"),
    (0, 0x0E, "name", "AUTHSECRET"), (0, 0x0F, "name", "LINGER"), (0, 0x10, "name", "BEARER"),
    (0, 0x11, "name", "NAPID"), (0, 0x12, "name", "COUNTRY"), (0, 0x13, "name", "NETWORK"),
    (0, 0x14, "name", "INTERNET"), (0, 0x15, "name", "PROXY-ID"),
    (0, 0x16, "name", "PROXY-PROVIDER-ID"), (0, 0x17, "name", "DOMAIN"),
    (0, 0x18, "name", "PROVURL"), (0, 0x19, "name", "PXAUTH-TYPE"), (0, 0x1A, "name", "PXAUTH-ID"),
    (0, 0x1B, "name", "PXAUTH-PW"), (0, 0x1C, "name", "STARTPAGE"), (0, 0x1D, "name", "BASAUTH-ID"),
    (0, 0x1E, "name", "BASAUTH-PW"), (0, 0x1F, "name", "PUSHENABLED"), (0, 0x20, "name", "PXADDR"),
    (0, 0x21, "name", "PXADDRTYPE"), (0, 0x22, "name", "TO-NAPID"), (0, 0x23, "name", "PORTNBR"),
    (0, 0x24, "name", "SERVICE"), (0, 0x25, "name", "LINKSPEED"), (0, 0x26, "name", "DNLINKSPEED"),
    (0, 0x27, "name", "LOCAL-ADDR"), (0, 0x28, "name", "LOCAL-ADDRTYPE"),
    (0, 0x29, "name", "CONTEXT-ALLOW"), (0, 0x2A, "name", "TRUST"), (0, 0x2B, "name", "MASTER"),
    (0, 0x2C, "name", "SID"), (0, 0x2D, "name", "SOC"), (0, 0x2E, "name", "WSP-VERSION"),
    (0, 0x2F, "name", "PHYSICAL-PROXY-ID"), (0, 0x30, "name", "CLIENT-ID"),
    (0, 0x31, "name", "DELIVERY-ERR-SDU"), (0, 0x32, "name", "DELIVERY-ORDER"),
    (0, 0x33, "name", "TRAFFIC-CLASS"), (0, 0x34, "name", "MAX-SDU-SIZE"),
    (0, 0x35, "name", "MAX-BITRATE-UPLINK"), (0, 0x36, "name", "MAX-BITRATE-DNLINK"),
    (0, 0x37, "name", "RESIDUAL-BER"), (0, 0x38, "name", "SDU-ERROR-RATIO"),
    (0, 0x39, "name", "TRAFFIC-HANDL-PRIO"), (0, 0x3A, "name", "TRANSFER-DELAY"),
    (0, 0x3B, "name", "GUARANTEED-BITRATE-UPLINK"), (0, 0x3C, "name", "GUARANTEED-BITRATE-DNLINK"),
    (0, 0x3D, "name", "PXADDR-FQDN"), (0, 0x3E, "name", "PROXY-PW"),
    (0, 0x3F, "name", "PPGAUTH-TYPE"), (0, 0x47, "name", "PULLENABLED"),
    (0, 0x48, "name", "DNS-ADDR"), (0, 0x49, "name", "MAX-NUM-RETRY"),
    (0, 0x4A, "name", "FIRST-RETRY-TIMEOUT"), (0, 0x4B, "name", "REREG-THRESHOLD"),
    (0, 0x4C, "name", "T-BIT"), (0, 0x4E, "name", "AUTH-ENTITY"), (0, 0x4F, "name", "SPI"),
    (0, 0x06, "value", ""), (1, 0x50, "type", ""), (1, 0x53, "type", "PORT"),
    (1, 0x55, "type", "APPLICATION"), (1, 0x56, "type", "APPADDR"), (1, 0x57, "type", "APPAUTH"),
    (1, 0x58, "type", "CLIENTIDENTITY"), (1, 0x59, "type", "RESOURCE"), (1, 0x05, "name", ""),
    (1, 0x07, "name", "NAME"), (1, 0x14, "name", "INTERNET"), (1, 0x1C, "name", "STARTPAGE"),
    (1, 0x22, "name", "TO-NAPID"), (1, 0x23, "name", "PORTNBR"), (1, 0x24, "name", "SERVICE"),
    (1, 0x2E, "name", "AACCEPT"), (1, 0x2F, "name", "AAUTHDATA"), (1, 0x30, "name", "AAUTHLEVEL"),
    (1, 0x31, "name", "AAUTHNAME"), (1, 0x32, "name", "AAUTHSECRET"),
    (1, 0x33, "name", "AAUTHTYPE"), (1, 0x34, "name", "ADDR"), (1, 0x35, "name", "ADDRTYPE"),
    (1, 0x36, "name", "APPID"), (1, 0x37, "name", "APROTOCOL"), (1, 0x38, "name", "PROVIDER-ID"),
    (1, 0x39, "name", "TO-PROXY"), (1, 0x3A, "name", "URI"), (1, 0x3B, "name", "RULE"),
    (1, 0x06, "value", ""), (0xC8, 0x60, "datatype", ""), (0xC8, 0x61, "datatype", "string"),
    (0xC8, 0x62, "datatype", "float"), (0xC8, 0x63, "datatype", "date"),
    (0xC8, 0x64, "datatype", "time"), (0xC8, 0x65, "datatype", "boolean"),
    (0xC8, 0x66, "datatype", "binary"), (0xC8, 0x67, "datatype", "multiplestring"),
    (0xC8, 0x68, "datatype", "integer"), (0xC8, 0x69, "maxvalue", ""), (0xC8, 0x6A, "minvalue", ""),
    (0xC8, 0x6B, "maxlength", ""), (0xC8, 0x6C, "options", ""), (0xC8, 0x6D, "multiple", ""),
    (0xC8, 0x6E, "semantic-type", ""), (0xC8, 0x6F, "rw-access", ""),
    (0xC8, 0x70, "nooverwrite", ""), (0xC8, 0x71, "access-role", ""), (0xC8, 0x72, "label", ""),
    (0xC8, 0x73, "desc", ""), (0xC8, 0x74, "recursive", ""), (0xC8, 0x75, "code", ""),
    (0xC9, 0x05, "type", "SecurityPolicy"), (0xC9, 0x06, "type", "LoaderRevocation"),
    (0xC9, 0x07, "type", "Registry"), (0xC9, 0x10, "type", "CM_ProxyEntries"),
    (0xC9, 0x11, "type", "CM_PPPEntries"), (0xC9, 0x12, "type", "CM_VPNEntries"),
    (0xC9, 0x13, "type", "CM_Planner"), (0xC9, 0x14, "type", "CM_Networks"),
    (0xC9, 0x15, "type", "CM_Mappings"), (0xC9, 0x16, "type", "CM_GPRSEntries"),
    (0xC9, 0x17, "type", "DevSpecificCellular"), (0xC9, 0x18, "type", "PreferredConnections"),
    (0xC9, 0x20, "name", "Pattern"), (0xC9, 0x21, "name", "Network"),
    (0xC9, 0x22, "name", "CoeffLatency"), (0xC9, 0x23, "name", "CoeffCost"),
    (0xC9, 0x24, "name", "CoeffBandwidth"), (0xC9, 0x25, "name", "CacheTime"),
    (0xC9, 0x26, "name", "RetryCount"), (0xC9, 0x27, "name", "SrcId"),
    (0xC9, 0x28, "name", "DestId"), (0xC9, 0x29, "name", "Proxy"), (0xC9, 0x2A, "name", "UserName"),
    (0xC9, 0x2B, "name", "Password"), (0xC9, 0x2C, "name", "Type"),
    (0xC9, 0x2D, "name", "Override"), (0xC9, 0x2E, "name", "Enabled"),
    (0xC9, 0x2F, "name", "RequirePW"), (0xC9, 0x30, "name", "DialAsLocalCall"),
    (0xC9, 0x31, "name", "AltDnsAddr"), (0xC9, 0x32, "name", "AltWinsAddr"),
    (0xC9, 0x33, "name", "DeviceName"), (0xC9, 0x34, "name", "DeviceType"),
    (0xC9, 0x35, "name", "DnsAddr"), (0xC9, 0x36, "name", "Framing"),
    (0xC9, 0x37, "name", "FrameSize"), (0xC9, 0x38, "name", "IpAddr"),
    (0xC9, 0x39, "name", "Script"), (0xC9, 0x3A, "name", "WinsAddr"),
    (0xC9, 0x3B, "name", "DeviceSpecificRAW"), (0xC9, 0x3C, "name", "SpecificNameServers"),
    (0xC9, 0x3D, "name", "IpHeaderCompression"), (0xC9, 0x3E, "name", "SwCompression"),
    (0xC9, 0x3F, "name", "UserCountryAndAreaCodes"), (0xC9, 0x45, "name", "RequireEncryptedPw"),
    (0xC9, 0x46, "name", "RequireMSEncryptedPw"), (0xC9, 0x47, "name", "RequireDataEncryption"),
    (0xC9, 0x48, "name", "Domain"), (0xC9, 0x49, "name", "Phone"), (0xC9, 0x4A, "name", "AreaCode"),
    (0xCA, 0x05, "type", "BrowserFavorite"), (0xCA, 0x06, "name", "URL"),
    (0xCA, 0x20, "type", "Sync"), (0xCA, 0x21, "type", "Settings"),
    (0xCA, 0x22, "type", "Connection"), (0xCA, 0x23, "type", "Mail"),
    (0xCA, 0x24, "type", "Contacts"), (0xCA, 0x25, "type", "Calendar"),
    (0xCA, 0x26, "type", "FolderHierarchy"), (0xCA, 0x2A, "name", "NotificationsEnabled"),
    (0xCA, 0x2B, "name", "ConflictResolution"), (0xCA, 0x2C, "name", "SyncSwitchPurge"),
    (0xCA, 0x2D, "name", "DisconnectWhenDone"), (0xCA, 0x2E, "name", "SyncAfterTimeWhenCradled"),
    (0xCA, 0x2F, "name", "BodyTruncation"), (0xCA, 0x30, "name", "AutoSync"),
    (0xCA, 0x31, "name", "ConflictResolutionHelp"), (0xCA, 0x32, "name", "SyncAfterTime"),
    (0xCA, 0x33, "name", "AutoSyncWhenCradled"), (0xCA, 0x34, "name", "SavePassword"),
    (0xCA, 0x35, "name", "User"), (0xCA, 0x36, "name", "Server"),
    (0xCA, 0x37, "name", "FolderType"), (0xCA, 0x38, "name", "DeviceID"),
    (0xCA, 0x39, "name", "Device"), (0xCA, 0x3A, "name", "URI"),
    (0xCA, 0x3B, "name", "EmailAgeFilter"), (0xCA, 0x3C, "name", "SaveSentItems"),
    (0xCA, 0x3D, "name", "MailFileAttachments"), (0xCA, 0x3E, "name", "MailBodyTruncation"),
    (0xCA, 0x3F, "name", "CalendarAgeFilter"), (0xCA, 0x45, "name", "SyncEnabled"),
    (0xCA, 0x46, "name", "VersionMajor"), (0xCA, 0x47, "name", "VersionMinor"),
    (0xCA, 0x4A, "type", "Locale"), (0xCA, 0x4B, "name", "LOCALE_INEGCURR"),
    (0xCA, 0x4C, "name", "LOCALE_SMONTHOUSANDSEP"), (0xCA, 0x4D, "name", "LOCALE_ICURRDIGITS"),
    (0xCA, 0x4E, "name", "LOCALE_SMONDECIMALSEP"), (0xCA, 0x4F, "name", "LOCALE_ICURRENCY"),
    (0xCA, 0x51, "name", "LOCALE_INEGNUMBER"), (0xCA, 0x52, "name", "LOCALE_STHOUSAND"),
    (0xCA, 0x53, "name", "LOCALE_IDIGITS"), (0xCA, 0x54, "name", "LOCALE_SDECIMAL"),
    (0xCA, 0x58, "name", "Language"), (0xCA, 0x59, "name", "Locale"), (0xCB, 0x05, "type", "Home"),
    (0xCB, 0x06, "type", "HKCU\\ControlPanel\\Home"), (0xCB, 0x07, "name", "DeleteScheme"),
    (0xCB, 0x08, "name", "BgImage"), (0xCB, 0x09, "name", "ColorScheme"),
    (0xCB, 0x0A, "name", "Scheme"), (0xCB, 0x0C, "type", "Uninstall"),
    (0xCB, 0x0D, "type", "uninstall"), (0xCB, 0x10, "type", "Clock"),
    (0xCB, 0x11, "name", "AlarmTime"), (0xCB, 0x12, "name", "AlarmOn"),
    (0xCB, 0x13, "name", "Time"), (0xCB, 0x14, "name", "TimeZone"), (0xCB, 0x15, "name", "Date"),
    (0xCB, 0x21, "type", "SMTP"), (0xCB, 0x22, "type", "POP3"), (0xCB, 0x23, "type", "IMAP4"),
    (0xCB, 0x25, "name", "CONNECTIONID"), (0xCB, 0x26, "name", "REPLYADDR"),
    (0xCB, 0x27, "type", "CertificateStore"),
    (0xCB, 0x28, "type", "Unprivileged Execution Trust Authorities"),
    (0xCB, 0x29, "type", "Privileged Execution Trust Authorities"), (0xCB, 0x2A, "type", "SPC"),
    (0xCB, 0x2B, "type", "ROOT"), (0xCB, 0x2C, "type", "My"), (0xCB, 0x2D, "type", "CA"),
    (0xCB, 0x2E, "name", "Role"), (0xCB, 0x2F, "name", "EncodedCertificate"),
    (0xCB, 0x30, "type", "FileOperation"), (0xCB, 0x31, "type", "MakeDir"),
    (0xCB, 0x32, "type", "RemoveDir"), (0xCB, 0x33, "type", "Shortcut"),
    (0xCB, 0x34, "type", "Copy"), (0xCB, 0x35, "type", "Move"), (0xCB, 0x36, "type", "Delete"),
    (0xCB, 0x37, "type", "Extract"), (0xCB, 0x38, "name", "NoOverwriteIfNewer"),
    (0xCB, 0x39, "name", "NoOverwrite"), (0xCB, 0x3A, "name", "ForceDelete"),
    (0xCB, 0x3B, "name", "NoTransaction"), (0xCB, 0x3C, "name", "SelfRegister"),
    (0xCB, 0x3D, "name", "Shared"), (0xCB, 0x3E, "name", "Source"), (0xCB, 0x45, "type", "Sounds"),
    (0xCB, 0x46, "type", "HKCU\\ControlPanel\\Sounds\\"), (0xCB, 0x47, "name", "DeleteRingTone"),
    (0xCB, 0x48, "name", "MessageBox"), (0xCB, 0x49, "name", "Sound"), (0xCB, 0x4A, "name", "Mode"),
    (0xCB, 0x50, "type", "Metabase"), (0xCB, 0x51, "type", "label"),
    (0xCB, 0x52, "type", "options"), (0xCB, 0x53, "name", "datatype"),
    (0xCC, 0x05, "type", "Engines"), (0xCC, 0x06, "type", "Providers"),
    (0xCC, 0x07, "type", "Sources"), (0xCC, 0x08, "type", "CarrierConnectorList"),
    (0xCC, 0x09, "name", "AllowSSLOption"), (0xCC, 0x0A, "name", "CarrierConnector"),
    (0xCC, 0x0B, "name", "ClientNegotiated"), (0xCC, 0x0C, "name", "ClientProtocolVersion"),
    (0xCC, 0x0D, "name", "DeviceAddressingMethod"), (0xCC, 0x0E, "name", "DevicePhoneNumber"),
    (0xCC, 0x0F, "name", "DevicePhoneReadOnly"), (0xCC, 0x10, "name", "DeviceSMSAddress"),
    (0xCC, 0x11, "name", "IncludeRemoteManualSync"), (0xCC, 0x12, "name", "IncludeRemoteSync"),
    (0xCC, 0x13, "name", "MIMETruncation"), (0xCC, 0x14, "name", "NotificationSupported"),
    (0xCC, 0x15, "name", "OffPeakFrequency"), (0xCC, 0x16, "name", "OutboundMailDelay"),
    (0xCC, 0x17, "name", "PeakEndTime"), (0xCC, 0x18, "name", "PeakFrequency"),
    (0xCC, 0x19, "name", "PeakStartTime"), (0xCC, 0x1A, "name", "RadioEnabledDevice"),
    (0xCC, 0x1B, "name", "SendMailItemImmediately"), (0xCC, 0x1C, "name", "SyncAfterCount"),
    (0xCC, 0x1D, "name", "SyncWhenRoaming"), (0xCC, 0x1E, "name", "Logging"),
    (0xCC, 0x1F, "name", "UseSSL"), (0xCC, 0x20, "name", "ConflictResolutionHelp"),
    (0xCC, 0x21, "name", "PCurHelp"), (0xCC, 0x22, "name", "PeakDaysLink"),
    (0xCC, 0x23, "name", "PeakTimesHelp"), (0xCC, 0x24, "name", "ScheduleHelp"),
    (0xCC, 0x25, "name", "SyncAfterTimeWhenCradledHelp"), (0xCC, 0x2A, "type", "CM_WiFiEntries"),
    (0xCC, 0x30, "type", "Bluetooth"), (0xCC, 0x31, "name", "BtMode"), (0xCC, 0x32, "type", "Obex"),
    (0xCC, 0x33, "type", "HKLM\\Software\\Microsoft\\Obex"), (0xCC, 0x34, "name", "IsEnabled"),
    (0xCC, 0x35, "type", "SpeedDial"), (0xCC, 0x36, "name", "Key"), (0xCC, 0x45, "type", "EMAIL2"),
    (0xCC, 0x46, "type", "NAMEDPROPS"), (0xCC, 0x47, "type", "TAGPROPS"),
];

/// Attribute values of the standard pages and of Windows Mobile.
#[rustfmt::skip]
const VALUES: &[AttributeValue] = &[
    (0, 0x85, "IPV4"), (0, 0x86, "IPV6"), (0, 0x87, "E164"), (0, 0x88, "ALPHA"), (0, 0x89, "APN"),
    (0, 0x8A, "SCODE"), (0, 0x8B, "TETRA-ITSI"), (0, 0x8C, "MAN"), (0, 0x90, "ANALOG-MODEM"),
    (0, 0x91, "V.120"), (0, 0x92, "V.110"), (0, 0x93, "X.31"), (0, 0x94, "BIT-TRANSPARENT"),
    (0, 0x95, "DIRECT-ASYNCHRONOUS-DATA-SERVICE"), (0, 0x9A, "PAP"), (0, 0x9B, "CHAP"),
    (0, 0x9C, "HTTP-BASIC"), (0, 0x9D, "HTTP-DIGEST"), (0, 0x9E, "WTLS-SS"), (0, 0x9F, "MD5"),
    (0, 0xA2, "GSM-USSD"), (0, 0xA3, "GSM-SMS"), (0, 0xA4, "ANSI-136-GUTS"),
    (0, 0xA5, "IS-95-CDMA-SMS"), (0, 0xA6, "IS-95-CDMA-CSD"), (0, 0xA7, "IS-95-CDMA-PACKET"),
    (0, 0xA8, "ANSI-136-CSD"), (0, 0xA9, "ANSI-136-GPRS"), (0, 0xAA, "GSM-CSD"),
    (0, 0xAB, "GSM-GPRS"), (0, 0xAC, "AMPS-CDPD"), (0, 0xAD, "PDC-CSD"), (0, 0xAE, "PDC-PACKET"),
    (0, 0xAF, "IDEN-SMS"), (0, 0xB0, "IDEN-CSD"), (0, 0xB1, "IDEN-PACKET"),
    (0, 0xB2, "FLEX/REFLEX"), (0, 0xB3, "PHS-SMS"), (0, 0xB4, "PHS-CSD"), (0, 0xB5, "TETRA-SDS"),
    (0, 0xB6, "TETRA-PACKET"), (0, 0xB7, "ANSI-136-GHOST"), (0, 0xB8, "MOBITEX-MPAK"),
    (0, 0xB9, "CDMA2000-1X-SIMPLE-IP"), (0, 0xBA, "CDMA2000-1X-MOBILE-IP"),
    (0, 0xC5, "AUTOBAUDING"), (0, 0xCA, "CL-WSP"), (0, 0xCB, "CO-WSP"), (0, 0xCC, "CL-SEC-WSP"),
    (0, 0xCD, "CO-SEC-WSP"), (0, 0xCE, "CL-SEC-WTA"), (0, 0xCF, "CO-SEC-WTA"),
    (0, 0xD0, "OTA-HTTP-TO"), (0, 0xD1, "OTA-HTTP-TLS-TO"), (0, 0xD2, "OTA-HTTP-PO"),
    (0, 0xD3, "OTA-HTTP-TLS-PO"), (0, 0xE0, "AAA"), (0, 0xE1, "HA"), (1, 0x86, "IPV6"),
    (1, 0x87, "E164"), (1, 0x88, "ALPHA"), (1, 0x8D, "APPSRV"), (1, 0x8E, "OBEX"), (1, 0x90, ","),
    (1, 0x91, "HTTP-"), (1, 0x92, "BASIC"), (1, 0x93, "DIGEST"), (0xC9, 0x85, "HKCU\\"),
    (0xC9, 0x86, "HKLM\\"), (0xC9, 0x87, "HKCR\\"), (0xC9, 0x88, "ControlPanel\\"),
    (0xC9, 0x89, "Inbox\\"), (0xC9, 0x8A, "Software\\"), (0xC9, 0x8B, "Microsoft\\"),
    (0xC9, 0x8C, "Windows"), (0xC9, 0x8D, "Phone"), (0xC9, 0x8E, "AirSync\\"),
    (0xC9, 0x8F, "Settings"), (0xC9, 0x90, "MessengerService\\"), (0xC9, 0x91, "Default"),
    (0xC9, 0x92, "Timeout"), (0xC9, 0x93, "Security"), (0xC9, 0x94, "Sound"),
    (0xC9, 0x95, "Sounds"), (0xC9, 0x96, "Policies"), (0xC9, 0x97, "Policy"),
];

/// Attribute starts of later addenda (WLAN, references of applications), as one implementation has
/// them. Those at 40 to 44 are left out: they are global tokens.
#[rustfmt::skip]
const ADDENDA: &[AttributeStart] = &[
    (0, 0x5C, "type", "BEARERINFO"), (0, 0x5D, "type", "DNS-ADDRINFO"), (1, 0x5A, "type", "WLAN"),
    (1, 0x5B, "type", "SEC-SSID"), (1, 0x5C, "type", "EAP"), (1, 0x5D, "type", "CERT"),
    (1, 0x5E, "type", "WEPKEY"), (1, 0x3C, "name", "APPREF"), (1, 0x3D, "name", "TO-APPREF"),
    (1, 0x3E, "name", "PRI-SSID"), (1, 0x3F, "name", "PRI-U-SSID"), (1, 0x45, "name", "EAPTYPE"),
    (1, 0x46, "name", "USERNAME"), (1, 0x47, "name", "PASSWORD"), (1, 0x48, "name", "REALM"),
    (1, 0x49, "name", "USE-PSEUD"), (1, 0x4C, "name", "VER-SER-REALM"),
    (1, 0x4D, "name", "CLIENT-AUTH"), (1, 0x4E, "name", "SES-VAL-TIME"),
    (1, 0x4F, "name", "CIP-SUIT"), (1, 0x60, "name", "PEAP-V0"), (1, 0x61, "name", "PEAP-V1"),
    (1, 0x62, "name", "PEAP-V2"), (1, 0x63, "name", "ISS-NAME"), (1, 0x64, "name", "SUB-NAME"),
    (1, 0x65, "name", "CERT-TYPE"), (1, 0x66, "name", "SER-NUM"), (1, 0x67, "name", "SUB-KEY-ID"),
    (1, 0x68, "name", "THUMBPRINT"), (1, 0x69, "name", "WPA-PRES-KEY-ASC"),
    (1, 0x6A, "name", "WPA-PRES-KEY-HEX"), (1, 0x6B, "name", "WEPKEYIND"),
    (1, 0x6C, "name", "WEPAUTHMODE"), (1, 0x6D, "name", "LENGTH"), (1, 0x6E, "name", "INDEX"),
    (1, 0x6F, "name", "DATA"), (1, 0x70, "name", "WLANHAND"), (1, 0x71, "name", "EDIT-SET"),
    (1, 0x72, "name", "VIEW-SET"), (1, 0x73, "name", "FORW-SET"),
];

/// Attribute values of later addenda.
const ADDENDA_VALUES: &[AttributeValue] = &[(0, 0xBB, "3G-GSM"), (0, 0xBC, "WLAN")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_stands_for_two_things() {
        let starts = ATTRIBUTES.iter().chain(ADDENDA).map(|row| (row.0, row.1));
        let values = VALUES
            .iter()
            .chain(ADDENDA_VALUES)
            .map(|row| (row.0, row.1));
        let mut all: Vec<_> = starts.chain(values).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn no_token_is_a_global_one() {
        for row in ATTRIBUTES.iter().chain(ADDENDA) {
            assert!(matches!(row.1, 0x05..0x40 | 0x45..0x80), "{row:?}");
        }
        for row in VALUES.iter().chain(ADDENDA_VALUES) {
            assert!(matches!(row.1, 0x85..0xC0 | 0xC5..=0xFF), "{row:?}");
        }
    }

    #[test]
    fn the_standard_pages_hold_what_the_standard_lists() {
        let on = |page| ATTRIBUTES.iter().filter(|row| row.0 == page).count();
        let values = |page| VALUES.iter().filter(|row| row.0 == page).count();
        assert_eq!((on(0), on(1)), (81, 29));
        assert_eq!((values(0), values(1)), (58, 9));
    }
}
