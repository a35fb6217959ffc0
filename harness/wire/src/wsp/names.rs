//! The well-known numbers of WSP: media types, parameters, headers, and the application ids of
//! WAP push. Facts only (WAP-230 appendix A, OMNA).

/// Well-known media types: the number and the type.
#[rustfmt::skip]
pub const MEDIA: &[(u32, &str)] = &[
    (0x00, "*/*"), (0x01, "text/*"), (0x02, "text/html"), (0x03, "text/plain"),
    (0x04, "text/x-hdml"), (0x05, "text/x-ttml"), (0x06, "text/x-vcalendar"),
    (0x07, "text/x-vcard"), (0x08, "text/vnd.wap.wml"), (0x09, "text/vnd.wap.wmlscript"),
    (0x0A, "text/vnd.wap.wta-event"), (0x0B, "multipart/*"), (0x0C, "multipart/mixed"),
    (0x0D, "multipart/form-data"), (0x0E, "multipart/byterantes"),
    (0x0F, "multipart/alternative"), (0x10, "application/*"), (0x11, "application/java-vm"),
    (0x12, "application/x-www-form-urlencoded"), (0x13, "application/x-hdmlc"),
    (0x14, "application/vnd.wap.wmlc"), (0x15, "application/vnd.wap.wmlscriptc"),
    (0x16, "application/vnd.wap.wta-eventc"), (0x17, "application/vnd.wap.uaprof"),
    (0x18, "application/vnd.wap.wtls-ca-certificate"),
    (0x19, "application/vnd.wap.wtls-user-certificate"),
    (0x1A, "application/x-x509-ca-cert"), (0x1B, "application/x-x509-user-cert"),
    (0x1C, "image/*"), (0x1D, "image/gif"), (0x1E, "image/jpeg"), (0x1F, "image/tiff"),
    (0x20, "image/png"), (0x21, "image/vnd.wap.wbmp"), (0x22, "application/vnd.wap.multipart.*"),
    (0x23, "application/vnd.wap.multipart.mixed"),
    (0x24, "application/vnd.wap.multipart.form-data"),
    (0x25, "application/vnd.wap.multipart.byteranges"),
    (0x26, "application/vnd.wap.multipart.alternative"), (0x27, "application/xml"),
    (0x28, "text/xml"), (0x29, "application/vnd.wap.wbxml"),
    (0x2A, "application/x-x968-cross-cert"), (0x2B, "application/x-x968-ca-cert"),
    (0x2C, "application/x-x968-user-cert"), (0x2D, "text/vnd.wap.si"),
    (0x2E, "application/vnd.wap.sic"), (0x2F, "text/vnd.wap.sl"),
    (0x30, "application/vnd.wap.slc"), (0x31, "text/vnd.wap.co"),
    (0x32, "application/vnd.wap.coc"), (0x33, "application/vnd.wap.multipart.related"),
    (0x34, "application/vnd.wap.sia"), (0x35, "text/vnd.wap.connectivity-xml"),
    (0x36, "application/vnd.wap.connectivity-wbxml"), (0x37, "application/pkcs7-mime"),
    (0x38, "application/vnd.wap.hashed-certificate"),
    (0x39, "application/vnd.wap.signed-certificate"),
    (0x3A, "application/vnd.wap.cert-response"), (0x3B, "application/xhtml+xml"),
    (0x3C, "application/wml+xml"), (0x3D, "text/css"),
    (0x3E, "application/vnd.wap.mms-message"),
    (0x3F, "application/vnd.wap.rollover-certificate"),
    (0x40, "application/vnd.wap.locc+wbxml"), (0x41, "application/vnd.wap.loc+xml"),
    (0x42, "application/vnd.syncml.dm+wbxml"), (0x43, "application/vnd.syncml.dm+xml"),
    (0x44, "application/vnd.syncml.notification"), (0x45, "application/vnd.wap.xhtml+xml"),
    (0x46, "application/vnd.wv.csp.cir"), (0x47, "application/vnd.oma.dd+xml"),
    (0x48, "application/vnd.oma.drm.message"), (0x49, "application/vnd.oma.drm.content"),
    (0x4A, "application/vnd.oma.drm.rights+xml"), (0x4B, "application/vnd.oma.drm.rights+wbxml"),
    (0x4C, "application/vnd.wv.csp+xml"), (0x4D, "application/vnd.wv.csp+wbxml"),
    (0x4E, "application/vnd.syncml.ds.notification"), (0x4F, "audio/*"), (0x50, "video/*"),
];

