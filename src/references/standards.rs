//! Names that are built like a bare Jira key and name something else: no tickets unless a tracker claims the project.

/// The part before the hyphen, in upper case. Sorted within each line's subject.
const STANDARDS: &[&[&str]] = &[
    // Proposals and decisions of projects: numbered documents, never tickets.
    &[
        "ADR", "BEP", "BIP", "CEP", "DEP", "EIP", "ERC", "GEP", "JEP", "JSR", "KEP", "KIP", "NIP", "OEP", "PEP", "RFC",
        "SIP", "TEP",
    ],
    // Standards bodies and their documents.
    &[
        "ANSI", "BCP", "BS", "DIN", "EC", "ECMA", "EIA", "EN", "ETSI", "FIPS", "IEC", "IEEE", "ISO", "ITU", "NIST",
        "RS", "SP", "STD",
    ],
    // Character sets and the documents that define them.
    &["ASCII", "BASE", "CP", "EBCDIC", "GB", "KOI8", "LATIN", "UAX", "UCS", "UTF", "UTR", "UTS", "WINDOWS"],
    // Cryptography: algorithms by key or digest size.
    &[
        "AES", "BLAKE", "CHACHA", "DES", "DH", "ECDSA", "ED", "HMAC", "HS", "MD", "PBKDF", "PKCS", "RC", "RIPEMD",
        "RS", "RSA", "SHA", "TOTP",
    ],
    // Security catalogues.
    &["CAPEC", "CVE", "CVSS", "CWE", "DSA", "GHSA", "OWASP", "RHSA", "RUSTSEC", "TLP", "USN"],
    // Protocols, languages and formats by version.
    &[
        "CSS", "ES", "HTML", "HTTP", "IP", "IPV", "JSON", "OAUTH", "PHP", "PNG", "SAML", "SMB", "SNMP", "SQL", "SSL",
        "TLS", "USB", "WPA", "XHTML", "XML",
    ],
    // Accessibility, privacy, audit.
    &["ATAG", "GDPR", "HIPAA", "PCI", "SOC", "WAI", "WCAG"],
    // Time zones and parts of the year.
    &["CET", "CEST", "CST", "CY", "EDT", "EST", "FY", "GMT", "MST", "PDT", "PST", "UTC"],
    // Machines and their sizes.
    &["AMD", "ARM", "CPU", "FLOAT", "FP", "GPU", "INT", "RISCV", "UINT", "X86"],
    // Licences.
    &["AGPL", "APACHE", "BSD", "EPL", "EUPL", "GPL", "LGPL", "MPL"],
    // Models, illnesses, grades of alarm and the like.
    &["BERT", "CLAUDE", "COVID", "GPT", "ICD", "LEVEL", "LLAMA", "PRIO", "SARS", "SEV", "TIER", "TOP", "TRL"],
];

/// Whether a key's project is the name of a standard or the like.
pub(super) fn is_one(project: &str) -> bool {
    STANDARDS.iter().any(|subject| subject.contains(&project))
}

#[cfg(test)]
mod tests {
    use super::is_one;

    #[test]
    fn standards_are_known_and_projects_are_not() {
        for name in ["OEP", "UTF", "SHA", "CVE", "WCAG", "ISO", "COVID", "IPV"] {
            assert!(is_one(name), "{name}");
        }
        for name in ["ARCHBOM", "INFRA", "SRE", "FOO", "QA", ""] {
            assert!(!is_one(name), "{name}");
        }
    }
}
