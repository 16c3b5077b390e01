//! The header block that Exchange Online puts around a mail when it hands it to a connector: its Received lines on
//! top, its own fields behind the user's. Structure, order and letter case are those of real mail; values are ours.
//! The mail's own header fields and its body stay as they are, octet by octet.

use super::record::split_head;

/// Who the mail is from, as Exchange Online says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeHeaders {
    /// GUID of the tenant.
    pub tenant_id: String,
    /// `X-OriginatorOrg`: a domain of the tenant.
    pub organization: String,
    pub auth_as: AuthAs,
    /// GUID of the message.
    pub network_message_id: String,
    /// The mailbox server.
    pub server: String,
    pub has_attachment: bool,
    /// Whole fields without CRLF, put behind all others.
    pub extra: Vec<String>,
}

/// `X-MS-Exchange-CrossTenant-AuthAs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthAs {
    Internal,
    Anonymous,
    /// The field is missing.
    Absent,
}

impl ExchangeHeaders {
    /// Of a user of this tenant.
    pub fn new(tenant_id: &str, organization: &str) -> ExchangeHeaders {
        ExchangeHeaders {
            tenant_id: tenant_id.to_owned(),
            organization: organization.to_owned(),
            auth_as: AuthAs::Internal,
            network_message_id: "4a97d38a-bf27-47de-28da-08d8d3458684".to_owned(),
            server: "AM0PR10MB3428.EURPRD10.PROD.OUTLOOK.COM".to_owned(),
            has_attachment: false,
            extra: Vec::new(),
        }
    }

    /// The mail with the block around its own fields.
    pub fn around(&self, mail: &[u8]) -> Vec<u8> {
        let (head, body) = split_head(mail);
        let mut out = Vec::with_capacity(mail.len() + 8 * 1024);
        out.extend_from_slice(self.above().as_bytes());
        out.extend_from_slice(head);
        out.extend_from_slice(self.below(correlator(head)).as_bytes());
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(body);
        out
    }

    fn above(&self) -> String {
        let server = &self.server;
        format!(
            "Received: from {server} (2603:10a6:208:161::27)\r\n by AM0PR10MB3297.EURPRD10.PROD.OUTLOOK.COM (2603:10a6:208:182::15) with\r\n Microsoft SMTP Server (version=TLS1_2,\r\n cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.3846.27; Wed, 17 Feb\r\n 2021 13:11:21 +0000\r\n\
             Received: from {server}\r\n ([fe80::2827:6512:610:6d48]) by {server}\r\n ([fe80::2827:6512:610:6d48%5]) with mapi id 15.20.3763.019; Wed, 17 Feb 2021\r\n 13:11:21 +0000\r\n"
        )
    }

    fn below(&self, correlator: &str) -> String {
        let (server, id, organization) = (&self.server, &self.network_message_id, &self.organization);
        let attachment = if self.has_attachment { "yes" } else { "" };
        let mut out = format!(
            "Accept-Language: en-GB, de-DE, en-US\r\nContent-Language: en-GB\r\nX-MS-Has-Attach: {attachment}\r\nX-MS-TNEF-Correlator:{correlator}\r\n\
             authentication-results: dkim=none (message not signed)\r\n header.d=none;dmarc=none action=none header.from={organization};\r\n\
             x-ms-publictraffictype: Email\r\nx-ms-traffictypediagnostic: AM0PR10MB3297:\r\n\
             x-ms-office365-filtering-correlation-id: {id}\r\nx-ms-exchange-senderadcheck: 1\r\nx-ms-exchange-antispam-relay: 0\r\n\
             x-microsoft-antispam: BCL:0;ARA:13230040|366016|1800799024|38070700018;\r\n{}\
             x-forefront-antispam-report: CIP:255.255.255.255;CTRY:;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;H:{server};PTR:;CAT:NONE;SFS:(13230040)(366016);DIR:OUT;SFP:1102;\r\n\
             x-ms-exchange-antispam-messagedata-chunkcount: 1\r\n",
            antispam_information(),
        );
        out.push_str(&format!("X-OriginatorOrg: {organization}\r\n"));
        match self.auth_as {
            AuthAs::Internal => out.push_str("X-MS-Exchange-CrossTenant-AuthAs: Internal\r\n"),
            AuthAs::Anonymous => out.push_str("X-MS-Exchange-CrossTenant-AuthAs: Anonymous\r\n"),
            AuthAs::Absent => {}
        }
        out.push_str(&format!(
            "X-MS-Exchange-CrossTenant-AuthSource: {server}\r\nX-MS-Exchange-CrossTenant-Network-Message-Id: {id}\r\n\
             X-MS-Exchange-CrossTenant-originalarrivaltime: 17 Feb 2021 13:11:21.1234\r\n (UTC)\r\n\
             X-MS-Exchange-CrossTenant-fromentityheader: Hosted\r\nX-MS-Exchange-CrossTenant-id: {}\r\n\
             X-MS-Exchange-CrossTenant-mailboxtype: HOSTED\r\nX-MS-Exchange-Transport-CrossTenantHeadersStamped: AM0PR10MB3297\r\n",
            self.tenant_id
        ));
        for field in &self.extra {
            out.push_str(field);
            out.push_str("\r\n");
        }
        out
    }
}

/// What ties a stream of TNEF to its message: the Message-ID, in a mail that is one.
fn correlator(head: &[u8]) -> &str {
    let lines = || std::str::from_utf8(head).unwrap_or_default().lines();
    let is_tnef = lines().any(|line| line.starts_with("Content-Type: application/ms-tnef"));
    lines().find_map(|line| line.strip_prefix("Message-ID:")).filter(|_| is_tnef).unwrap_or_default()
}

/// A long folded field of encoded words, as every mail of the service carries.
fn antispam_information() -> String {
    let word = "=?utf-8?B?c3RhbmQtaW4gZm9yIHRoZSBvcGFxdWUgdmVyZGljdCBvZiB0aGUgZmlsdGVy?=\r\n ";
    format!("x-microsoft-antispam-message-info: {}=?utf-8?B?Lg==?=\r\n", word.repeat(40))
}