/// Well-known parameters: the number and the name. `SEC` and `MAC` are of encoding version 1.4.
#[rustfmt::skip]
pub const PARAMETERS: &[(u32, &str)] = &[
    (0x00, "q"), (0x01, "charset"), (0x02, "level"), (0x03, "type"), (0x05, "name"),
    (0x06, "filename"), (0x07, "differences"), (0x08, "padding"), (0x09, "type"), (0x0A, "start"),
    (0x0B, "start-info"), (0x0C, "comment"), (0x0D, "domain"), (0x0E, "max-age"), (0x0F, "path"),
    (0x10, "secure"), (0x11, "SEC"), (0x12, "MAC"), (0x13, "creation-date"),
    (0x14, "modification-date"), (0x15, "read-date"), (0x16, "size"), (0x17, "name"),
    (0x18, "filename"), (0x19, "start"), (0x1A, "start-info"), (0x1B, "comment"),
    (0x1C, "domain"), (0x1D, "path"),
];

/// Well-known headers of code page 1: the number and the name.
#[rustfmt::skip]
pub const HEADERS: &[(u8, &str)] = &[
    (0x00, "Accept"), (0x01, "Accept-Charset"), (0x02, "Accept-Encoding"),
    (0x03, "Accept-Language"), (0x04, "Accept-Ranges"), (0x05, "Age"), (0x06, "Allow"),
    (0x07, "Authorization"), (0x08, "Cache-Control"), (0x09, "Connection"),
    (0x0A, "Content-Base"), (0x0B, "Content-Encoding"), (0x0C, "Content-Language"),
    (0x0D, "Content-Length"), (0x0E, "Content-Location"), (0x0F, "Content-MD5"),
    (0x10, "Content-Range"), (0x11, "Content-Type"), (0x12, "Date"), (0x13, "Etag"),
    (0x14, "Expires"), (0x15, "From"), (0x16, "Host"), (0x17, "If-Modified-Since"),
    (0x18, "If-Match"), (0x19, "If-None-Match"), (0x1A, "If-Range"),
    (0x1B, "If-Unmodified-Since"), (0x1C, "Location"), (0x1D, "Last-Modified"),
    (0x1E, "Max-Forwards"), (0x1F, "Pragma"), (0x20, "Proxy-Authenticate"),
    (0x21, "Proxy-Authorization"), (0x22, "Public"), (0x23, "Range"), (0x24, "Referer"),
    (0x25, "Retry-After"), (0x26, "Server"), (0x27, "Transfer-Encoding"), (0x28, "Upgrade"),
    (0x29, "User-Agent"), (0x2A, "Vary"), (0x2B, "Via"), (0x2C, "Warning"),
    (0x2D, "WWW-Authenticate"), (0x2E, "Content-Disposition"), (0x2F, "X-Wap-Application-Id"),
    (0x30, "X-Wap-Content-URI"), (0x31, "X-Wap-Initiator-URI"), (0x32, "Accept-Application"),
    (0x33, "Bearer-Indication"), (0x34, "Push-Flag"), (0x35, "Profile"), (0x36, "Profile-Diff"),
    (0x37, "Profile-Warning"), (0x38, "Expect"), (0x39, "TE"), (0x3A, "Trailer"),
    (0x3B, "Accept-Charset"), (0x3C, "Accept-Encoding"), (0x3D, "Cache-Control"),
    (0x3E, "Content-Range"), (0x3F, "X-Wap-Tod"), (0x40, "Content-ID"), (0x41, "Set-Cookie"),
    (0x42, "Cookie"), (0x43, "Encoding-Version"), (0x44, "Profile-Warning"),
    (0x45, "Content-Disposition"), (0x46, "X-WAP-Security"), (0x47, "Cache-Control"),
];

/// Registered application ids of WAP push: the number and the URN.
#[rustfmt::skip]
pub const APPLICATION_IDS: &[(u32, &str)] = &[
    (0x00, "x-wap-application:*"), (0x01, "x-wap-application:push.sia"),
    (0x02, "x-wap-application:wml.ua"), (0x03, "x-wap-application:wta.ua"),
    (0x04, "x-wap-application:mms.ua"), (0x05, "x-wap-application:push.syncml"),
    (0x06, "x-wap-application:loc.ua"), (0x07, "x-wap-application:syncml.dm"),
    (0x08, "x-wap-application:drm.ua"), (0x09, "x-wap-application:emn.ua"),
    (0x0A, "x-wap-application:wv.ua"),
    (0x8000, "x-wap-microsoft:localcontent.ua"), (0x8001, "x-wap-microsoft:imclient.ua"),
];

/// The media type of a number.
pub fn media_name(code: u32) -> Option<&'static str> {
    MEDIA.iter().find(|row| row.0 == code).map(|row| row.1)
}

/// The number of a media type, in any case of its letters and without parameters.
pub fn media_code(name: &str) -> Option<u32> {
    let mut rows = MEDIA.iter();
    rows.find(|row| row.1.eq_ignore_ascii_case(name))
        .map(|row| row.0)
}

/// The parameter of a number.
pub fn parameter_name(code: u32) -> Option<&'static str> {
    PARAMETERS.iter().find(|row| row.0 == code).map(|row| row.1)
}

/// The number of a parameter, in any case of its letters; the older one of two.
pub fn parameter_code(name: &str) -> Option<u32> {
    let mut rows = PARAMETERS.iter();
    rows.find(|row| row.1.eq_ignore_ascii_case(name))
        .map(|row| row.0)
}

/// The header of a number on code page 1.
pub fn header_name(code: u8) -> Option<&'static str> {
    HEADERS.iter().find(|row| row.0 == code).map(|row| row.1)
}

/// The number of a header, in any case of its letters; the older one of two.
pub fn header_code(name: &str) -> Option<u8> {
    let mut rows = HEADERS.iter();
    rows.find(|row| row.1.eq_ignore_ascii_case(name))
        .map(|row| row.0)
}

/// The application id of a number.
pub fn application_id(code: u32) -> Option<&'static str> {
    let mut rows = APPLICATION_IDS.iter();
    rows.find(|row| row.0 == code).map(|row| row.1)
}

/// The number of an application id, in any case of its letters.
pub fn application_code(name: &str) -> Option<u32> {
    let mut rows = APPLICATION_IDS.iter();
    rows.find(|row| row.1.eq_ignore_ascii_case(name))
        .map(|row| row.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_find_each_other() {
        for (code, name) in MEDIA {
            assert_eq!(media_name(*code), Some(*name));
            assert_eq!(media_code(&name.to_ascii_uppercase()), Some(*code));
        }
        assert_eq!(
            media_code("application/vnd.wap.connectivity-wbxml"),
            Some(0x36)
        );
        assert_eq!(parameter_code("sec"), Some(0x11));
        assert_eq!(parameter_code("MAC"), Some(0x12));
        assert_eq!(header_code("push-flag"), Some(0x34));
        assert_eq!(application_code("x-wap-application:syncml.dm"), Some(7));
        assert_eq!((media_name(0x7F), header_name(0x7F)), (None, None));
    }
}
